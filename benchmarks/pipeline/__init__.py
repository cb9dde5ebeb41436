"""The whole way on Apache Kafka: how fast, how late, where the time goes, and what happens when more comes than can be done."""
