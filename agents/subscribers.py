"""The outlets of every subscription, followed while the worker runs: what *deliver* and the event streams need to know of them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from msgspec import Struct

from agents import logs, reading
from agents.ends import end_of
from agents.settings import Settings
from newsfeed.records import Outlet
from newsfeed.subscriptions.targets import outlet_id
from topics import codec
from topics.catalogue import SUBSCRIPTIONS

log = logs.get("subscribers")

POLL_MS = 1_000
AGAIN_SECONDS = 1.0


class _Read(Struct, frozen=True):
    """What is read of a subscription; its query is nobody's business here."""

    id: str
    outlets: list[Outlet] = []
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A subscription's outlets; ``offset`` is where its newest record stands. ``webhooks`` by outlet id."""

    offset: int
    paused: bool
    sse: bool
    webhooks: dict[str, Outlet]


class Subscribers:
    """Reads news.subscriptions.v1 whole, then follows it. A malformed subscription is passed over and harms nobody else."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._topic = settings.sizing.name(SUBSCRIPTIONS)
        self._known: dict[str, Subscriber] = {}
        self._consumer: AIOKafkaConsumer | None = None
        self._places: list[TopicPartition] = []
        self._task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        self._moved = asyncio.Event()

    def get(self, id: str) -> Subscriber | None:
        """The subscriber of that name, None where there is none."""
        return self._known.get(id)

    async def current(self) -> None:
        """Return when everything has been read that stood in the topic at the time of the call; waits for a broker that is gone."""
        while True:
            try:
                async with self._lock:
                    if self._consumer is None:
                        await self._open()
                assert self._consumer is not None
                ends = await self._consumer.end_offsets(self._places)
                for place, end in ends.items():
                    while await self._consumer.position(place) < end:
                        self._moved.clear()
                        with suppress(TimeoutError):
                            await asyncio.wait_for(self._moved.wait(), 0.05)
                return
            except (KafkaError, OSError, reading.MissingTopic) as error:
                log.warning("cannot read subscriptions, trying again", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(AGAIN_SECONDS)

    async def _open(self) -> None:
        consumer = AIOKafkaConsumer(
            **self._settings.client(), enable_auto_commit=False, auto_offset_reset="earliest", fetch_max_wait_ms=50
        )
        try:
            await consumer.start()
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
            except (KafkaError, OSError) as error:
                log.warning("cannot read subscriptions, trying again", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(AGAIN_SECONDS)

    async def _poll(self, consumer: AIOKafkaConsumer) -> None:
        for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
            for record in records:
                self._put(record)

    def _put(self, record: Any) -> None:
        id = (record.key or b"").decode("utf-8", "replace")
        if not record.value:
            self._known.pop(id, None)
            return
        found = codec.decode(record.value, _Read)
        if isinstance(found, codec.Bad):
            log.debug("subscription passed over", subscription=id, reason=found.error)
            return
        self._known[found.id] = Subscriber(
            offset=record.offset,
            paused=found.paused,
            sse=any(outlet.kind == "sse" for outlet in found.outlets),
            webhooks={outlet_id(outlet.url or ""): outlet for outlet in found.outlets if outlet.kind == "webhook"},
        )

    async def close(self) -> None:
        """Stop following."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._consumer is not None:
            await self._consumer.stop()
