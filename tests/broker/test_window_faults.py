"""A window topic or raw topic that does not belong to this log stops the worker with a reason, before any wrong verdict."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import feed
import pytest
from apache_kafka import ApacheKafka
from confluent_kafka import KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from foreign_client import read, write
from worker_process import WorkerProcess

from agents.settings import Settings
from agents.window import Windows
from newsfeed.copies import unpack_entries
from topics.catalogue import WINDOW

pytestmark = [pytest.mark.kafka, pytest.mark.xdist_group("apache")]

FAIL_STOP = 70
ONLY = ("--only", "clean,deduplicate")


def settings(broker: ApacheKafka, prefix: str) -> dict[str, str]:
    return {"BOOTSTRAP_SERVERS": broker.bootstrap_servers, "TOPIC_PREFIX": prefix, "SESSION_TIMEOUT": "2", "BATCH": "5"}


def judge_some(broker: ApacheKafka, prefix: str, folder: Path, count: int = 40) -> None:
    """Let a worker judge some articles in several batches, and stop it."""
    with WorkerProcess(folder, *ONLY, **settings(broker, prefix)) as worker:
        worker.wait_until_ready()
        write(broker.bootstrap_servers, f"{prefix}news.raw.v1", feed.messages(count), pause=0.01)
        read(broker.bootstrap_servers, f"{prefix}news.verdicts.v1", until=lambda found: len(found) >= count)
        assert worker.terminate(10) == 0


def delete_group(admin: AdminClient, group: str) -> None:
    """Delete a consumer group as soon as it is empty: a worker that stopped itself is a member until its session ends."""
    deadline = time.monotonic() + 20
    while (error := admin.delete_consumer_groups([group])[group].exception(20)) is not None:
        assert isinstance(error, KafkaException)
        assert error.args[0].code() == KafkaError.NON_EMPTY_GROUP
        assert time.monotonic() < deadline
        time.sleep(0.5)


def gone(admin: AdminClient, topic: str) -> None:
    """Wait until the broker has deleted a topic."""
    deadline = time.monotonic() + 20
    while topic in admin.list_topics(timeout=5).topics:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def stopped_with(folder: Path, broker: ApacheKafka, prefix: str) -> str:
    """What a worker says that must not go on."""
    with WorkerProcess(folder, *ONLY, **settings(broker, prefix)) as worker:
        assert worker.wait(40) == FAIL_STOP
        return worker.log.read_text()


def test_a_truncated_window(apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    judge_some(apache_kafka, topic_prefix, tmp_path)
    admin, window = AdminClient({"bootstrap.servers": apache_kafka.bootstrap_servers}), f"{topic_prefix}news.window.v1"
    records = read(apache_kafka.bootstrap_servers, window)
    assert len(records) >= 4
    for future in admin.delete_records([TopicPartition(window, 0, 2)]).values():
        future.result(10)
    said = stopped_with(tmp_path, apache_kafka, topic_prefix)
    assert "it was truncated" in said
    assert "To rebuild" in said
    for future in admin.delete_records([TopicPartition(window, 0, -1)]).values():
        future.result(10)
    write(apache_kafka.bootstrap_servers, f"{topic_prefix}news.raw.v1", feed.messages(1, seed=9))
    assert "it was truncated" in stopped_with(tmp_path, apache_kafka, topic_prefix)
    assert len(read(apache_kafka.bootstrap_servers, f"{topic_prefix}news.verdicts.v1")) == 40


def test_a_window_of_other_rules(apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    judge_some(apache_kafka, topic_prefix, tmp_path, 5)
    producer = Producer({"bootstrap.servers": apache_kafka.bootstrap_servers})
    headers = [("state_version", b"0.older"), ("from", b"5"), ("until", b"6"), ("live", b"0"), ("time", b"0")]
    producer.produce(f"{topic_prefix}news.window.v1", b"\x90", headers=headers)
    assert producer.flush(10) == 0
    said = stopped_with(tmp_path, apache_kafka, topic_prefix)
    assert "written under rules 0.older" in said
    assert "To rebuild" in said

    # What it says to do, and what docs/operate.md shows.
    admin = AdminClient({"bootstrap.servers": apache_kafka.bootstrap_servers})
    window = f"{topic_prefix}news.window.v1"
    admin.delete_topics([window])[window].result(20)
    gone(admin, window)
    delete_group(admin, f"{topic_prefix}newsfeed-deduplicate")
    with WorkerProcess(tmp_path, *ONLY, **settings(apache_kafka, topic_prefix)) as worker:
        worker.wait_until_ready()
        topic = f"{topic_prefix}news.verdicts.v1"
        found = read(apache_kafka.bootstrap_servers, topic, until=lambda found: len(found) >= 10)
        assert worker.terminate(10) == 0
    values = [record.value for record in found]
    assert sorted(values) == sorted(2 * list(dict.fromkeys(values)))
    assert len(values) == 10


def test_a_recreated_raw_topic(apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    judge_some(apache_kafka, topic_prefix, tmp_path)
    admin, raw = AdminClient({"bootstrap.servers": apache_kafka.bootstrap_servers}), f"{topic_prefix}news.raw.v1"
    for future in admin.delete_topics([raw]).values():
        future.result(10)
    gone(admin, raw)
    for future in admin.create_topics(
        [NewTopic(raw, 4, 1, config={"message.timestamp.type": "LogAppendTime"})]
    ).values():
        future.result(10)
    for future in admin.delete_consumer_groups([f"{topic_prefix}newsfeed-clean"]).values():
        future.result(20)
    write(apache_kafka.bootstrap_servers, raw, feed.messages(40, seed=99))
    said = stopped_with(tmp_path, apache_kafka, topic_prefix)
    assert "was judged before with other content" in said
    assert "To begin anew" in said

    for name in ("news.articles.v1", "news.window.v1"):
        admin.delete_topics([topic_prefix + name])[topic_prefix + name].result(20)
        gone(admin, topic_prefix + name)
    for agent in ("clean", "deduplicate"):
        delete_group(admin, f"{topic_prefix}newsfeed-{agent}")
    verdicts = f"{topic_prefix}news.verdicts.v1"
    before = len(read(apache_kafka.bootstrap_servers, verdicts))
    with WorkerProcess(tmp_path, *ONLY, **settings(apache_kafka, topic_prefix)) as worker:
        worker.wait_until_ready()
        found = read(apache_kafka.bootstrap_servers, verdicts, until=lambda found: len(found) >= before + 40)
        assert worker.terminate(10) == 0
    assert len(found) == before + 40


def test_a_window_is_read_from_where_it_is_needed(apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    """With a small window most of the topic is passed over, and a copy is still found."""
    servers = apache_kafka.bootstrap_servers
    small = settings(apache_kafka, topic_prefix) | {"WINDOW_ARTICLES": "20"}
    with WorkerProcess(tmp_path, *ONLY, **small) as worker:
        worker.wait_until_ready()
        write(
            servers,
            f"{topic_prefix}news.raw.v1",
            [(b"x", json.dumps(feed.article(number)).encode(), None) for number in range(300)],
            pause=0.004,
        )
        read(servers, f"{topic_prefix}news.verdicts.v1", until=lambda found: len(found) >= 300)
        assert worker.terminate(10) == 0
    with WorkerProcess(tmp_path, *ONLY, **small) as worker:
        assert int(worker.wait_for("window ready")["entries"]) < 290
        copies = [
            {**feed.article(number), "id": f"copy-{number}", "url": None, "source": "mirror.example"}
            for number in (299, 5)
        ]
        for copy in copies:
            write(servers, f"{topic_prefix}news.raw.v1", [(b"x", json.dumps(copy).encode(), None)])
        found = read(servers, f"{topic_prefix}news.verdicts.v1", until=lambda found: len(found) >= 302)
        kinds = {
            value["raw"]["offset"]: value["kind"] for value in (json.loads(record.value or b"") for record in found)
        }
        assert (kinds[300], kinds[301]) == ("duplicate", "original")


def test_a_rebalance_breaks_the_reading_off_and_nothing_is_read_twice(
    apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge_some(apache_kafka, topic_prefix, tmp_path)
    known = Settings(bootstrap_servers=apache_kafka.bootstrap_servers, topic_prefix=topic_prefix, data_dir=tmp_path)
    records = len(read(apache_kafka.bootstrap_servers, known.sizing.name(WINDOW)))
    windows, read_records, everything = Windows(known), list[int](), asyncio.Event()

    def unpacked(packed: bytes) -> list[bytes]:
        read_records.append(len(packed))
        if len(read_records) in (1, 4):
            windows.assigned({0})
        if len(read_records) >= records:
            everything.set()
        return list(unpack_entries(packed))

    async def rebuilt() -> int:
        windows.assigned({0})
        try:
            await everything.wait()
            return len(await windows.ready(0, 40))
        finally:
            await windows.close()

    monkeypatch.setattr("agents.window.unpack_entries", unpacked)
    assert asyncio.run(asyncio.wait_for(rebuilt(), 30)) == 40
    assert len(read_records) == records > 4
