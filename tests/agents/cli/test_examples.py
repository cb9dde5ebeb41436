"""The example programs run: produce, consume and publish on the embedded broker."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from foreign_client import read
from newsfeed_process import PLAIN, lines, newsfeed, told

from agents.embedded_broker import EmbeddedBroker

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("embedded"), pytest.mark.timeout(60)]

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
def servers() -> Iterator[str]:
    """A broker of its own: the examples use the topics' plain names."""
    with EmbeddedBroker() as broker:
        told(newsfeed("topics", "create", "--bootstrap-servers", broker.bootstrap_servers))
        yield broker.bootstrap_servers


def example(name: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, str(EXAMPLES / name), *arguments], capture_output=True, timeout=40, env=PLAIN, check=False
    )  # fmt: skip


def test_produce_and_consume(servers: str, tmp_path: Path) -> None:
    assert told(example("produce.py", servers)).startswith("at ")
    (record,) = read(servers, "news.raw.v1")
    assert record.header("content-type") == "application/json"
    article = tmp_path / "article.json"
    article.write_bytes(record.value or b"")
    (enriched,) = lines(newsfeed("enrich", str(article)))
    write_enriched(servers, enriched)
    consumer = subprocess.Popen(
        [sys.executable, "-u", str(EXAMPLES / "consume.py"), servers, "medtop:04000000"],
        env=PLAIN, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert consumer.stdout is not None
    try:
        line = consumer.stdout.readline().decode()
        consumer.send_signal(signal.SIGINT)
        _, said = consumer.communicate(timeout=20)
    finally:
        consumer.kill()
        consumer.communicate()
    assert line.startswith(f"original | {enriched['title']} | ")
    assert consumer.returncode == 0, said.decode()


def write_enriched(servers: str, record: dict[str, object]) -> None:
    """As a worker does: one of another topic first, which the consumer must pass over by its header."""
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": servers, "log_level": 2})
    for title, topics in (("Other", b"medtop:15000000"), (record["title"], b"medtop:20000343,medtop:04000000")):
        value = json.dumps(record | {"title": title}).encode()
        producer.produce("news.enriched.v1", value, b"same-key", headers=[("topics", topics)])
    assert producer.flush(20) == 0


def test_publish_an_archive(servers: str, tmp_path: Path) -> None:
    archive = tmp_path / "corpus.tar.xz"
    with tarfile.open(archive, "w:xz") as file:
        for number in range(3):
            text = f"<DOC>\n<DOCNO>d{number}</DOCNO>\n<TITLE>عنوان {number}</TITLE>\n<TEXT>نص المقال</TEXT>\n</DOC>".encode()
            member = tarfile.TarInfo(f"corpus/{number}.txt")
            member.size = len(text)
            file.addfile(member, io.BytesIO(text))
    found = example("publish_ant_corpus.py", str(archive), "--bootstrap-servers", servers, "--limit", "2")
    assert told(found) == "published 2 of 2 articles to news.raw.v1\n"
    written = {record.key: json.loads(record.value or b"") for record in read(servers, "news.raw.v1")}
    assert set(written) == {b"d0", b"d1"}
    assert written[b"d1"]["title"] == "عنوان 1"
    assert written[b"d1"]["language"] == "ar"
