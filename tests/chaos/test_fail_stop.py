"""A worker that cannot make progress ends with a reason, and its pages say so before: on Apache Kafka, in seconds that are bounded."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import feed
import httpx
import pytest
from apache_kafka import ApacheKafka
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource
from foreign_client import read, write
from worker_process import WorkerProcess

pytestmark = [pytest.mark.kafka, pytest.mark.xdist_group("chaos"), pytest.mark.timeout(600)]

STALL = 15.0
BOUND = 180.0  # seconds until it must have ended: a stall, a producer's patience of 30 s, and a machine that is busy
READY = 180.0  # the same
FAIL_STOP, TOPICS = 70, 4
ONLY = ("--only", "clean,deduplicate")


@pytest.fixture(scope="module")
def broker(apache_kafka_libraries: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApacheKafka]:
    """One that a test may kill; it is started again after each."""
    with ApacheKafka(apache_kafka_libraries, tmp_path_factory.mktemp("kafka")) as started:
        yield started


def settings(broker: ApacheKafka, prefix: str) -> dict[str, str]:
    return {
        "BOOTSTRAP_SERVERS": broker.bootstrap_servers, "TOPIC_PREFIX": prefix, "STALL_SECONDS": f"{STALL:g}", "SESSION_TIMEOUT": "2",
    }  # fmt: skip


def says(worker: WorkerProcess, page: str) -> int:
    return httpx.get(f"{worker.address}{page}", timeout=30).status_code


def wait_until(true: Callable[[], bool], seconds: float = READY) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.2)


def reasons(worker: WorkerProcess) -> str:
    """The log lines that say why it ended."""
    events = ("fail-stop", "agent stalled", "topic is not as it must be")
    return "\n".join(json.dumps(line) for line in worker.events() if line.get("event") in events)


def work_some(broker: ApacheKafka, prefix: str, count: int = 5) -> None:
    write(broker.bootstrap_servers, f"{prefix}news.raw.v1", feed.messages(count))
    read(broker.bootstrap_servers, f"{prefix}news.verdicts.v1", until=lambda found: len(found) >= count, seconds=READY)


def test_an_idle_worker_whose_broker_is_gone(broker: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    """Nothing waits that it knows of, and still it does not claim to be ready."""
    with WorkerProcess(tmp_path, *ONLY, **settings(broker, topic_prefix)) as worker:
        worker.wait_until_ready(READY)
        work_some(broker, topic_prefix)
        assert says(worker, "/healthz") == 200
        broker.kill()
        try:
            wait_until(lambda: not worker.running or says(worker, "/readyz") == 503)
            assert worker.wait(BOUND) == FAIL_STOP
        finally:
            broker.start()
        assert "the broker says nothing" in reasons(worker)


def test_work_in_hand_whose_broker_is_frozen(broker: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    """Connections stay open and nobody answers."""
    with WorkerProcess(tmp_path, *ONLY, **settings(broker, topic_prefix)) as worker:
        worker.wait_until_ready(READY)
        work_some(broker, topic_prefix)
        write(broker.bootstrap_servers, f"{topic_prefix}news.raw.v1", feed.messages(2_000, seed=3))
        broker.freeze()
        try:
            assert worker.wait(BOUND) == FAIL_STOP
        finally:
            broker.thaw()
        assert reasons(worker)


def test_a_broker_that_comes_back_in_time(broker: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    """What is over before the limit ends nobody, and readiness comes back."""
    with WorkerProcess(tmp_path, *ONLY, **settings(broker, topic_prefix) | {"STALL_SECONDS": "200"}) as worker:
        worker.wait_until_ready(READY)
        broker.kill()
        try:
            wait_until(lambda: says(worker, "/readyz") == 503)
            assert says(worker, "/healthz") == 200
        finally:
            broker.start()
        worker.wait_until_ready(READY)
        work_some(broker, topic_prefix)
        assert worker.terminate(30) == 0


def test_a_record_too_large_for_the_broker(broker: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    with WorkerProcess(tmp_path, *ONLY, **settings(broker, topic_prefix)) as worker:
        worker.wait_until_ready(READY)
        work_some(broker, topic_prefix)
        admin, articles = (
            AdminClient({"bootstrap.servers": broker.bootstrap_servers}),
            f"{topic_prefix}news.articles.v1",
        )
        smaller = ConfigEntry("max.message.bytes", "1000", incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ConfigResource.Type.TOPIC, articles, incremental_configs=[smaller])
        for future in admin.incremental_alter_configs([resource]).values():
            future.result(10)
        write(broker.bootstrap_servers, f"{topic_prefix}news.raw.v1", feed.messages(1, seed=4))
        assert worker.wait(BOUND) == FAIL_STOP
        assert "MessageSizeTooLarge" in reasons(worker)
        assert "agent clean cannot go on" in reasons(worker)


@pytest.mark.parametrize("name", ["news.raw.v1", "news.verdicts.v1"])
def test_a_topic_deleted_under_a_worker(broker: ApacheKafka, topic_prefix: str, tmp_path: Path, name: str) -> None:
    """One that is read, where a worker would be idle for ever, and one that is written."""
    with WorkerProcess(tmp_path, *ONLY, **settings(broker, topic_prefix)) as worker:
        worker.wait_until_ready(READY)
        work_some(broker, topic_prefix)
        admin = AdminClient({"bootstrap.servers": broker.bootstrap_servers})
        for future in admin.delete_topics([f"{topic_prefix}{name}"]).values():
            future.result(10)
        assert worker.wait(BOUND) in (TOPICS, FAIL_STOP)
        assert f"{topic_prefix}{name}" in reasons(worker)


def test_a_session_that_the_broker_does_not_allow(
    apache_kafka_libraries: Path, topic_prefix: str, tmp_path: Path
) -> None:
    """By Kafka's own limit, which the other tests' brokers lower."""
    (folder := tmp_path / "kafka").mkdir()
    with (
        ApacheKafka(apache_kafka_libraries, folder, properties="group.min.session.timeout.ms=6000\n") as usual,
        WorkerProcess(tmp_path, *ONLY, **settings(usual, topic_prefix) | {"STALL_SECONDS": "600"}) as worker,
    ):
        assert worker.wait(BOUND) == FAIL_STOP
        assert "NEWSFEED_SESSION_TIMEOUT" in reasons(worker)
