"""Kafka as far as the agents can see it, in memory: what is durable, what is on its way, and a count of everything that changes it.

The process may die at any operation. What it leaves then is a `Durable`; of the records that were on their way any beginning of
each partition may have arrived, as with a producer that has one request a partition under way.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

from aiokafka import TopicPartition
from aiokafka.partitioner import DefaultPartitioner

Headers = tuple[tuple[str, bytes], ...]
Kind = Literal["send", "state write", "acknowledgement"]

STATES = ("news.window.v1", "news.groups.v1")
_partition = DefaultPartitioner()


@dataclass(frozen=True, slots=True)
class Record:
    """One record; ``offset`` is -1 while it is on its way."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    timestamp: int = 0
    offset: int = -1

    @property
    def place(self) -> TopicPartition:
        return TopicPartition(self.topic, self.partition)

    def header(self, name: str) -> str | None:
        return next((value.decode() for key, value in self.headers if key == name), None)


@dataclass
class Durable:
    """What outlives the process.

    Attributes:
        records: by partition; the offset is the place in the list.
        committed: by consumer group and partition, the offset that comes next.
        moment: how many moments of the script are over. written: whether the producers have written those of this one.
    """

    records: dict[TopicPartition, list[Record]]
    committed: dict[tuple[str, TopicPartition], int] = field(default_factory=dict)
    moment: int = 0
    written: bool = False

    def append(self, record: Record) -> Record:
        log = self.records[record.place]
        stored = replace(record, offset=len(log))
        log.append(stored)
        return stored

    def of(self, topic: str) -> list[Record]:
        """A topic's records, partition after partition."""
        return [record for place in sorted(self.records) if place.topic == topic for record in self.records[place]]

    def copy(self) -> Durable:
        records = {place: list(log) for place, log in self.records.items()}
        return replace(self, records=records, committed=dict(self.committed))


class Death(NamedTuple):
    """The process died at an operation: what was durable, and what was on its way."""

    number: int
    kind: Kind
    topic: str
    durable: Durable
    under_way: tuple[Record, ...]

    def left(self, rng: random.Random) -> Durable:
        """What the next process finds: any beginning of what was on its way to each partition has arrived."""
        found = self.durable.copy()
        for place in sorted({record.place for record in self.under_way}):
            waiting = [record for record in self.under_way if record.place == place]
            for record in waiting[: rng.randint(0, len(waiting))]:
                found.append(record)
        return found


class ScriptedLog:
    """One life of the process over a durable log.

    Attributes:
        time_ms: the broker's clock; it moves with the script only.
        deaths: one for each operation so far, in their order.
    """

    def __init__(self, durable: Durable) -> None:
        self.durable = durable
        self.time_ms = 0
        self.deaths: list[Death] = []
        self._under_way: list[Record] = []

    def _operation(self, kind: Kind, topic: str) -> None:
        """Note what would be left if the process died here, before the operation has any effect that lasts."""
        self.deaths.append(
            Death(len(self.deaths) + 1, kind, topic, self.durable.copy(), tuple(self._under_way))
        )  # fmt: skip

    def partitions(self, topic: str) -> list[int]:
        return sorted(place.partition for place in self.durable.records if place.topic == topic)

    def send(self, record: Record) -> Delivery:
        """A record goes on its way; it may or may not arrive until its delivery was awaited."""
        self._under_way.append(record)
        self._operation("state write" if record.topic in STATES else "send", record.topic)
        return Delivery(self, record)

    def deliver(self, record: Record) -> Record:
        """Let a record arrive, and before it what was sent to its partition before it."""
        while True:
            first = next(each for each in self._under_way if each.place == record.place)
            self._under_way = [each for each in self._under_way if each is not first]
            stored = self.durable.append(first)
            if first is record:
                return stored

    def commit(self, group: str, offsets: dict[TopicPartition, int]) -> None:
        """Commit offsets; what is on its way is not waited for."""
        self._operation("acknowledgement", group)
        self.durable.committed.update({(group, place): offset for place, offset in offsets.items()})


class Delivery:
    """Awaiting it is waiting for the broker's answer."""

    def __init__(self, log: ScriptedLog, record: Record) -> None:
        self._log, self._record = log, record
        self._stored: Record | None = None

    def __await__(self) -> Generator[None, None, Record]:
        yield
        return self.arrive()

    def arrive(self) -> Record:
        """The record as it stands in the log from now on."""
        if self._stored is None:
            self._stored = self._log.deliver(self._record)
        return self._stored


class Writer:
    """The part of aiokafka's producer that agents use."""

    def __init__(self, log: ScriptedLog) -> None:
        self._log = log

    async def send(
        self,
        topic: str,
        *,
        value: bytes | None,
        key: bytes | None,
        partition: int | None = None,
        headers: Iterable[tuple[str, bytes]] = (),
    ) -> Delivery:
        if partition is None:
            there = self._log.partitions(topic)
            partition = _partition(key, there, there) if key is not None else there[0]
        return self._log.send(Record(topic, partition, key, value, tuple(headers), self._log.time_ms))

    async def partitions_for(self, topic: str) -> set[int]:
        return set(self._log.partitions(topic))


class _Topics:
    """Metadata of the cluster."""

    def __init__(self, log: ScriptedLog) -> None:
        self._log = log

    async def fetch_all_metadata(self) -> _Topics:
        return self

    def topics(self) -> set[str]:
        return {place.topic for place in self._log.durable.records}

    def partitions_for_topic(self, topic: str) -> set[int]:
        return set(self._log.partitions(topic))


class Reader:
    """The part of aiokafka's consumer without a group that agents use."""

    def __init__(self, log: ScriptedLog, *_: Any, **__: Any) -> None:
        self._log = log
        self._client = _Topics(log)
        self._positions: dict[TopicPartition, int] = {}

    async def start(self) -> None: ...
    async def stop(self) -> None: ...

    def assign(self, places: Iterable[TopicPartition]) -> None:
        self._positions = {place: self._positions.get(place, 0) for place in places}

    def seek(self, place: TopicPartition, offset: int) -> None:
        self._positions[place] = offset

    async def seek_to_beginning(self, *places: TopicPartition) -> None:
        self._positions.update(dict.fromkeys(places, 0))

    async def position(self, place: TopicPartition) -> int:
        return self._positions[place]

    async def beginning_offsets(self, places: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(places, 0)

    async def end_offsets(self, places: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        return {place: len(self._log.durable.records[place]) for place in places}

    def highwater(self, place: TopicPartition) -> int:
        return len(self._log.durable.records[place])

    async def getmany(
        self, *places: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[TopicPartition, list[Record]]:
        found = {}
        for place in places or tuple(self._positions):
            begin = self._positions[place]
            records = self._log.durable.records[place][begin:][:max_records]
            if records:
                found[place] = records
                self._positions[place] = begin + len(records)
        await asyncio.sleep(0 if found else timeout_ms / 1000)
        return found


class Admin:
    """The part of aiokafka's admin client that agents use."""

    def __init__(self, log: ScriptedLog, *_: Any, **__: Any) -> None:
        self._log = log

    async def start(self) -> None: ...
    async def close(self) -> None: ...

    async def list_topics(self) -> list[str]:
        return sorted({place.topic for place in self._log.durable.records})
