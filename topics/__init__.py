"""The contract: every Kafka topic of newsfeed, declared once, and the codec of its records."""
