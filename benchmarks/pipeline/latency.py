"""How long an article takes from being published to standing in news.enriched.v1, at a steady rate."""

from __future__ import annotations

import asyncio
import re
import time
from itertools import count
from pathlib import Path

from agents import clients
from agents.settings import Settings
from benchmarks.pipeline.crew import Crew
from benchmarks.pipeline.drain import create, settings_of
from benchmarks.pipeline.feed import named
from benchmarks.steady import publish
from topics import catalogue

WARM_SECONDS = 10
QUIET_SECONDS = 5.0  # nothing has come for so long: nothing comes any more
NUMBER = re.compile(rb'"url":"https://site[0-9]+\.example\.com/([0-9]+)"')


async def received(settings: Settings, sending: asyncio.Task[list[float]]) -> dict[int, float]:
    """Number of an article -> when its enriched event came (monotonic seconds); ends when no more come."""
    found: dict[int, float] = {}
    async with clients.consumer(settings, settings.sizing.name(catalogue.ENRICHED)) as consumer:
        last = time.monotonic()
        while not sending.done() or time.monotonic() < last + QUIET_SECONDS:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                last = time.monotonic()
                for record in records:
                    number = NUMBER.search(record.value)
                    if number is not None:
                        found.setdefault(int(number[1]), last)
    return found


async def latencies(program: str, servers: str, messages: list[bytes], rate: float, folder: Path) -> list[float]:
    """Seconds from published to enriched of what was published, sorted; the first ``WARM_SECONDS`` do not count."""
    name = f"latency-{program.partition(' ')[0]}"
    settings, given = settings_of(servers, f"{name}.")
    await create(settings)
    with Crew(program, folder / name, **given) as crew:
        crew.wait_until_ready()
        sending = asyncio.create_task(publish(settings, map(named, messages, count()), rate))
        found = await received(settings, sending)
    first = int(rate * WARM_SECONDS)
    return sorted(found[number] - at for number, at in enumerate(await sending) if number >= first and number in found)
