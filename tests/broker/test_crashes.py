"""Workers that are stopped and killed in the middle of their work lose nothing and repeat the same bytes."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import feed
import pytest
from accounts import answered, check, event
from apache_kafka import ApacheKafka
from foreign_client import Record, read, write
from worker_process import WorkerProcess

from agents.embedded_broker import EmbeddedBroker

MESSAGES = 1_500
BROKEN_EVERY = 50

EMBEDDED = pytest.param(
    "embedded_broker", marks=[pytest.mark.broker, pytest.mark.xdist_group("embedded")], id="embedded"
)
APACHE = pytest.param("apache_kafka", marks=[pytest.mark.kafka, pytest.mark.xdist_group("apache")], id="apache")


@pytest.fixture
def servers(request: pytest.FixtureRequest) -> str:
    broker: EmbeddedBroker | ApacheKafka = request.getfixturevalue(request.param)
    return broker.bootstrap_servers


def messages() -> list[feed.Raw]:
    out = list(feed.messages(MESSAGES))
    for number in range(0, MESSAGES, BROKEN_EVERY):
        out[number] = feed.broken(number // BROKEN_EVERY)[0]
    return out


def settled(servers: str, prefix: str) -> dict[str, int]:
    """The totals, when everything has arrived; fails where something is missing, doubled or changed."""
    answers = answered(servers, prefix, MESSAGES)
    published = check_published(answers)
    enriched = read(
        servers,
        f"{prefix}news.enriched.v1",
        until=lambda found: len({event(each) for each in found}) >= published,
        seconds=60,
    )
    return check(read(servers, f"{prefix}news.raw.v1"), answers, enriched)


def check_published(answers: list[Record]) -> int:
    verdicts = [record for record in answers if record.topic.endswith("verdicts.v1")]
    return len({event(record) for record in verdicts if b'"kind":"duplicate"' not in (record.value or b"")})


def start_writing(servers: str, prefix: str) -> threading.Thread:
    writer = threading.Thread(target=write, args=(servers, f"{prefix}news.raw.v1", messages()), kwargs={"pause": 0.003})
    writer.start()
    return writer


@pytest.mark.timeout(150)
@pytest.mark.parametrize("servers", [EMBEDDED, APACHE], indirect=True)
def test_sigkill_in_the_middle(servers: str, topic_prefix: str, tmp_path: Path) -> None:
    settings = {"BOOTSTRAP_SERVERS": servers, "TOPIC_PREFIX": topic_prefix, "SESSION_TIMEOUT": "2", "BATCH": "20"}
    with WorkerProcess(tmp_path, **settings) as first:
        first.wait_until_ready()
        writer = start_writing(servers, topic_prefix)
        before = len(answered(servers, topic_prefix, MESSAGES // 5))
        first.kill()
    assert before < MESSAGES
    with WorkerProcess(tmp_path, **settings) as second:
        answered(servers, topic_prefix, MESSAGES // 2)
        second.kill()
    writer.join()
    with WorkerProcess(tmp_path, **settings) as third:
        totals = settled(servers, topic_prefix)
        assert totals["raw"] == MESSAGES
        assert totals["duplicate"] > MESSAGES // 20
        assert totals["repeats"] > 0, "nothing was replayed: the kills came too late to prove anything"
        assert third.terminate(10) == 0


@pytest.mark.timeout(120)
@pytest.mark.parametrize("servers", [EMBEDDED, APACHE], indirect=True)
def test_sigterm_in_the_middle(servers: str, topic_prefix: str, tmp_path: Path) -> None:
    settings = {"BOOTSTRAP_SERVERS": servers, "TOPIC_PREFIX": topic_prefix, "SESSION_TIMEOUT": "6", "BATCH": "50"}
    with WorkerProcess(tmp_path, **settings) as first:
        first.wait_until_ready()
        writer = start_writing(servers, topic_prefix)
        answered(servers, topic_prefix, MESSAGES // 3)
        assert first.terminate(10) == 0
    writer.join()
    with WorkerProcess(tmp_path, **settings) as second:
        totals = settled(servers, topic_prefix)
        assert totals["raw"] == MESSAGES
        assert totals["repeats"] <= 200, "a clean stop commits what was done"
        assert second.terminate(10) == 0


SLOW = """
import asyncio, runpy, sys
from agents import window

async def ready(self, partition, committed):
    print("reading", flush=True)
    await asyncio.sleep(600)

window.Windows.ready, sys.argv[1:1] = ready, ["worker"]
runpy.run_module("agents.cli", run_name="__main__")
"""


@pytest.mark.timeout(120)
@pytest.mark.parametrize("servers", [EMBEDDED], indirect=True)
def test_sigterm_while_a_window_is_read(servers: str, topic_prefix: str, tmp_path: Path) -> None:
    """A million articles take minutes, and nothing of the batch that waits for them has begun."""
    settings = {"BOOTSTRAP_SERVERS": servers, "TOPIC_PREFIX": topic_prefix}
    only = ("--only", "clean,deduplicate")
    with WorkerProcess(tmp_path / "slow", *only, program=("-c", SLOW), **settings) as slow:
        slow.wait_until_ready()
        write(servers, f"{topic_prefix}news.raw.v1", messages())
        while "reading" not in slow.log.read_text():
            time.sleep(0.1)
        assert slow.terminate(10) == 0
    with WorkerProcess(tmp_path, **settings) as next_one:
        assert settled(servers, topic_prefix)["raw"] == MESSAGES
        assert next_one.terminate(10) == 0
