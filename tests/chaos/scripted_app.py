"""Faust as far as the agents can see it: an app that hands batches to its agent and acknowledges them when the body is done."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from aiokafka import TopicPartition
from scripted_log import Record, ScriptedLog, Writer

LOG_APPEND_TIME = ("news.raw.v1", "news.matches.v1")


@dataclass(frozen=True, slots=True)
class Message:
    """A consumed record as Faust gives it; ``timestamp`` in seconds."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    timestamp: float
    timestamp_type: int

    @classmethod
    def of(cls, record: Record) -> Message:
        return cls(
            record.topic, record.partition, record.offset, record.key, record.value, record.headers,
            record.timestamp / 1000, int(record.topic in LOG_APPEND_TIME),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    message: Message


class Signal:
    """Faust's signals: handlers are connected by a decorator."""

    def __init__(self) -> None:
        self._handlers: list[Callable[..., Awaitable[None]]] = []

    def connect(self, *, weak: bool) -> Callable[[Callable[..., Awaitable[None]]], Callable[..., Awaitable[None]]]:
        def keep(handler: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
            self._handlers.append(handler)
            return handler

        return keep

    async def send(self, *arguments: Any) -> None:
        for handler in self._handlers:
            await handler(*arguments)


class OneBatch:
    """A stream that gives one batch; it is acknowledged when the body is done with it, whatever became of the body."""

    def __init__(self, events: list[Event], acknowledge: Callable[[], None]) -> None:
        self._events, self._acknowledge = events, acknowledge

    async def take_events(self, most: int, within: float) -> AsyncIterator[list[Event]]:
        assert len(self._events) <= most
        try:
            yield self._events
        finally:
            self._acknowledge()


class _Producer:
    def __init__(self, log: ScriptedLog) -> None:
        self._producer = Writer(log)


class _Tables:
    def on_commit(self, offsets: dict[TopicPartition, int]) -> None: ...


class ScriptedApp:
    """The app of one agent, which owns every partition of its topic.

    Attributes:
        acknowledged: offsets that come next, of batches that are done and not committed.
    """

    def __init__(self, log: ScriptedLog, group: str) -> None:
        self._log, self.group = log, group
        self.producer, self.tables = _Producer(log), _Tables()
        self.on_partitions_assigned, self.on_partitions_revoked = Signal(), Signal()
        self.async_exit_stack = AsyncExitStack()
        self.rebalancing = False
        self._assignment: set[TopicPartition] = set()
        self._positions: dict[TopicPartition, int] = {}
        self.acknowledged: dict[TopicPartition, int] = {}
        self._body: Callable[[Any], Awaitable[None]] | None = None
        self.timers: list[Callable[[], Awaitable[None]]] = []

    # --- what agents call ---------------------------------------------------------------------------------------------

    def topic(self, name: str, **_: Any) -> str:
        return name

    def agent(self, topic: str, *, name: str) -> Callable[[Callable[[Any], Awaitable[None]]], None]:
        def keep(body: Callable[[Any], Awaitable[None]]) -> None:
            self._body = body
            self._assignment = {TopicPartition(topic, number) for number in self._log.partitions(topic)}

        return keep

    def timer(self, seconds: float) -> Callable[[Callable[[], Awaitable[None]]], None]:
        return self.timers.append

    # --- what the script does with it -----------------------------------------------------------------------------------

    async def start(self) -> None:
        """The first assignment: reading begins at what was committed."""
        committed = self._log.durable.committed
        self._positions = {place: committed.get((self.group, place), 0) for place in self._assignment}
        await self.on_partitions_assigned.send(self, self._assignment)

    @property
    def waits(self) -> bool:
        return any(position < len(self._log.durable.records[place]) for place, position in self._positions.items())

    async def batch(self, most: int) -> None:
        """Give the agent the next records of its partitions, in turn, and wait until it is done with them."""
        queues = [iter(self._log.durable.records[place][self._positions[place] :]) for place in sorted(self._positions)]
        taken: list[Record] = []
        while queues and len(taken) < most:
            record = next(queues[0], None)
            queues = queues[1:] if record is None else [*queues[1:], queues[0]]
            taken += [] if record is None else [record]
        ends = {record.place: record.offset + 1 for record in taken}
        self._positions.update(ends)
        assert self._body is not None
        events = [Event(Message.of(record)) for record in taken]
        await self._body(OneBatch(events, lambda: self.acknowledged.update(ends)))

    def commit(self) -> None:
        """Commit what was acknowledged."""
        if self.acknowledged:
            offsets, self.acknowledged = self.acknowledged, {}
            self._log.commit(self.group, offsets)
            self.tables.on_commit(offsets)
