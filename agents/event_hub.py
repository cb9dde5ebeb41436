"""The alerts as they come, to whoever listens: one reader of news.alerts.v1 for all event streams of a worker."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from agents import clients, logs, reading
from agents.ends import end_of
from agents.settings import Settings
from topics import codec
from topics.catalogue import ALERTS

log = logs.get("events")

POLL_MS = 1_000
MOST_EVENTS, MOST_BYTES = 1_000, 4 << 20  # that wait for one listener


class Listener:
    """What waits for one listener. Who falls too far behind is told to come again: what was missed stands in the log."""

    def __init__(self) -> None:
        self.overflowed: Callable[[], None] = lambda: None  # to be set by whoever may wait for a slow client
        self._waiting: deque[Any] = deque()
        self._bytes = 0
        self._news = asyncio.Event()
        self.ended = False

    def put(self, record: Any) -> None:
        """Add a record; too many end it."""
        self._waiting.append(record)
        self._bytes += len(record.value or b"")
        if len(self._waiting) > MOST_EVENTS or self._bytes > MOST_BYTES:
            self.end()
            self.overflowed()
        self._news.set()

    def end(self) -> None:
        """Nothing more comes."""
        self.ended = True
        self._news.set()

    async def get(self, seconds: float) -> Any | None:
        """The next record; None where none came in this time, or it ended."""
        if not self._waiting and not self.ended:
            self._news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), seconds)
        if not self._waiting or self.ended:
            return None
        record = self._waiting.popleft()
        self._bytes -= len(record.value or b"")
        return record


class Hub:
    """Reads while somebody listens."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._topic = settings.sizing.name(ALERTS)
        self._listeners: dict[bytes, set[Listener]] = {}
        self._consumer: AIOKafkaConsumer | None = None
        self._task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        self._next: dict[int, int] = {}

    def __len__(self) -> int:
        return sum(map(len, self._listeners.values()))

    async def join(self, subscription: str) -> tuple[Listener, dict[int, int]]:
        """A listener to the alerts of a subscription, and the offset in each partition from which on it hears everything.

        Raises:
            Unreachable, MissingTopic: nothing can be read.
        """
        async with self._lock:
            if self._task is None:
                await self._start()
            listener = Listener()
            self._listeners.setdefault(codec.key(subscription), set()).add(listener)
            return listener, dict(self._next)

    def leave(self, subscription: str, listener: Listener) -> None:
        """End listening."""
        key = codec.key(subscription)
        listeners = self._listeners.get(key, set())
        listeners.discard(listener)
        if not listeners:
            self._listeners.pop(key, None)

    async def _start(self) -> None:
        try:
            consumer = await clients.started(self._settings, auto_offset_reset="latest")
            try:
                places = await reading.places(consumer, self._topic)
                ends = {place: await end_of(consumer, place) for place in places}
                consumer.assign(places)
                for place, end in ends.items():
                    consumer.seek(place, end)
            except BaseException:
                await consumer.stop()
                raise
        except (KafkaError, OSError) as error:
            raise clients.Unreachable(f"no Kafka broker answers ({type(error).__name__})") from None
        self._next = {place.partition: end for place, end in ends.items()}
        self._consumer = consumer
        self._task = asyncio.create_task(self._follow(consumer))

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        try:
            while self._listeners or self._lock.locked():
                for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                    for record in records:
                        self._next[record.partition] = record.offset + 1
                        for listener in self._listeners.get(record.key or b"", ()):
                            listener.put(record)
        except KafkaError as error:
            log.warning("event streams end", error=f"{type(error).__name__}: {error}")
        finally:
            self._task = self._consumer = None
            for listeners in self._listeners.values():
                for listener in listeners:
                    listener.end()
            await consumer.stop()

    async def missed(self, subscription: str, partition: int, begin: int, until: int) -> AsyncGenerator[Any, None]:
        """The alerts of a subscription in [begin, until) of a partition, one after the other; what is no longer kept is left out.

        Raises:
            Unreachable, KafkaError.
        """
        key, place = codec.key(subscription), TopicPartition(self._topic, partition)
        async with clients.consumer(self._settings) as consumer:
            consumer.assign([place])
            consumer.seek(place, max(begin, (await consumer.beginning_offsets([place]))[place]))
            while await consumer.position(place) < until:
                for records in (await consumer.getmany(place, timeout_ms=POLL_MS, max_records=500)).values():
                    for record in records:
                        if record.key == key and record.offset < until:
                            yield record

    async def close(self) -> None:
        """End every listener."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
