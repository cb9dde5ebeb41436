"""The demo: a broker, a worker and the sample feed, with what comes out held against what should."""

DEFAULT_RATE = 8.0  # messages a second: slow enough to follow, the whole feed in nine seconds
