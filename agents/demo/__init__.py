"""The demo: a broker, a worker and the sample feed, with what comes out held against what should."""
