"""``newsfeed subscribe test`` as a process on the embedded broker: what a draft would have sent, since when, and what came close."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import typer
from confluent_kafka import Producer
from newsfeed_process import interrupted, lines, newsfeed, running, told

from agents.cli.draft import beginning
from agents.embedded_broker import EmbeddedBroker

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR_MS = 3_600_000


def enriched(
    id: str, title: str, *, kind: str = "original", of: str | None = None, body: str = ""
) -> tuple[bytes, bytes]:
    verdict = {
        "article_id": id, "version": 1, "raw": {"topic": "t", "partition": 0, "offset": 0}, "url": None, "source": "desk.example", "title": title,
        "published": None, "language": "en", "kind": kind, "of": of, "root": of or id,
    }  # fmt: skip
    record = {
        "article_id": id, "version": 1, "url": None, "source": "desk.example", "language": "en", "published": None, "title": title,
        "body": body, "verdict": verdict,
    }  # fmt: skip
    return id.encode(), json.dumps(record).encode()


Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def bound(at: dict[str, str]) -> Run:
    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        return newsfeed(*arguments, stdin=b"", **at)

    return run


def put(servers: str, topic: str, records: list[tuple[int, int, tuple[bytes, bytes]]]) -> None:
    """Write (partition, time in milliseconds, (key, value))."""
    producer = Producer({"bootstrap.servers": servers, "acks": "all", "enable.idempotence": False, "log_level": 2})
    for partition, time_ms, (key, value) in records:
        producer.produce(topic, value, key, partition, timestamp=time_ms)
        producer.poll(0)
    assert not producer.flush(60)


@pytest.mark.parametrize(
    ("since", "hours"), [("7d", 168), ("90m", 1.5), ("2w", 336), ("2026-05-04T10:00:00Z", 2), ("2026-05-04", 12)]
)
def test_since(since: str, hours: float) -> None:
    assert NOW - beginning(since, NOW) == timedelta(hours=hours)


@pytest.mark.parametrize("since", ["", "7", "d7", "-1d", "yesterday", "2026-05-05", "2026-13-01"])
def test_since_is_refused(since: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"as in|still to come"):
        beginning(since, NOW)


@pytest.mark.broker
@pytest.mark.xdist_group("embedded")
@pytest.mark.timeout(240)
def test_a_draft_on_a_broker(embedded_broker: EmbeddedBroker, topic_prefix: str) -> None:
    at = {
        "NEWSFEED_BOOTSTRAP_SERVERS": embedded_broker.bootstrap_servers,
        "NEWSFEED_TOPIC_PREFIX": topic_prefix,
        "NEWSFEED_PARTITIONS": "3",
    }
    run = bound(at)
    missing = run("subscribe", "test", "gas")
    assert told(missing, 4) == ""
    told(run("topics", "create"))

    def test(*arguments: str, code: int = 0) -> dict[str, Any]:
        (report,) = lines(run("subscribe", "test", *arguments, "--json"), code)
        return dict(report)

    nothing = test("gas")
    assert (nothing["read"], nothing["would_send"], nothing["per_day"], nothing["whole"]) == (0, 0, 0.0, True)
    now = int(datetime.now(UTC).timestamp() * 1000)
    feed = [
        (10 * 24 * HOUR_MS, enriched("old", "Gas long ago")),
        (48 * HOUR_MS, enriched("a", "Gas prices rise", body="Natural liquefied gas")),
        (47 * HOUR_MS, enriched("b", "Gas talks", body="in Wafra")),
        (46 * HOUR_MS, (b"broken", b"{")),
        (3 * HOUR_MS, enriched("a", "", kind="withdrawal", of="a")),
        (2 * HOUR_MS, enriched("c", "Wood", kind="withdrawal", of="b")),
        (1 * HOUR_MS, enriched("d", "Gas prices fall", kind="update")),
    ]
    topic = f"{topic_prefix}news.enriched.v1"
    put(embedded_broker.bootstrap_servers, topic, [(n % 3, now - age, record) for n, (age, record) in enumerate(feed)])
    report = test('gas AND prices AND "natural gas"~2')
    assert (report["read"], report["would_send"], report["by_trigger"]) == (
        5,
        2,
        {"original": 1, "correction": 0, "withdrawal": 1},
    )
    assert report["per_day"] == pytest.approx(1.0, rel=0.01)
    assert [(each["article_id"], each["trigger"]) for each in report["samples"]] == [
        ("a", "withdrawal"),
        ("a", "original"),
    ]
    assert report["samples"][1]["clauses"][1] == {
        "clause": "prices",
        "spans": [{"field": "title", "start": 4, "end": 10, "text": "prices"}],
    }
    close = test("gas AND prices", "--on", "original,update", "--since", "3d")
    assert (close["would_send"], close["near"]["failed"]) == (2, {"prices": 1})
    assert [each["title"] for each in close["near"]["samples"]] == ["Gas talks"]
    assert test("gas", "--since", "90m", "--on", "update")["would_send"] == 1
    assert test("gas", "--since", "30d")["would_send"] == 5
    said = told(run("subscribe", "test", "gas AND prices"))
    assert "would have sent 2 (1.0 a day): 1 original, 1 withdrawal" in said
    assert "prices → prices" in said
    assert "1 by prices" in said
    broken = run("subscribe", "test", "gas AND (prices")
    assert told(broken, 2) == ""
    assert b"column 9" in broken.stderr


@pytest.mark.broker
@pytest.mark.xdist_group("embedded")
@pytest.mark.timeout(240)
def test_ctrl_c_shows_what_was_found(embedded_broker: EmbeddedBroker, topic_prefix: str) -> None:
    at = {"NEWSFEED_BOOTSTRAP_SERVERS": embedded_broker.bootstrap_servers, "NEWSFEED_TOPIC_PREFIX": topic_prefix}
    told(bound(at)("topics", "create"))
    topic = f"{topic_prefix}news.enriched.v1"
    body = "gas prices and much more about pipelines " * 200
    feed = [enriched(f"n{number}", "Gas", body=body) for number in range(3_000)]
    now = int(datetime.now(UTC).timestamp() * 1000)
    put(embedded_broker.bootstrap_servers, topic, [(0, now, record) for record in feed])
    command = ("subscribe", "test", '"prices pipelines"~9', "--json")
    with running(*command, python=("-X", "importtime"), **at) as process:
        assert process.stderr is not None
        for line in process.stderr:  # the consumer is imported last: the reading begins
            if b"agents.reading" in line:
                break
        out, said = interrupted(process, 30)
    assert b"Traceback" not in said
    assert json.loads(out)["whole"] is False
