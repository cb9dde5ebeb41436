"""Every subscription: read from the log at start, then followed while the worker runs."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition

from agents import logs
from agents.ends import end_of
from agents.settings import Settings
from newsfeed.records import Subscription
from newsfeed.subscriptions import QueryError
from topics import codec
from topics.catalogue import SUBSCRIPTIONS

log = logs.get("directory")

POLL_MS = 200
AT_ONCE = 50  # subscriptions read without a pause for others


class Book(Protocol):
    """What subscriptions are entered in: a matcher, or a plain list."""

    def __len__(self) -> int: ...
    def put(self, subscription: Subscription) -> None: ...
    def remove(self, id: str) -> None: ...


class Directory:
    """Keeps a book up to date with news.subscriptions.v1.

    A subscription that cannot be used is logged and passed over: it harms nobody else.
    """

    def __init__(self, settings: Settings, book: Book) -> None:
        self._settings = settings
        self._book = book
        self._consumer: AIOKafkaConsumer | None = None
        self._task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    async def ready(self) -> None:
        """Read the topic up to its end; the first call starts following it."""
        if self._task is not None:
            return
        async with self._lock:
            if self._task is None:
                await self._read()

    async def _read(self) -> None:
        consumer = AIOKafkaConsumer(
            **self._settings.client(), enable_auto_commit=False, auto_offset_reset="earliest", fetch_max_wait_ms=50
        )
        await consumer.start()
        self._consumer = consumer
        topic = self._settings.sizing.name(SUBSCRIPTIONS)
        # The consumer itself keeps metadata of assigned topics only.
        cluster = await consumer._client.fetch_all_metadata()
        places = [TopicPartition(topic, partition) for partition in sorted(cluster.partitions_for_topic(topic) or ())]
        ends = {place: await end_of(consumer, place) for place in places}
        consumer.assign(places)
        for place in places:
            await consumer.seek_to_beginning(place)
        for place in places:
            while await consumer.position(place) < ends[place]:
                await self._poll(consumer)
        log.info("subscriptions ready", subscriptions=len(self._book))
        self._task = asyncio.create_task(self._follow(consumer))

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        while True:
            try:
                await self._poll(consumer)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("cannot read subscriptions, trying again", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(1)

    async def _poll(self, consumer: AIOKafkaConsumer) -> None:
        for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
            for number, record in enumerate(records):
                self._enter(record)
                if number % AT_ONCE == AT_ONCE - 1:
                    await asyncio.sleep(0)

    def _enter(self, record: Any) -> None:
        id = (record.key or b"").decode("utf-8", "replace")
        if record.value is None or record.value == b"":
            self._book.remove(id)
            return
        subscription = codec.decode(record.value, Subscription)
        if isinstance(subscription, codec.Bad):
            log.warning("subscription passed over", subscription=id, reason=subscription.error)
            return
        try:
            self._book.put(subscription)
        except Exception as error:  # whatever it is, the other subscriptions go on
            told = str(error) if isinstance(error, QueryError) else f"{type(error).__name__}: {error}"
            log.warning("subscription passed over", subscription=subscription.id, reason=told[:500])

    async def close(self) -> None:
        """Stop following."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._consumer is not None:
            await self._consumer.stop()
