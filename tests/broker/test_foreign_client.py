"""A foreign client writes 5,000 raw messages, 1 % of them broken in ten ways, and reads what comes out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import feed
import jsonschema
import pytest
from accounts import check, event, position
from foreign_client import Record, read, write
from worker_process import ROOT, WorkerProcess

from agents.embedded_broker import EmbeddedBroker
from topics import schemas
from topics.catalogue import ENRICHED, VERDICTS, TopicSpec

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("embedded"), pytest.mark.timeout(180)]

MESSAGES = 5_000
BROKEN_EVERY = 100
VALIDATED = 400  # records a topic held against its schema


def with_broken() -> tuple[list[feed.Raw], list[tuple[feed.Raw, str]]]:
    out, spoilt = list(feed.messages(MESSAGES)), []
    for number in range(0, MESSAGES, BROKEN_EVERY):
        one, reason = feed.broken(number // BROKEN_EVERY)
        out[number] = one
        spoilt.append((one, reason))
    return out, spoilt


def assert_cloud_event(record: Record, kind: str) -> None:
    """CloudEvents 1.0, Kafka protocol binding, binary mode: the required attributes and the form of each."""
    assert record.header("ce_specversion") == "1.0"
    assert re.fullmatch(r"\d+/\d+", record.header("ce_id") or "")
    assert record.header("ce_source") == record.topic
    assert record.header("ce_type") == f"newsfeed.{kind}.v1"
    assert record.header("ce_subject") == (record.key or b"").decode()
    assert record.header("content-type") == "application/json"
    when = datetime.fromisoformat(record.header("ce_time") or "")
    assert when.tzinfo is not None
    assert when.year >= 2020


def assert_valid(records: list[Record], spec: TopicSpec) -> None:
    validator = jsonschema.Draft202012Validator(schemas.schema(spec), format_checker=jsonschema.FormatChecker())
    for record in records[:: max(1, len(records) // VALIDATED)]:
        validator.validate(json.loads(record.value or b""))


def test_five_thousand_messages(embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path) -> None:
    servers = embedded_broker.bootstrap_servers
    sent, spoilt = with_broken()
    with WorkerProcess(tmp_path, BOOTSTRAP_SERVERS=servers, TOPIC_PREFIX=topic_prefix) as worker:
        worker.wait_until_ready()
        assert write(servers, f"{topic_prefix}news.raw.v1", sent) == MESSAGES
        answers = read(
            servers, f"{topic_prefix}news.verdicts.v1", f"{topic_prefix}news.dead.v1",
            until=lambda found: len({position(each) for each in found}) >= MESSAGES, seconds=100,
        )  # fmt: skip
        verdicts = [record for record in answers if record.topic.endswith("verdicts.v1")]
        dead = [record for record in answers if record.topic.endswith("dead.v1")]
        published = {event(record) for record in verdicts if json.loads(record.value or b"")["kind"] != "duplicate"}
        enriched = read(
            servers,
            f"{topic_prefix}news.enriched.v1",
            until=lambda found: len({event(each) for each in found}) >= len(published),
            seconds=60,
        )
        raw = read(servers, f"{topic_prefix}news.raw.v1")

        totals = check(raw, answers, enriched)
        assert totals["raw"] == MESSAGES
        assert len(answers) == MESSAGES, "exactly one answer each"
        assert len(enriched) == len(published), "exactly one enriched event each"

        wanted = Counter((key, value, reason) for (key, value, _), reason in spoilt)
        assert (
            Counter(
                (record.key, record.value, record.header("__connect.errors.exception.class.name")) for record in dead
            )
            == wanted
        )
        at = {(record.partition, record.offset): record for record in raw}
        assert all(
            (at[position(record)].key, at[position(record)].value) == (record.key, record.value) for record in dead
        )

        for record in verdicts:
            assert_cloud_event(record, "verdict")
        for record in enriched:
            assert_cloud_event(record, "enriched")
            value = json.loads(record.value or b"")
            assert record.header("actors") == ",".join(actor["id"] for actor in value["actors"])
        assert_valid(verdicts, VERDICTS)
        assert_valid(enriched, ENRICHED)

        audit = subprocess.run(
            [sys.executable, "-m", "agents.cli", "audit", "--json"],
            cwd=ROOT, env={"NEWSFEED_BOOTSTRAP_SERVERS": servers, "NEWSFEED_TOPIC_PREFIX": topic_prefix, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert audit.returncode == 0, audit.stdout[-1000:] + audit.stderr[-1000:]
        assert json.loads(audit.stdout)["ok"] is True
        assert worker.terminate(10) == 0
