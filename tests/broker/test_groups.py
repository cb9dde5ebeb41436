"""Grouped alerts on a real broker: workers that are killed, and that share the work, tell everything once, under one id."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from accounts import repeats
from apache_kafka import ApacheKafka
from foreign_client import Record, read, write
from worker_process import WorkerProcess

from agents.embedded_broker import EmbeddedBroker
from newsfeed.records import Enriched, Position, Verdict
from topics import codec

ARTICLES, FAMILIES, CORRECTED = 400, 25, 20


def enriched(number: int, *, kind: str = "original", of: int | None = None, version: int = 1) -> Enriched:
    """Article ``number`` of its family; corrections and withdrawals say nothing that a query asks for."""
    id, named = f"{number:032x}", None if of is None else f"{of:032x}"
    root = f"{number % FAMILIES:032x}"
    verdict = Verdict(
        article_id=id, version=version, raw=Position(topic="raw", partition=0, offset=number), url=None, source="example.org", title="Harbour",
        published=None, language="en", kind=kind, of=named, of_version=None if of is None else 1, root=root,  # type: ignore[arg-type]
    )  # fmt: skip
    body = "Eleven ferries wait outside the harbour." if of is None else "Not so."
    return Enriched(
        article_id=id, version=version, url=None, source="example.org", language="en", published=None, title="Harbour", body=body, verdict=verdict,
        actors=[], topics=[],
    )  # fmt: skip


def event(made: Enriched) -> tuple[bytes, bytes, str]:
    return made.article_id.encode(), codec.encode(made), "application/json"


def subscription(id: str, query: str, **more: Any) -> tuple[bytes, bytes, None]:
    return id.encode(), json.dumps({"id": id, "query": query} | more).encode(), None


SUBSCRIPTIONS = [
    subscription("at-once", "body:ferries"),
    subscription("waits", "body:ferries", group={"by": "root", "wait": 1.5}),
    subscription("paced", "body:ferries", group={"by": "root", "wait": 0, "interval": 2}),
    subscription("silent", "body:ferries", on=["original"], group={"by": "root", "wait": 1}),
    subscription("elsewhere", "body:aircraft"),
]


def tellings(found: list[Record]) -> dict[tuple[str, str], set[str]]:
    """Alert ids by subscription and article."""
    out: dict[tuple[str, str], set[str]] = {}
    for record in found:
        alert = json.loads(record.value or b"")
        for article in (alert["article_id"], *(other["article_id"] for other in alert["also"])):
            out.setdefault((alert["subscription"], article), set()).add(alert["alert_id"])
    return out


def complete(articles: int, corrections: int) -> Callable[[list[Record]], bool]:
    return lambda found: len(tellings(found)) >= 4 * articles + 3 * corrections


def check(found: list[Record], articles: int, corrections: int) -> None:
    """Each subscriber was told of each article once, of each correction once, and each repeat is the same bytes."""
    _, differing = repeats(found, lambda record: json.loads(record.value or b"")["alert_id"])
    assert not differing, differing[:2]
    told = tellings(found)
    doubled = {key: ids for key, ids in told.items() if len(ids) > 1}
    assert not doubled, f"told under two ids: {list(doubled.items())[:3]}"
    wanted = {(id, f"{number:032x}") for id in ("at-once", "waits", "paced", "silent") for number in range(articles)}
    late = {(id, f"{ARTICLES + number:032x}") for id in ("at-once", "waits", "paced") for number in range(corrections)}
    assert told.keys() == wanted | late
    for record in found:
        alert = json.loads(record.value or b"")
        if alert["corrects"] is not None:
            number = int(alert["article_id"], 16) - ARTICLES
            assert {alert["corrects"]} == told[alert["subscription"], f"{number:032x}"]


def prepare(servers: str, prefix: str) -> tuple[str, str]:
    enriched_topic, subscriptions = f"{prefix}news.enriched.v1", f"{prefix}news.subscriptions.v1"
    write(servers, subscriptions, SUBSCRIPTIONS)
    return enriched_topic, f"{prefix}news.alerts.v1"


def corrections() -> list[tuple[bytes, bytes, str]]:
    return [event(enriched(ARTICLES + number, kind="correction", of=number)) for number in range(CORRECTED)]


@pytest.mark.kafka
@pytest.mark.xdist_group("apache")
@pytest.mark.timeout(150)
def test_killed_in_the_middle_of_grouped_alerts(apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    servers = apache_kafka.bootstrap_servers
    settings = {"BOOTSTRAP_SERVERS": servers, "TOPIC_PREFIX": topic_prefix, "SESSION_TIMEOUT": "2", "BATCH": "20"}
    only = ("--only", "match,group")
    with WorkerProcess(tmp_path, *only, **settings) as worker:
        worker.wait_until_ready()
        source, alerts = prepare(servers, topic_prefix)
        time.sleep(2)  # subscriptions take effect within this
        articles = [event(enriched(number)) for number in range(ARTICLES)]
        writer = threading.Thread(target=write, args=(servers, source, articles), kwargs={"pause": 0.02})
        writer.start()
        read(servers, alerts, until=lambda found: len(found) > ARTICLES // 4)
        worker.kill()
    for share in (2, 3):  # once behind the backlog, once more in the middle of what is left
        with WorkerProcess(tmp_path, *only, **settings) as worker:
            read(servers, alerts, until=lambda found, share=share: len(tellings(found)) > ARTICLES * share)  # type: ignore[misc]
            worker.kill()
    writer.join()
    with WorkerProcess(tmp_path, *only, **settings) as one, WorkerProcess(tmp_path / "two", *only, **settings) as two:
        write(servers, source, corrections())
        found = read(servers, alerts, until=complete(ARTICLES, CORRECTED), seconds=60)
        time.sleep(2)  # whatever is told too much comes within a wait and a tick
        check(read(servers, alerts), ARTICLES, CORRECTED)
        assert found
        assert (one.terminate(), two.terminate()) == (0, 0)


@pytest.mark.broker
@pytest.mark.xdist_group("embedded")
def test_a_group_is_told_as_one_and_what_is_withdrawn_before_is_not(
    embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path
) -> None:
    servers = embedded_broker.bootstrap_servers
    settings = {"BOOTSTRAP_SERVERS": servers, "TOPIC_PREFIX": topic_prefix, "SESSION_TIMEOUT": "2"}
    source, alerts = f"{topic_prefix}news.enriched.v1", f"{topic_prefix}news.alerts.v1"
    with WorkerProcess(tmp_path, "--only", "match,group", **settings) as worker:
        worker.wait_until_ready()
        write(
            servers,
            f"{topic_prefix}news.subscriptions.v1",
            [
                subscription("desk", "body:ferries", group={"by": "root", "wait": 4}, cap=2),
                subscription("gone", "body:ferries", group={"by": "root", "wait": 4}),
            ],
        )
        time.sleep(2)
        family = [event(enriched(FAMILIES * number)) for number in range(5)]
        write(servers, source, family)
        write(servers, source, [event(enriched(0, kind="withdrawal", of=0, version=2))])
        write(servers, f"{topic_prefix}news.subscriptions.v1", [(b"gone", b"", None)])
        (record,) = read(servers, alerts, until=lambda found: len(found) >= 1, seconds=30)
        alert = json.loads(record.value or b"")
        told = [alert["article_id"], *(other["article_id"] for other in alert["also"])]
        assert alert["subscription"] == "desk"
        assert f"{0:032x}" not in told
        assert (len(told), len(told) + alert["more"]) in ((1, 4), (2, 4), (2, 5)), (
            "the withdrawn one may have filled a place"
        )
        time.sleep(2)
        assert len(read(servers, alerts)) == 1
        assert worker.terminate() == 0
