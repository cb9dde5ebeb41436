"""The command line as a process on Apache Kafka: what the embedded broker cannot show."""

from __future__ import annotations

import pytest
from apache_kafka import ApacheKafka
from foreign_client import read
from newsfeed_process import newsfeed, told

pytestmark = [pytest.mark.kafka, pytest.mark.xdist_group("apache"), pytest.mark.timeout(180)]


def test_publish_is_idempotent_on_apache_kafka(apache_kafka: ApacheKafka, topic_prefix: str) -> None:
    at = {"NEWSFEED_BOOTSTRAP_SERVERS": apache_kafka.bootstrap_servers, "NEWSFEED_TOPIC_PREFIX": topic_prefix}
    feed = b"".join(b'{"id":"%d"}\n' % number for number in range(1500))
    found = newsfeed("publish", "-", stdin=feed, NEWSFEED_LOG_LEVEL="debug", **at)
    assert "published 1500 messages" in told(found)
    assert b"acks=all instead" not in found.stderr
    assert len(read(apache_kafka.bootstrap_servers, f"{topic_prefix}news.raw.v1")) == 1500


def test_topics_have_the_configuration_of_the_catalogue(apache_kafka: ApacheKafka, topic_prefix: str) -> None:
    at = {"NEWSFEED_BOOTSTRAP_SERVERS": apache_kafka.bootstrap_servers, "NEWSFEED_TOPIC_PREFIX": topic_prefix}
    told(newsfeed("topics", "create", **at))
    assert told(newsfeed("topics", "check", **at)) == "all topics are as they should be\n"
    other = told(newsfeed("topics", "check", NEWSFEED_WINDOW_HOURS="24", **at))
    assert "retention.ms is 345600000, the catalogue says 172800000" in other
    refused = newsfeed(
        "topics", "create", NEWSFEED_REPLICATION="3", **(at | {"NEWSFEED_TOPIC_PREFIX": f"{topic_prefix}r."})
    )
    assert told(refused, 4) == ""
    assert b"InvalidReplicationFactor" in refused.stderr
