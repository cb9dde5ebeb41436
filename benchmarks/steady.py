"""Raw messages at a steady rate."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

from agents import clients
from agents.settings import Settings
from topics import catalogue


async def publish(settings: Settings, messages: Iterable[bytes], rate: float) -> list[float]:
    """Send so many a second, keyed by their number; returns when each was handed over (monotonic seconds)."""
    topic, sent, waiting = settings.sizing.name(catalogue.RAW), [], []
    async with clients.producer(settings) as producer:
        begun = time.monotonic()
        for number, message in enumerate(messages):
            await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
            sent.append(time.monotonic())
            waiting.append(await producer.send(topic, message, key=str(number).encode()))
        await asyncio.gather(*waiting)
    return sent
