"""Every subscription, and who was told of what: read from the log at start, then followed while the worker runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from agents import logs
from agents.ends import end_of
from agents.settings import Settings
from newsfeed.records import Alert, Subscription
from newsfeed.subscriptions import Matcher, QueryError
from newsfeed.subscriptions.told import Told
from topics import codec
from topics.catalogue import ALERTS, SUBSCRIPTIONS

log = logs.get("directory")

POLL_MS = 200


class Directory:
    """The matcher and the tellings, kept up to date from news.subscriptions.v1 and news.alerts.v1.

    A subscription that cannot be used is logged and passed over: it harms nobody else.
    """

    def __init__(self, settings: Settings, resolve: Callable[[str], list[str]] | None) -> None:
        self._settings = settings
        self.matcher = Matcher(resolve)
        self.told = Told(settings.told_days)
        self._consumer: AIOKafkaConsumer | None = None
        self._task: asyncio.Task[None] | None = None
        self._subscriptions = settings.sizing.name(SUBSCRIPTIONS)
        self._alerts = settings.sizing.name(ALERTS)

    async def ready(self) -> None:
        """Read both topics up to their ends; the first call starts following them."""
        if self._consumer is not None:
            return
        consumer = AIOKafkaConsumer(
            **self._settings.client(), enable_auto_commit=False, auto_offset_reset="earliest", fetch_max_wait_ms=50
        )
        await consumer.start()
        places = [
            TopicPartition(topic, partition)
            for topic in (self._subscriptions, self._alerts)
            for partition in sorted(await _partitions(consumer, topic))
        ]
        ends = {place: await end_of(consumer, place) for place in places}
        consumer.assign(places)
        for place in places:
            await consumer.seek_to_beginning(place)
        self._consumer = consumer
        for place in places:
            while await consumer.position(place) < ends[place]:
                await self._poll()
        log.info("subscriptions ready", subscriptions=len(self.matcher))
        self._task = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        while True:
            try:
                await self._poll()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("cannot read subscriptions, trying again", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(1)

    async def _poll(self) -> None:
        assert self._consumer is not None
        for place, records in (await self._consumer.getmany(timeout_ms=POLL_MS)).items():
            for record in records:
                (self._subscribe if place.topic == self._subscriptions else self._tell)(record)

    def _subscribe(self, record: Any) -> None:
        id = (record.key or b"").decode("utf-8", "replace")
        if record.value is None or record.value == b"":
            self.matcher.remove(id)
            return
        subscription = codec.decode(record.value, Subscription)
        if isinstance(subscription, codec.Bad):
            log.warning("subscription passed over", subscription=id, reason=subscription.error)
            return
        try:
            self.matcher.put(subscription)
        except Exception as error:  # whatever it is, the other subscriptions go on
            told = str(error) if isinstance(error, QueryError) else f"{type(error).__name__}: {error}"
            log.warning("subscription passed over", subscription=subscription.id, reason=told[:500])

    def _tell(self, record: Any) -> None:
        alert = codec.decode(record.value, Alert)
        if not isinstance(alert, codec.Bad):
            self.told.remember(alert, record.timestamp)

    async def close(self) -> None:
        """Stop following."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._consumer is not None:
            await self._consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    # The consumer itself keeps metadata of assigned topics only.
    cluster = await consumer._client.fetch_all_metadata()
    found: set[int] | None = cluster.partitions_for_topic(topic)
    return found or set()
