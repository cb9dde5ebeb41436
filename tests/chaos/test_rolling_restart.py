"""Workers are stopped and started again one after the other while messages come steadily: everything is answered, once."""

from __future__ import annotations

import json
import threading
import time
from itertools import pairwise, takewhile
from pathlib import Path

import feed
import pytest
from accounts import NOT_PUBLISHED, answered, check, event, position, repeats
from apache_kafka import ApacheKafka
from foreign_client import Record, read, write
from worker_process import WorkerProcess

WORKERS = 3
PAUSE = 0.05  # seconds between messages
STOP_SECONDS = 30.0  # a worker promises ten; the machine may be busy
READY = 180.0  # the same


def gaps(answers: list[Record]) -> float:
    """The longest time without any answer, seconds."""
    times = sorted(record.timestamp_ms for record in answers)
    return max(later - earlier for earlier, later in pairwise(times)) / 1000


def waited(raw: list[Record], answers: list[Record]) -> list[float]:
    """How long each message waited for its answer, seconds, shortest first."""
    came = {(record.partition, record.offset): record.timestamp_ms for record in raw}
    first: dict[tuple[int, int], int] = {}
    for record in answers:
        place = position(record)
        first[place] = min(record.timestamp_ms, first.get(place, record.timestamp_ms))
    return sorted((at - came[place]) / 1000 for place, at in first.items())


@pytest.mark.kafka
@pytest.mark.xdist_group("chaos")
@pytest.mark.timeout(600)
def test_everything_is_answered_once(
    apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    servers = apache_kafka.bootstrap_servers
    settings = {"BOOTSTRAP_SERVERS": servers, "TOPIC_PREFIX": topic_prefix, "SESSION_TIMEOUT": "10"}

    def start(number: int) -> WorkerProcess:
        return WorkerProcess(tmp_path / f"worker-{number}", **settings)

    restarted, sent = threading.Event(), list[int]()

    def steadily() -> None:
        """Messages until the last restart is over."""
        messages = takewhile(lambda _: not restarted.is_set(), feed.messages(100_000))
        sent.append(write(servers, f"{topic_prefix}news.raw.v1", messages, pause=PAUSE))

    writer = threading.Thread(target=steadily, daemon=True)
    workers = [start(0).wait_until_ready(READY)]  # it makes the topics
    try:
        everything = json.dumps(
            {"id": "all", "query": "source:(example.org OR mirror.example)", "on": ["original", "update"]}
        )
        write(servers, f"{topic_prefix}news.subscriptions.v1", [(b"all", everything.encode(), None)])
        workers += [start(number) for number in range(1, WORKERS)]
        for worker in workers:
            worker.wait_until_ready(READY)
        writer.start()
        stops = []
        for number in range(WORKERS):
            time.sleep(5)
            began = time.monotonic()
            assert workers[number].terminate(STOP_SECONDS) == 0
            stops.append(time.monotonic() - began)
            workers[number] = start(number).wait_until_ready(READY)
        restarted.set()
        writer.join()
        answers, alerts = settled(servers, topic_prefix, sent[0])
        for worker in workers:
            assert worker.terminate(STOP_SECONDS) == 0
    finally:
        restarted.set()
        for worker in workers:
            if worker.running:
                worker.kill()
    raw = read(servers, f"{topic_prefix}news.raw.v1")
    totals = check(raw, answers, read(servers, f"{topic_prefix}news.enriched.v1"))
    assert totals["raw"] == sent[0]
    again, differing = repeats(alerts, lambda record: json.loads(record.value or b"")["alert_id"])
    assert not differing, differing[:2]
    assert {event(record) for record in alerts} == published(answers)
    seconds = waited(raw, answers)
    with capsys.disabled():
        print(
            f"\nrolling restart of {WORKERS} workers, {sent[0]} messages: repeats {totals['repeats'] + again}, longest time without an "
            f"answer {gaps(answers):.1f} s, a message waited {seconds[len(seconds) // 2]:.2f} s in the middle, "
            f"{seconds[len(seconds) * 99 // 100]:.1f} s at the 99th of a hundred, {seconds[-1]:.1f} s at most; "
            f"a stop took {max(stops):.1f} s at most"
        )


def published(answers: list[Record]) -> set[tuple[str, int | None]]:
    verdicts = [record for record in answers if record.topic.endswith("verdicts.v1")]
    return {event(record) for record in verdicts if json.loads(record.value or b"")["kind"] not in NOT_PUBLISHED}


def settled(servers: str, prefix: str, count: int) -> tuple[list[Record], list[Record]]:
    """All answers, and the alerts when each published article has one."""
    answers = answered(servers, prefix, count, READY)
    wanted = published(answers)
    alerts = read(
        servers,
        f"{prefix}news.alerts.v1",
        until=lambda found: len({event(each) for each in found}) >= len(wanted),
        seconds=READY,
    )
    return answers, alerts
