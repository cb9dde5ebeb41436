"""The deduplicate agent on Apache Kafka: `python -m benchmarks.copies.kafka [--entries N] [--articles M] [--copies SHARE]`.

Recovery: N seeded entries are written to news.window.v1; the time until the window stands again is taken. Drain: news.articles.v1 is filled with M
articles (half of them edited copies, or what ``--copies`` says), then a worker with the agent alone is started, and the verdicts are counted. Needs Java and Maven.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from agents import clients
from agents.settings import Settings, load
from agents.window import Windows
from benchmarks.copies.__main__ import SEED, article, filling, long_articles
from benchmarks.quality.copies import edits
from benchmarks.quality.copies.corpora import Text, ant_corpus
from benchmarks.shared import ROOT, shared
from benchmarks.table import show
from newsfeed.copies import STATE_VERSION, CopyWindow, pack_entries
from newsfeed.records import Position
from topics import catalogue, codec, creation

sys.path.insert(0, str(ROOT / "tests" / "broker"))
from apache_kafka import ApacheKafka, libraries  # type: ignore[import-not-found]

BATCH = 200
PATIENCE = 300.0


async def fill_window(settings: Settings, bodies: list[str], count: int) -> int:
    """Write seeded entries as the agent would; returns the bytes."""
    window = CopyWindow(capacity=10, seconds=None)
    entries = filling(window, bodies)(0, count)
    size = 0
    async with clients.admin(settings) as admin:
        await creation.create(admin, settings.sizing)
    articles, window_topic = settings.sizing.name(catalogue.ARTICLES), settings.sizing.name(catalogue.WINDOW)
    async with clients.producer(settings) as producer:
        batch: list[bytes] = []
        for number, entry in enumerate(entries, 1):
            # The window may not reach further than the articles, whose content plays no part here.
            await producer.send(articles, b"", partition=0)
            batch.append(entry)
            if len(batch) == BATCH or number == count:
                packed = pack_entries(batch)
                size += len(packed)
                says = {
                    "state_version": STATE_VERSION,
                    "from": number - len(batch),
                    "until": number,
                    "live": 0,
                    "time": 0,
                }
                headers = [(name, str(value).encode()) for name, value in says.items()]
                await producer.send(window_topic, packed, partition=0, headers=headers)
                batch = []
        await producer.flush()
    return size


async def recovery(settings: Settings) -> tuple[float, int]:
    """Seconds until the window of partition 0 stands, and its articles."""
    windows = Windows(settings)
    began = time.monotonic()
    window = await windows.ready(0, 1)
    taken, held = time.monotonic() - began, len(window)
    await windows.close()
    return taken, held


def cpu_seconds(process: int) -> float:
    """CPU time that a process has used (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def drain(settings: Settings, bodies: list[str], count: int, share: float, folder: Path) -> tuple[float, float]:
    """Articles a second that the agent alone judges, from the first verdict to the last, and its CPU seconds an article."""
    rng = random.Random(SEED)
    words = edits.vocabulary([Text("", "", body, "ar") for body in bodies])
    async with clients.admin(settings) as admin:
        await creation.create(admin, settings.sizing)
    articles = settings.sizing.name(catalogue.ARTICLES)
    async with clients.producer(settings) as producer:
        text = Text("", "", "", "ar")
        for number in range(count):
            fresh = Text("", "", bodies[number % len(bodies)], "ar")
            copied = int((number + 1) * share) > int(number * share)
            text = edits.reworded(text, rng, words) if copied else edits.reworded(fresh, rng, words, 0.3)
            made = msgspec.structs.replace(
                article(number, text.body), raw=Position(topic="news.raw.v1", partition=0, offset=number)
            )
            await producer.send(articles, codec.encode(made, catalogue.ARTICLES), partition=0)
        await producer.flush()
    environment = os.environ | {
        "NEWSFEED_BOOTSTRAP_SERVERS": settings.bootstrap_servers,
        "NEWSFEED_TOPIC_PREFIX": settings.topic_prefix,
        "NEWSFEED_DATA_DIR": str(folder / "data"),
        "NEWSFEED_WINDOW_ARTICLES": "1000000",
        "NEWSFEED_BATCH": "500",
    }
    worker = subprocess.Popen(  # noqa: ASYNC220 - started once, before anything is awaited
        [sys.executable, "-m", "agents.cli", "worker", "--only", "deduplicate"],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        seen, early, first, last, used = 0, 0, 0.0, 0.0, 0.0
        async with clients.consumer(settings, settings.sizing.name(catalogue.VERDICTS)) as consumer:
            deadline = time.monotonic() + PATIENCE
            while seen < count and time.monotonic() < deadline:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    seen += len(records)
                    last = time.monotonic()
                    if not first:
                        first, early, used = last, seen, cpu_seconds(worker.pid)
        judged = max(1, seen - early)
        return judged / max(1e-9, last - first), (cpu_seconds(worker.pid) - used) / judged
    finally:
        worker.terminate()
        worker.wait(20)


async def measure(servers: str, entries: int, count: int, share: float, folder: Path) -> None:
    bodies = long_articles(ant_corpus(shared()))
    filled = load(bootstrap_servers=servers, topic_prefix="", data_dir=folder / "window", window_articles=entries)
    size = await fill_window(filled, bodies, entries)
    taken, held = await recovery(filled)
    rows = [[f"{entries:,}", f"{held:,}", f"{size / entries:.0f}", f"{taken:.0f}", "120"]]
    show(
        "recovery of the copy window from news.window.v1",
        ["entries", "in the window", "bytes an entry", "seconds", "target at most"],
        rows,
    )
    rate, cpu = await drain(load(bootstrap_servers=servers, topic_prefix="drain."), bodies, count, share, folder)
    show(
        "the deduplicate agent alone",
        [
            "articles",
            "copies",
            "articles/s",
            "target at least",
            "CPU of the agent, us an article",
            "load of the machine",
        ],
        [[f"{count:,}", f"{share:.0%}", f"{rate:.0f}", "2000", f"{cpu * 1e6:.0f}", f"{os.getloadavg()[0]:.1f}"]],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--articles", type=int, default=40_000)
    parser.add_argument("--copies", type=float, default=0.5, help="share of the articles that are edited copies, 0-1")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ApacheKafka(libraries(), Path(name)) as broker:
        asyncio.run(measure(broker.bootstrap_servers, chosen.entries, chosen.articles, chosen.copies, Path(name)))


if __name__ == "__main__":
    main()
