"""The demo's hands on Kafka: it publishes the feed, and tells the board what it reads from the topics that come out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from agents.demo.board import Board
from agents.demo.sample import SampleMessage
from newsfeed.records import Alert, DeadLetter, Enriched, Subscription, Verdict
from topics.catalogue import ALERTS, DEAD, ENRICHED, RAW, SUBSCRIPTIONS, VERDICTS, Sizing
from topics.codec import Bad, decode, encode
from topics.deadletters import origin

POLL_MS = 100
T = TypeVar("T")


async def subscribe(producer: AIOKafkaProducer, sizing: Sizing, subscriptions: list[Subscription]) -> None:
    """Put subscriptions where the alerting agents read them."""
    for subscription in subscriptions:
        await producer.send_and_wait(
            sizing.name(SUBSCRIPTIONS),
            key=subscription.id.encode(),
            value=encode(subscription),
            headers=[("content-type", b"application/json")],
        )


class Wire:
    """One conversation: what is published and what comes of it, in an order that cannot race.

    A verdict may arrive before the broker has told us where its message stands; so reading waits while a message is sent.
    """

    def __init__(self, *, sizing: Sizing, board: Board, changed: Callable[[], None]) -> None:
        self._sizing, self._board, self._changed = sizing, board, changed
        self._sending = asyncio.Lock()

    async def publish(
        self, producer: AIOKafkaProducer, messages: list[SampleMessage], pause: Callable[[], Awaitable[None]]
    ) -> None:
        """Send the messages one by one, pausing between them."""
        for message in messages:
            async with self._sending:
                placed = await producer.send_and_wait(
                    self._sizing.name(RAW),
                    key=message.key,
                    value=message.value,
                    headers=[("content-type", message.content_type.encode())],
                )
                self._board.published(message, placed.partition, placed.offset)
            await pause()

    async def listen(self, consumer: AIOKafkaConsumer) -> None:
        """Read until cancelled. The consumer must be subscribed to ``topics()``."""
        name, board = self._sizing.name, self._board
        readers: dict[str, Callable[[bytes | None], None]] = {
            name(VERDICTS): _reader(Verdict, board.verdict),
            name(ENRICHED): _reader(Enriched, board.enriched),
            name(ALERTS): _reader(Alert, board.alert),
        }
        while True:
            batches = await consumer.getmany(timeout_ms=POLL_MS)
            if not batches:
                continue
            async with self._sending:
                for record in (record for batch in batches.values() for record in batch):
                    if record.topic in readers:
                        readers[record.topic](record.value)
                    else:
                        self._dead(record.headers)
                self._changed()

    def _dead(self, headers: Any) -> None:
        found = origin(headers)
        if found is not None and found.position.topic == self._sizing.name(RAW):
            letter = msgspec.convert({"reason": found.reason, "detail": found.detail}, DeadLetter)
            self._board.dead_letter(found.position.partition, found.position.offset, letter)


def _reader(wanted: type[T], tell: Callable[[T], None]) -> Callable[[bytes | None], None]:
    """Decode and tell; what is no such record is passed over, others' records are not the demo's concern."""

    def read(value: bytes | None) -> None:
        found = decode(value, wanted)
        if not isinstance(found, Bad):
            tell(found)

    return read


def topics(sizing: Sizing) -> list[str]:
    """What the demo reads."""
    return [sizing.name(spec) for spec in (VERDICTS, ENRICHED, ALERTS, DEAD)]
