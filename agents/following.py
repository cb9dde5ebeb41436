"""A topic that is read whole at start, then followed while the worker runs: each record goes to whoever keeps its state."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from agents import clients, logs, reading
from agents.ends import end_of
from agents.settings import Settings
from topics.catalogue import TopicSpec

log = logs.get("following")

POLL_MS = 200
AT_ONCE = 50  # records entered without a pause for others
AGAIN_SECONDS = 1.0


class Following:
    """One reader of a topic, opened by the first `ready`.

    Args:
        enter: takes a record; called in the order of each partition. It never raises.
    """

    def __init__(self, settings: Settings, spec: TopicSpec, enter: Callable[[Any], None]) -> None:
        self._settings = settings
        self._topic = settings.sizing.name(spec)
        self._enter = enter
        self._consumer: AIOKafkaConsumer | None = None
        self._asker: AIOKafkaConsumer | None = None
        self._places: list[TopicPartition] = []
        self._task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        self._moved = asyncio.Event()

    async def ready(self) -> bool:
        """Return when the topic has been read up to its end once, and is followed. Whether this call read it.

        Raises:
            KafkaError, OSError: no broker answers. MissingTopic: there is no such topic.
        """
        async with self._lock:
            first = self._task is None
            if first:
                await self._open()
            return first

    async def current(self) -> None:
        """Return when everything has been read that stood in the topic at the time of the call.

        Raises:
            KafkaError, OSError: no broker answers. MissingTopic: there is no such topic.
        """
        await self.ready()
        assert self._consumer is not None
        async with self._lock:
            if self._asker is None:
                # A broker answers a connection's requests one by one: there, the end would wait behind a fetch that waits.
                self._asker = await clients.started(self._settings)
        for place, end in (await self._asker.end_offsets(self._places)).items():
            while await self._consumer.position(place) < end:
                self._moved.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._moved.wait(), 0.05)

    async def _open(self) -> None:
        consumer = await clients.started(self._settings)
        try:
            places = await reading.places(consumer, self._topic)
            ends = {place: await end_of(consumer, place) for place in places}
            consumer.assign(places)
            await consumer.seek_to_beginning(*places)
            for place in places:
                while await consumer.position(place) < ends[place]:
                    await self._poll(consumer)
        except BaseException:
            await consumer.stop()
            raise
        self._consumer, self._places = consumer, places
        self._task = asyncio.create_task(self._follow(consumer))

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        while True:
            try:
                await self._poll(consumer)
                self._moved.set()
            except Exception as error:
                log.warning("cannot read, trying again", topic=self._topic, error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(AGAIN_SECONDS)

    async def _poll(self, consumer: AIOKafkaConsumer) -> None:
        for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
            for number, record in enumerate(records):
                self._enter(record)
                if number % AT_ONCE == AT_ONCE - 1:
                    await asyncio.sleep(0)

    async def close(self) -> None:
        """Stop following."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        for opened in (self._consumer, self._asker):
            if opened is not None:
                await opened.stop()
