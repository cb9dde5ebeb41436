"""More than can be done: `python -m benchmarks.pipeline overload [--minutes 10] [--rate N]`.

Articles are published at twice the rate that a first drain shows (or at the rate given) for so many minutes, then it is waited until
everything is done. What is printed over time: articles published and judged, and the memory of each worker that no file backs. It must stay
flat: a backlog waits in Kafka, not in a worker.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from agents import clients
from agents.settings import Settings
from benchmarks.pipeline.crew import Crew
from benchmarks.pipeline.drain import Ends, create, drain, settings_of
from benchmarks.pipeline.feed import messages, named
from benchmarks.shared import ROOT
from benchmarks.table import show
from topics import catalogue

sys.path.insert(0, str(ROOT / "tests" / "broker"))
from apache_kafka import ApacheKafka, libraries  # type: ignore[import-not-found]

FEED = 24_000  # texts that come again and again, when they have left the window
WINDOW = 10_000  # articles: full long before the first row that counts
FIRST = 0.2  # of the time: memory is compared with what it is then
LOOK_SECONDS = 10.0
TIMES = 2.0
PATIENCE = 7_200.0


async def publish(settings: Settings, feed: list[bytes], rate: float, seconds: float, sent: list[int]) -> None:
    """Send at a steady rate; ``sent[0]`` counts."""
    topic = settings.sizing.name(catalogue.RAW)
    async with clients.producer(settings) as producer:
        begun = time.monotonic()
        while time.monotonic() < begun + seconds:
            due = int((time.monotonic() - begun) * rate)
            while sent[0] < due:
                number = sent[0]
                await producer.send(topic, named(feed[number % len(feed)], number), key=str(number).encode())
                sent[0] += 1
            await asyncio.sleep(0.01)
        await producer.flush()


async def overload(servers: str, feed: list[bytes], rate: float, seconds: float, folder: Path) -> None:
    """Publish too much, look, wait until it is done."""
    settings, given = settings_of(servers, "overload.", WINDOW)
    await create(settings)
    rows: list[list[object]] = []
    memory: list[tuple[float, list[float]]] = []
    sent = [0]
    with Crew("newsfeed", folder, **given) as crew:
        crew.wait_until_ready()
        async with clients.consumer(settings) as consumer:
            ends = Ends(settings, consumer, crew)
            begun = time.monotonic()
            publishing = asyncio.create_task(publish(settings, feed, rate, seconds, sent))
            caught_up = 0.0
            while not caught_up and time.monotonic() < begun + seconds + PATIENCE:
                await asyncio.sleep(LOOK_SECONDS)
                crew.check()
                elapsed = time.monotonic() - begun
                given_verdicts, unique, enriched = await ends.get()
                resident = crew.resident_mb()
                if not publishing.done():
                    memory.append((elapsed, resident))
                elif given_verdicts >= sent[0] and enriched >= unique:
                    caught_up = elapsed - seconds
                row = [f"{elapsed:.0f}", f"{sent[0]:,}", f"{given_verdicts:,}", f"{sent[0] - given_verdicts:,}", *(f"{each:.0f}" for each in resident)]  # fmt: skip
                rows.append(row)
                print(" ".join(map(str, row)), file=sys.stderr, flush=True)
        await publishing
    show(
        f"{rate:.0f} articles/s for {seconds:.0f} s",
        ["seconds", "published", "judged", "behind", "first worker MB", "second worker MB"],
        rows,
    )
    early = [resident for elapsed, resident in memory if elapsed >= FIRST * seconds] or [memory[-1][1]]
    growth = [max(each) - first for each, first in zip(zip(*early, strict=True), early[0], strict=True)]
    print(f"growth from the first fifth of the time on: {' and '.join(f'{each:.0f} MB' for each in growth)}")
    print(
        f"caught up {caught_up:.0f} s after the last article"
        if caught_up
        else f"did not catch up within {PATIENCE:g} s"
    )


async def measure(servers: str, rate: float | None, seconds: float, folder: Path) -> None:
    feed = messages(FEED)
    if rate is None:
        rate = TIMES * (await drain("newsfeed", servers, feed[:5_400], folder / "capacity", 0)).rate
    await overload(servers, feed, rate, seconds, folder / "overload")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pipeline overload",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=float, help="articles a second; twice what a first drain shows where not given")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, ApacheKafka(libraries(), Path(name)) as broker:
        asyncio.run(measure(broker.bootstrap_servers, chosen.rate, chosen.minutes * 60, Path(name)))
