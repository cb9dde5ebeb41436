"""Alerts by their position in news.alerts.v1: the recent ones from memory, older ones read again."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from agents.settings import Settings
from newsfeed.records import Position

KEEP_BYTES = 64 << 20
AHEAD_BYTES = 1 << 20  # what is read again lies together: after a start, retries are next to each other
WAIT_MS = 5_000


class AlertLog:
    """The bodies of deliveries. A ledger names positions, so that a retry after a day or a restart needs no copy of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._kept: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        self._bytes = 0
        self._consumer: AIOKafkaConsumer | None = None
        self._lock = asyncio.Lock()

    def keep(self, partition: int, offset: int, value: bytes) -> None:
        """Remember a value; the ones that were used longest ago make room."""
        if (partition, offset) in self._kept:
            return
        self._kept[partition, offset] = value
        self._bytes += len(value)
        while self._bytes > KEEP_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest)

    async def value(self, at: Position) -> bytes | None:
        """The alert's bytes; None where the log no longer has it.

        Raises:
            KafkaError: no broker answers.
        """
        found = self._recent(at)
        if found is None:
            async with self._lock:
                found = self._recent(at)  # another one's reading may have brought it
                if found is None:
                    for record in await self._read(at):
                        self.keep(record.partition, record.offset, record.value or b"")
                        if record.offset == at.offset:
                            found = record.value or b""
        return found

    def _recent(self, at: Position) -> bytes | None:
        place = (at.partition, at.offset)
        if place in self._kept:
            self._kept.move_to_end(place)
        return self._kept.get(place)

    async def record(self, at: Position) -> Any | None:
        """The record with its key and headers; None where the log no longer has it.

        Raises:
            KafkaError: no broker answers.
        """
        async with self._lock:
            return next((record for record in await self._read(at) if record.offset == at.offset), None)

    async def _read(self, at: Position) -> list[Any]:
        """Records from a position on, as many as came at once."""
        if self._consumer is None:
            consumer = AIOKafkaConsumer(
                **self._settings.client(),
                enable_auto_commit=False,
                auto_offset_reset="latest",  # a position that is gone leads past it, not to another record
                max_partition_fetch_bytes=AHEAD_BYTES,
                fetch_max_wait_ms=50,
            )
            try:
                await consumer.start()
            except BaseException:
                await consumer.stop()
                raise
            self._consumer = consumer
        place = TopicPartition(at.topic, at.partition)
        self._consumer.assign([place])
        try:
            if at.offset < (await self._consumer.beginning_offsets([place]))[place]:
                return []
            self._consumer.seek(place, at.offset)
            found: list[Any] = (await self._consumer.getmany(place, timeout_ms=WAIT_MS)).get(place, [])
            return found
        finally:
            self._consumer.unsubscribe()

    async def close(self) -> None:
        """Close the reader."""
        if self._consumer is not None:
            await self._consumer.stop()
