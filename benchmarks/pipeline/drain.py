"""How fast two processes empty a full raw topic, all the way to news.enriched.v1, and where their CPU time goes."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition

from agents import clients
from agents.settings import Settings, load
from benchmarks.pipeline.crew import Crew
from benchmarks.pipeline.feed import named
from topics import catalogue, creation

WARM = 400  # messages before the clock starts
POLL_SECONDS = 0.05
SETTLED_SECONDS = 2.0
PATIENCE = 1_800.0


@dataclass(frozen=True, slots=True)
class Drained:
    """One run: how long it took (seconds) and what CPU time the processes and the steps in them used (seconds)."""

    articles: int
    published: int
    seconds: float
    cpu: float
    steps: Counter[str]

    @property
    def rate(self) -> float:
        """Articles a second."""
        return self.articles / self.seconds

    def microseconds(self, cpu: float) -> float:
        """CPU seconds as microseconds an article."""
        return cpu / self.articles * 1e6


class Ends:
    """How many records stand in topics."""

    def __init__(self, settings: Settings, consumer: AIOKafkaConsumer, crew: Crew) -> None:
        self._consumer, self._crew = consumer, crew
        self._places = {
            spec.name: [
                TopicPartition(settings.sizing.name(spec), partition)
                for partition in range(settings.sizing.count(spec))
            ]
            for spec in (catalogue.VERDICTS, catalogue.UNIQUE, catalogue.ENRICHED)
        }

    async def get(self) -> tuple[int, int, int]:
        """Verdicts, articles to be published, enriched articles."""
        ends = await self._consumer.end_offsets([place for places in self._places.values() for place in places])
        verdicts, unique, enriched = (sum(ends[place] for place in places) for places in self._places.values())
        return verdicts, unique, enriched

    async def settled(self) -> tuple[int, int, int]:
        """What ``get`` says when it has said it for a while: a group that was still forming may do its first work twice."""
        found = await self.get()
        while True:
            await asyncio.sleep(SETTLED_SECONDS)
            last, found = found, await self.get()
            if found == last:
                return found

    async def until(self, verdicts: int, patience: float = PATIENCE) -> int:
        """Wait for so many verdicts and for all that they publish; returns how many that are.

        Raises:
            RuntimeError: a process of the crew has ended. TimeoutError: it takes too long.
        """
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            self._crew.check()
            given, unique, enriched = await self.get()
            if given >= verdicts and enriched >= unique:
                return enriched
            await asyncio.sleep(POLL_SECONDS)
        raise TimeoutError(f"{given} of {verdicts} verdicts, {enriched} of {unique} published within {patience:g} s")


def settings_of(servers: str, prefix: str, window_articles: int = 100_000) -> tuple[Settings, dict[str, str]]:
    """The settings of a run, for this process and for the workers."""
    given = {
        "BOOTSTRAP_SERVERS": servers,
        "TOPIC_PREFIX": prefix,
        "WINDOW_ARTICLES": str(window_articles),
        "SESSION_TIMEOUT": "60",
    }
    return load(**{name.lower(): value for name, value in given.items()}), given


async def create(settings: Settings) -> None:
    """The topics of a run."""
    async with clients.admin(settings) as admin:
        await creation.create(admin, settings.sizing)


async def publish(settings: Settings, messages: list[bytes], start: int = 0) -> None:
    """All at once, numbered from ``start`` on."""
    topic = settings.sizing.name(catalogue.RAW)
    async with clients.producer(settings) as producer:
        for number, message in enumerate(messages, start):
            await producer.send(topic, named(message, number), key=str(number).encode())
        await producer.flush()


async def drain(program: str, servers: str, messages: list[bytes], folder: Path, number: int) -> Drained:
    """One run over all messages but the first ``WARM``, with which everything gets warm."""
    settings, given = settings_of(servers, f"drain{number}.")
    await create(settings)
    warm, rest = messages[:WARM], messages[WARM:]
    with Crew(program, folder / f"drain{number}", **given) as crew:
        crew.wait_until_ready()
        async with clients.consumer(settings) as consumer:
            ends = Ends(settings, consumer, crew)
            await publish(settings, warm)
            await ends.until(WARM)
            before, _, published_before = await ends.settled()
            crew.begin_steps()
            used, began = crew.cpu_seconds(), time.monotonic()
            await publish(settings, rest, WARM)
            published = await ends.until(before + len(rest)) - published_before
            seconds = time.monotonic() - began
            return Drained(len(rest), published, seconds, crew.cpu_seconds() - used, crew.steps())
