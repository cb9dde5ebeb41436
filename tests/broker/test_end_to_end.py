"""A real worker on a real broker: raw messages in, verdicts and enriched events out; start, stop, and what goes wrong at start."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import feed
import httpx
import pytest
from accounts import position
from foreign_client import Record, read, write
from worker_process import WorkerProcess

from agents.embedded_broker import EmbeddedBroker, free_port

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("embedded")]


def outcomes(servers: str, prefix: str, count: int, seconds: float = 60) -> list[Record]:
    """Verdicts and dead letters, when as many messages are answered; a replay after a rebalance may answer one again."""
    topics = (f"{prefix}news.verdicts.v1", f"{prefix}news.dead.v1")
    return read(servers, *topics, until=lambda found: len({position(each) for each in found}) >= count, seconds=seconds)


def enriched(servers: str, prefix: str, count: int, seconds: float = 30) -> list[Record]:
    return read(servers, f"{prefix}news.enriched.v1", until=lambda found: len(found) >= count, seconds=seconds)


def published(verdicts: list[Record]) -> set[tuple[str, int]]:
    values = [json.loads(record.value or b"") for record in verdicts if record.topic.endswith("verdicts.v1")]
    return {(each["article_id"], each["version"]) for each in values if each["kind"] not in ("duplicate", "embargo")}


def test_articles_go_all_the_way(embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path) -> None:
    servers = embedded_broker.bootstrap_servers
    with WorkerProcess(tmp_path, BOOTSTRAP_SERVERS=servers, TOPIC_PREFIX=topic_prefix) as worker:
        worker.wait_until_ready()
        assert httpx.get(f"{worker.address}/healthz").status_code == 200
        (spoilt, reason), one = feed.broken(0), feed.article(1)
        again = {**one, "id": "other", "url": "https://mirror.example/1", "source": "mirror.example"}
        sent = [(b"1", json.dumps(one).encode(), None), (b"2", json.dumps(again).encode(), None), spoilt]
        for message in sent:
            write(servers, f"{topic_prefix}news.raw.v1", [message])
            time.sleep(0.3)  # in this order, though on several partitions
        found = outcomes(servers, topic_prefix, 3)
        verdicts = [json.loads(record.value or b"") for record in found if record.topic.endswith("verdicts.v1")]
        assert [each["kind"] for each in verdicts].count("original") == 1
        assert [each["kind"] for each in verdicts].count("duplicate") == 1
        copy = next(each for each in verdicts if each["kind"] == "duplicate")
        original = next(each for each in verdicts if each["kind"] == "original")
        assert copy["of"] == original["article_id"]
        (dead,) = [record for record in found if record.topic.endswith("dead.v1")]
        assert (dead.key, dead.value) == spoilt[:2]
        assert dead.header("__connect.errors.exception.class.name") == reason
        assert dead.header("__connect.errors.topic") == f"{topic_prefix}news.raw.v1"
        (event,) = enriched(servers, topic_prefix, 1)
        record = json.loads(event.value or b"")
        assert record["article_id"] == original["article_id"]
        assert record["verdict"] == original
        assert event.header("ce_type") == "newsfeed.enriched.v1"
        said = httpx.get(f"{worker.address}/metrics").text
        assert 'newsfeed_verdicts_total{kind="duplicate",method="identical_text"} 1.0' in said
        assert f'newsfeed_dead_letters_total{{reason="{reason}",stage="clean"}} 1.0' in said
        assert 'newsfeed_records_total{agent="tag"} 1.0' in said
        assert 'newsfeed_window_articles{partition="0"} 2.0' in said
        assert re.search(r'newsfeed_lag_records\{agent="clean",partition="0",topic="[^"]*raw.v1"\} 0\.0', said)
        assert worker.terminate(10) == 0


def test_two_workers_that_differ_only_in_their_folder(
    embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path
) -> None:
    servers = embedded_broker.bootstrap_servers
    settings = {"BOOTSTRAP_SERVERS": servers, "TOPIC_PREFIX": topic_prefix, "SESSION_TIMEOUT": "2"}
    with WorkerProcess(tmp_path / "one", **settings) as one, WorkerProcess(tmp_path / "two", **settings) as two:
        one.wait_until_ready()
        two.wait_until_ready()
        assert one.address != two.address
        write(servers, f"{topic_prefix}news.raw.v1", feed.messages(200))
        found = outcomes(servers, topic_prefix, 200)
        assert one.terminate(10) == 0
        write(servers, f"{topic_prefix}news.raw.v1", feed.messages(100, seed=8))
        found = outcomes(servers, topic_prefix, 300)
        positions = {json.dumps(json.loads(record.value or b"")["raw"]) for record in found}
        assert len(positions) == 300
        expected = published(found)
        events = read(
            servers,
            f"{topic_prefix}news.enriched.v1",
            until=lambda found: len({(e.key, json.loads(e.value or b"")["version"]) for e in found}) >= len(expected),
        )
        assert {
            (json.loads(e.value or b"")["article_id"], json.loads(e.value or b"")["version"]) for e in events
        } == expected
        assert two.terminate(10) == 0


def test_no_broker_is_said_clearly(tmp_path: Path) -> None:
    with WorkerProcess(tmp_path, BOOTSTRAP_SERVERS=f"127.0.0.1:{free_port()}") as worker:
        assert worker.wait(30) == 3
        said = worker.log.read_text()
        assert "no Kafka broker answers" in said
        assert "newsfeed broker" in said


def test_missing_topics_are_said_clearly(embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path) -> None:
    with WorkerProcess(
        tmp_path, BOOTSTRAP_SERVERS=embedded_broker.bootstrap_servers, TOPIC_PREFIX=topic_prefix, CREATE_TOPICS="false"
    ) as worker:
        assert worker.wait(30) == 4
        assert "newsfeed topics create" in worker.log.read_text()


def test_only_some_agents(embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path) -> None:
    servers = embedded_broker.bootstrap_servers
    settings = {"BOOTSTRAP_SERVERS": servers, "TOPIC_PREFIX": topic_prefix, "SESSION_TIMEOUT": "2"}
    with WorkerProcess(tmp_path / "one", "--only", "clean", **settings) as first:
        first.wait_until_ready()
        write(servers, f"{topic_prefix}news.raw.v1", feed.messages(20))
        read(servers, f"{topic_prefix}news.articles.v1", until=lambda found: len(found) >= 20)
        with WorkerProcess(tmp_path / "two", "--only", "deduplicate,tag", **settings) as second:
            second.wait_until_ready()
            found = outcomes(servers, topic_prefix, 20)
            assert len(found) == 20
            assert len(enriched(servers, topic_prefix, len(published(found)))) == len(published(found))
