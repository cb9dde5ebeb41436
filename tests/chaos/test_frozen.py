"""A worker that was frozen for longer than its session, while another went on: what it still had to send must not be sent."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import feed
import pytest
from apache_kafka import ApacheKafka
from foreign_client import Raw, Record, read, write
from newsfeed_process import lines, newsfeed
from worker_process import WorkerProcess

pytestmark = [pytest.mark.kafka, pytest.mark.xdist_group("chaos"), pytest.mark.timeout(900)]

ONLY = ("--only", "clean,deduplicate,tag")
ARTICLES, ROUNDS = 150, 3


def versions(first: int) -> list[Raw]:
    """Articles, then each of them with another text."""
    articles = [feed.article(number) for number in range(first, first + ARTICLES)]
    later = [
        article | {"body": f"{article['body']}\n\nA second night has passed since, and nobody knows more."}
        for article in articles
    ]
    return [(str(article["id"]).encode(), json.dumps(article).encode(), None) for article in articles + later]


def out_of_order(found: list[Record]) -> list[str]:
    """The articles of which an older version stands behind the newest, at the end."""
    last: dict[str, int] = {}
    newest: dict[str, int] = {}
    for record in found:
        value = json.loads(record.value or b"")
        verdict = value["verdict"]
        article, version = verdict["article_id"], verdict["version"] or 0
        last[article] = version
        newest[article] = max(newest.get(article, 0), version)
    return [article for article, version in last.items() if version < newest[article]]


def test_an_older_version_never_stands_last(apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    servers = apache_kafka.bootstrap_servers
    settings = {"BOOTSTRAP_SERVERS": servers, "TOPIC_PREFIX": topic_prefix, "SESSION_TIMEOUT": "3", "BATCH": "20"}
    frozen = WorkerProcess(tmp_path / "0", *ONLY, **settings).wait_until_ready(180)
    try:
        for number in range(ROUNDS):
            write(servers, f"{topic_prefix}news.raw.v1", versions(number * ARTICLES))
            wanted = 2 * ARTICLES * number + 20 * (number + 1)
            read(
                servers,
                f"{topic_prefix}news.enriched.v1",
                until=lambda found, wanted=wanted: len(found) >= wanted,
                seconds=180,
            )
            frozen.send(signal.SIGSTOP)
            other = WorkerProcess(tmp_path / str(number + 1), *ONLY, **settings).wait_until_ready(180)
            wanted = 2 * ARTICLES * (number + 1)
            read(
                servers,
                f"{topic_prefix}news.verdicts.v1",
                until=lambda found, wanted=wanted: len({record.key for record in found}) * 2 >= wanted,
                seconds=180,
            )
            time.sleep(2)
            frozen.send(signal.SIGCONT)
            time.sleep(2)
            frozen.terminate(60)
            frozen = other
        here = {"NEWSFEED_BOOTSTRAP_SERVERS": servers, "NEWSFEED_TOPIC_PREFIX": topic_prefix}
        (report,) = lines(newsfeed("audit", "--wait", "50", "--json", **here))
        assert report["ok"], report
        found = read(servers, f"{topic_prefix}news.enriched.v1")
        assert out_of_order(found) == []
    finally:
        frozen.kill()
