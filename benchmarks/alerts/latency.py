"""From article published to webhook received, on Apache Kafka: `python -m benchmarks.alerts.latency [--rate 100] [--seconds 60] [--workers 1]`.

One worker with all agents and ten subscriptions, each with a signed webhook; every article answers one of them. The clock runs from the call
that hands the article to the producer until the receiver has the request. A second table says where the time goes: from the time that a record bears
to that of the record an agent made of it, waiting for the agent included. The first seconds are for warming up and do not count. Needs Java and Maven.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import orjson

from agents import clients, reading
from agents.settings import Settings, load
from benchmarks.alerts.feed import articles, world
from benchmarks.shared import ROOT
from benchmarks.steady import publish
from benchmarks.table import show
from newsfeed.records import Outlet, Subscription
from topics import catalogue, codec, creation

sys.path.insert(0, str(ROOT / "tests" / "broker"))
from apache_kafka import ApacheKafka, libraries  # type: ignore[import-not-found]
from receiver import Receiver  # type: ignore[import-not-found]
from worker_process import WorkerProcess  # type: ignore[import-not-found]

SEED = 20_261_125
SUBSCRIPTIONS = 10
WARM_SECONDS = 10
PATIENCE = 60.0
NUMBER = re.compile(rb"https://desk\.example\.com/([0-9]+)")
STAGES = (
    ("published", catalogue.RAW),
    ("clean", catalogue.ARTICLES),
    ("deduplicate", catalogue.UNIQUE),
    ("tag", catalogue.ENRICHED),
    ("match", catalogue.MATCHES),
    ("group", catalogue.ALERTS),
)


def feed(count: int) -> list[bytes]:
    """Raw articles of 3 KB, each with one word that one subscription asks for."""
    return [
        orjson.dumps(
            {"id": str(number), "url": f"https://desk.example.com/{number}", "source": "desk.example.com", "language": "en", "title": made.title,
             "body": f"{made.body} asked{number % SUBSCRIPTIONS}for"}
        )
        for number, made in enumerate(articles(world(SEED), count, SEED + 1))
    ]  # fmt: skip


async def prepare(settings: Settings, receiver: Receiver, folder: Path) -> None:
    """Topics, and subscriptions with a webhook each."""
    secret = folder / "hook.secret"
    secret.write_text("whsec_" + base64.b64encode(os.urandom(32)).decode() + "\n", encoding="utf-8")
    async with clients.admin(settings) as admin:
        await creation.create(admin, settings.sizing)
    async with clients.producer(settings) as producer:
        for number in range(SUBSCRIPTIONS):
            hook = Outlet(kind="webhook", url=receiver.url(f"desk{number}"), secret_file=str(secret))
            made = Subscription(id=f"desk{number}", query=f"asked{number}for", outlets=[hook])
            await producer.send_and_wait(
                settings.sizing.name(catalogue.SUBSCRIPTIONS), codec.encode(made), key=made.id.encode()
            )


def received(receiver: Receiver, count: int) -> dict[int, float]:
    """Number of an article -> when its webhook came first; waits for all."""
    deadline = time.monotonic() + PATIENCE
    found: dict[int, float] = {}
    while len(found) < count and time.monotonic() < deadline:
        time.sleep(0.2)
        with receiver.lock:
            got = list(receiver.got)
        for each in got:
            if number := NUMBER.search(each.body):
                found.setdefault(int(number[1]), each.time)
    return found


async def written(settings: Settings, topic: str) -> dict[int, float]:
    """Number of an article -> the time of its first record in a topic, seconds since 1970."""
    found: dict[int, float] = {}
    async for record in reading.whole(settings, topic):
        if number := NUMBER.search(record.value or b""):
            found.setdefault(int(number[1]), record.timestamp / 1e3)
    return found


def stages(settings: Settings, sent: dict[int, float], found: dict[int, float], first: int) -> list[list[object]]:
    """For each step its p50 and p99 in ms, of the articles from the first that counts on that came to the receiver.

    Args:
        sent, found: when each article was handed over and received, seconds since 1970.
    """
    before, rows = sent, []
    for name, topic in (*STAGES, ("deliver", None)):
        after = found if topic is None else asyncio.run(written(settings, settings.sizing.name(topic)))
        taken = [after[n] - before[n] for n in found if n >= first and n in before and n in after]
        cuts = statistics.quantiles(taken, n=100)
        rows.append([name, len(taken), f"{cuts[49] * 1e3:.0f}", f"{cuts[98] * 1e3:.0f}"])
        before = after
    return rows


def measure(
    servers: str, rate: float, seconds: float, workers: int, linger: float, folder: Path
) -> tuple[list[object], list[list[object]]]:
    """The row of the table, and the rows of the one by stage."""
    settings = load(bootstrap_servers=servers, topic_prefix="latency.")
    messages = feed(int(rate * (seconds + WARM_SECONDS)))
    given = {
        "BOOTSTRAP_SERVERS": servers,
        "TOPIC_PREFIX": "latency.",
        "WEBHOOK_ALLOW_PRIVATE": "true",
        "LINGER": f"{linger:g}",
    }
    with Receiver() as receiver:
        asyncio.run(prepare(settings, receiver, folder))
        running = [WorkerProcess(folder / f"worker{number}", **given) for number in range(workers)]
        try:
            for worker in running:
                worker.wait_until_ready()
            sent = asyncio.run(publish(settings, messages, rate))
            found = received(receiver, len(messages))
            requests = len(receiver.got)
        finally:
            for worker in running:
                with worker, suppress(subprocess.TimeoutExpired):  # else it is killed
                    worker.terminate(20)
    first = int(rate * WARM_SECONDS)
    times = sorted(found[number] - at for number, at in enumerate(sent) if number >= first and number in found)
    cuts = statistics.quantiles(times, n=100)
    missing = len(messages) - len(found)
    wall = time.time() - time.monotonic()
    steps = stages(
        settings, {n: at + wall for n, at in enumerate(sent)}, {n: at + wall for n, at in found.items()}, first
    )
    row = [
        f"{rate:g}", workers, linger, len(times), missing, requests - len(found), f"{cuts[49] * 1e3:.0f}", f"{cuts[98] * 1e3:.0f}", f"{times[-1] * 1e3:.0f}",
    ]  # fmt: skip
    return row, steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument(
        "--linger", type=float, default=Settings.model_fields["linger"].default, help="NEWSFEED_LINGER in seconds"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ApacheKafka(libraries(), Path(name)) as broker:
        row, steps = measure(
            broker.bootstrap_servers, chosen.rate, chosen.seconds, chosen.workers, chosen.linger, Path(name)
        )
    header = ["articles/s", "workers", "linger s", "webhooks", "missing", "repeated", "p50 ms", "p99 ms", "longest ms"]
    show("article published to webhook received, on Apache Kafka", header, [row])
    show("where the time goes", ["to the record of", "articles", "p50 ms", "p99 ms"], steps)


if __name__ == "__main__":
    main()
