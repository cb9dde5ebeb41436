"""Alerts by their position in news.alerts.v1: the recent ones from memory, older ones read again."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaTimeoutError

from agents import clients
from agents.ends import end_of
from agents.settings import Settings
from newsfeed.records import Position

KEEP_BYTES = 64 << 20
AHEAD_BYTES = 1 << 20  # what is read again lies together: after a start, retries are next to each other
WAIT_MS = 5_000


class AlertLog:
    """The bodies of deliveries. A ledger names positions, so that a retry after a day or a restart needs no copy of its own."""

    def __init__(self, settings: Settings) -> None:
        self._kept: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        self._bytes = 0
        # A position that is gone leads past it, not to another record.
        self._reader = clients.Kept(settings, auto_offset_reset="latest", max_partition_fetch_bytes=AHEAD_BYTES)
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
            KafkaError: no broker answers, or too slowly to say whether it is there.
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
            KafkaError: no broker answers, or too slowly to say whether it is there.
        """
        async with self._lock:
            return next((record for record in await self._read(at) if record.offset == at.offset), None)

    async def _read(self, at: Position) -> list[Any]:
        """Records from a position on, as many as came at once."""
        consumer, place = await self._reader.get(), TopicPartition(at.topic, at.partition)
        consumer.assign([place])
        try:
            if at.offset < (await consumer.beginning_offsets([place]))[place]:
                return []
            consumer.seek(place, at.offset)
            found: list[Any] = (await consumer.getmany(place, timeout_ms=WAIT_MS)).get(place, [])
            if not found and at.offset < await end_of(consumer, place):
                raise KafkaTimeoutError(f"{at.topic}/{at.partition}: no record at {at.offset} within {WAIT_MS} ms")
            return found
        finally:
            consumer.unsubscribe()

    async def close(self) -> None:
        """Close the reader."""
        await self._reader.close()
