"""More than a worker can do: the backlog waits in Kafka, the worker's memory stays flat, and everything is done in the end."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path

import pytest
from accounts import answered, position
from apache_kafka import ApacheKafka
from foreign_client import Raw, write
from worker_process import WorkerProcess

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.xdist_group("apache"),
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="reads what memory a process has from /proc"),
]

MESSAGES = 10_000
BODY_BYTES = 3_000
SETTINGS = {"BATCH": "50", "BUFFER": "500", "FETCH_BYTES": str(1 << 16), "WINDOW_ARTICLES": "500"}
ANSWER_SECONDS = 250.0
SETTLED = 2_000  # messages: the window is full, every code path has run
MAY_GROW = 24.0  # MB; the backlog behind it is more even without what Python adds to each message


def messages() -> Iterator[Raw]:
    """Articles of 3 KB of made-up words, every second one a copy of the one before it with a word changed."""
    rng = random.Random(11)
    words = ["".join(rng.choices(("ba", "ce", "di", "fo", "gu", "mar", "nel", "ost"), k=3)) for _ in range(5_000)]
    text: list[str] = []
    for number in range(MESSAGES):
        if number % 2 == 0:
            text = rng.choices(words, k=BODY_BYTES // 8)
        text[rng.randrange(len(text))] = rng.choice(words)
        value = {"id": str(number), "source": "desk.example.org", "title": " ".join(text[:8]), "body": " ".join(text)}
        yield str(number).encode(), json.dumps(value).encode(), None


def anonymous_mb(process: int) -> float:
    """Resident memory that no file backs."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))


def test_a_backlog_waits_in_kafka(apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    servers = apache_kafka.bootstrap_servers
    with WorkerProcess(tmp_path, BOOTSTRAP_SERVERS=servers, TOPIC_PREFIX=topic_prefix, **SETTINGS) as worker:
        worker.wait_until_ready()
        feed = messages()
        write(servers, f"{topic_prefix}news.raw.v1", islice(feed, SETTLED))
        answered(servers, topic_prefix, SETTLED, ANSWER_SECONDS)
        settled = most = anonymous_mb(worker.pid)  # before the backlog: what it adds is what counts
        write(servers, f"{topic_prefix}news.raw.v1", feed)
        with ThreadPoolExecutor(1) as pool:
            rest = pool.submit(answered, servers, topic_prefix, MESSAGES, ANSWER_SECONDS)
            while not wait([rest], 0.5).done:
                most = max(most, anonymous_mb(worker.pid))
        assert len({position(record) for record in rest.result()}) == MESSAGES
        assert most - settled < MAY_GROW, f"from {settled:.0f} to {most:.0f} MB"
        assert worker.terminate(10) == 0
