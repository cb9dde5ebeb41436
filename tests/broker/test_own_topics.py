"""A topic of a subscription's own that takes nothing, or is gone, stops no worker: alerts and other topics get what is theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from apache_kafka import ApacheKafka
from confluent_kafka.admin import AdminClient, NewTopic
from foreign_client import read, write
from test_alerts import alerts, article, subscription
from worker_process import WorkerProcess

pytestmark = [pytest.mark.kafka, pytest.mark.xdist_group("apache"), pytest.mark.timeout(300)]

SECONDS = 120.0


def test_one_that_takes_nothing_and_one_that_is_gone(
    apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path
) -> None:
    servers, raw = apache_kafka.bootstrap_servers, f"{topic_prefix}news.raw.v1"
    narrow, passing, good = (f"{topic_prefix}desk.{name}" for name in ("narrow", "passing", "good"))
    admin = AdminClient({"bootstrap.servers": servers})
    made = [NewTopic(narrow, 1, 1, config={"max.message.bytes": "100"}), NewTopic(passing, 1, 1), NewTopic(good, 1, 1)]
    for future in admin.create_topics(made).values():
        future.result(10)
    with WorkerProcess(tmp_path, BOOTSTRAP_SERVERS=servers, TOPIC_PREFIX=topic_prefix) as worker:
        worker.wait_until_ready(SECONDS)
        own = [{"kind": "kafka", "topic": topic} for topic in (narrow, passing, good)]
        write(servers, f"{topic_prefix}news.subscriptions.v1", [subscription("desk", "title:harbour", outlets=own)])
        write(servers, raw, [article("a1", "Oslo")])
        assert len(alerts(servers, topic_prefix, 1, SECONDS)) == 1
        assert len(read(servers, passing, until=lambda found: len(found) >= 1, seconds=SECONDS)) == 1
        assert worker.wait_for("event not copied", SECONDS)["topic"] == narrow

        for future in admin.delete_topics([passing]).values():
            future.result(10)
        write(servers, raw, [article("a2", "Lisbon")])
        assert len(alerts(servers, topic_prefix, 2, SECONDS)) == 2
        assert len(read(servers, good, until=lambda found: len(found) >= 2, seconds=SECONDS)) == 2
        assert worker.wait_for("topic of a subscription cannot be used", SECONDS)["topic"] == passing

        write(servers, raw, [article("a2", "Lisbon", status="canceled")])
        assert len(alerts(servers, topic_prefix, 3, SECONDS)) == 3
        assert worker.running
        assert worker.terminate(30) == 0
