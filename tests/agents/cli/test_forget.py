"""``newsfeed forget`` with real workers: the text leaves what can be emptied, and the command says where it stands until when."""

from __future__ import annotations

import json
import time
from pathlib import Path

import feed
import pytest
from apache_kafka import ApacheKafka
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource
from foreign_client import Record, read, write
from newsfeed_process import lines, newsfeed, told
from worker_process import WorkerProcess

from agents.embedded_broker import EmbeddedBroker

NOBODY = "0" * 32
ALONE = ("--only", "clean,deduplicate,tag,match,group")


def publish(servers: str, prefix: str, *articles: dict[str, object]) -> list[dict[str, object]]:
    """Publish articles one after the other; returns all verdicts that stand there then."""
    found: list[Record] = read(servers, f"{prefix}news.verdicts.v1")
    for article in articles:
        write(servers, f"{prefix}news.raw.v1", [(b"k", json.dumps(article).encode(), None)])
        wanted = len(found) + 1
        found = read(servers, f"{prefix}news.verdicts.v1", until=lambda seen, wanted=wanted: len(seen) >= wanted)
    verdicts = [json.loads(record.value or b"") for record in found]
    return sorted(verdicts, key=lambda verdict: verdict["raw"]["offset"])


@pytest.mark.broker
@pytest.mark.timeout(300)
@pytest.mark.xdist_group("embedded")
def test_what_the_command_says(embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path) -> None:
    servers = embedded_broker.bootstrap_servers
    at = {"NEWSFEED_BOOTSTRAP_SERVERS": servers, "NEWSFEED_TOPIC_PREFIX": topic_prefix}
    with WorkerProcess(tmp_path, *ALONE, BOOTSTRAP_SERVERS=servers, TOPIC_PREFIX=topic_prefix) as worker:
        worker.wait_until_ready()
        told(newsfeed("subscribe", "add", "all", "language:*", **at))
        article = feed.article(1)
        copy = article | {"id": "b", "url": "https://mirror.example/1", "source": "mirror.example"}
        first, second = publish(servers, topic_prefix, article, copy)
        assert [first["kind"], second["kind"]] == ["original", "duplicate"]
        id = str(first["article_id"])
        read(servers, f"{topic_prefix}news.alerts.v1", until=lambda found: len(found) > 0)

        assert newsfeed("forget", "no-id", **at).returncode == 2
        assert newsfeed("forget", id, "--json", **at).returncode == 2
        assert told(newsfeed("forget", NOBODY, "--yes", **at), 1) == f"nothing is kept of {NOBODY}\n"
        (row,) = lines(newsfeed("forget", id, "--dry-run", "--json", **at))
        kept = {each["topic"].removeprefix(topic_prefix): each["records"] for each in row["remains"]}
        names = ("verdicts", "raw", "articles", "window", "unique", "enriched", "matches", "alerts")
        assert kept == {f"news.{name}.v1": 1 for name in names}
        assert all(each["until"] for each in row["remains"])
        assert (row["shared_by"], row["asked"]) == ([second["article_id"]], [])
        said = told(newsfeed("forget", id, stdin=b"n\n", **at), 1)
        assert "news.enriched.v1" in said
        assert len(read(servers, f"{topic_prefix}news.enriched.v1")) == 1  # neither was asked

        assert "workers forget" in told(newsfeed("forget", id, "--yes", **at))
        enriched = read(servers, f"{topic_prefix}news.enriched.v1", until=lambda found: len(found) > 1)
        assert [(record.key, record.value is None) for record in enriched] == [
            (id.encode(), False),
            (id.encode(), True),
        ]
        (row,) = lines(newsfeed("forget", id, "--dry-run", "--json", **at))
        replaced = [each["topic"].removeprefix(topic_prefix) for each in row["remains"] if each["replaced"]]
        assert replaced == ["news.enriched.v1"]
        told(newsfeed("audit", **at))
        assert worker.terminate() == 0


@pytest.mark.kafka
@pytest.mark.timeout(600)
@pytest.mark.xdist_group("apache")
def test_a_forgotten_article_on_apache_kafka(apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    servers = apache_kafka.bootstrap_servers
    at = {"NEWSFEED_BOOTSTRAP_SERVERS": servers, "NEWSFEED_TOPIC_PREFIX": topic_prefix}
    settings = {"BOOTSTRAP_SERVERS": servers, "TOPIC_PREFIX": topic_prefix, "SESSION_TIMEOUT": "3"}
    enriched = f"{topic_prefix}news.enriched.v1"
    one, other = feed.article(1), feed.article(2)
    with WorkerProcess(tmp_path, *ALONE, **settings) as worker:
        worker.wait_until_ready()
        first, _ = publish(servers, topic_prefix, one, other)
        id = str(first["article_id"])
        told(newsfeed("forget", id, "--yes", **at))
        read(servers, enriched, until=lambda found: any(record.value is None for record in found))
        (verdict,) = publish(servers, topic_prefix, one | {"id": "c", "url": "https://c.example/1"})[2:]
        assert verdict["kind"] == "original"
        assert id not in {evidence["of"] for evidence in verdict["evidence"]}
        told(newsfeed("forget", str(verdict["article_id"]), "--yes", **at))
        read(servers, enriched, until=lambda found: sum(record.value is None for record in found) > 1)
        worker.kill()
    with WorkerProcess(tmp_path, *ALONE, **settings) as worker:  # the window is read again, text and erasure
        worker.wait_until_ready()
        copies = [
            each | {"id": f"d{place}", "url": f"https://d.example/{place}"} for place, each in enumerate((one, other))
        ]
        assert [verdict["kind"] for verdict in publish(servers, topic_prefix, *copies)[3:]] == ["original", "duplicate"]
        told(newsfeed("audit", "--wait", "20", **at))
        _compact(servers, enriched)
        producer, deadline = Producer({"bootstrap.servers": servers}), time.monotonic() + 120
        while left := [record for record in read(servers, enriched) if record.key == id.encode() and record.value]:
            assert time.monotonic() < deadline, "the broker did not compact"
            # A segment is closed by what comes behind it in the same partition.
            producer.produce(enriched, None, id.encode(), partition=left[0].partition)
            producer.flush(10)
            time.sleep(2)


def _compact(servers: str, topic: str) -> None:
    """Have the broker compact at once what it would compact within a day."""
    soon = {"segment.ms": "500", "max.compaction.lag.ms": "500", "min.cleanable.dirty.ratio": "0.0"}
    entries = [ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET) for name, value in soon.items()]
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=entries)
    admin = AdminClient({"bootstrap.servers": servers})
    for future in admin.incremental_alter_configs([resource]).values():
        future.result(10)
