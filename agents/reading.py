"""Reading a topic from the command line: from a beginning to the end that it has now, or on and on."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from heapq import heapify, heappop, heappush
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from agents import clients
from agents.settings import Settings

POLL_MS = 200
ONE_MS = 2_000
Record = Any  # aiokafka.ConsumerRecord, which has no types


class MissingTopic(Exception):
    """The broker has no such topic; the message says what to do."""


async def places(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    """The partitions of a topic.

    Raises:
        MissingTopic: there is none of this name.
    """
    # The consumer itself keeps metadata of assigned topics only, so it cannot tell the partitions of one that it comes to read.
    cluster = await consumer._client.fetch_all_metadata()
    if topic not in cluster.topics():
        raise MissingTopic(f"the broker has no topic {topic}; create it with `newsfeed topics create`")
    return [TopicPartition(topic, number) for number in sorted(cluster.partitions_for_topic(topic) or ())]


@asynccontextmanager
async def _bounded(
    settings: Settings, topic: str, since_ms: int | None
) -> AsyncIterator[tuple[AIOKafkaConsumer, dict[TopicPartition, int]]]:
    """A consumer at the beginning, or at a time, of every partition, and where they end now."""
    async with clients.consumer(settings) as consumer:
        found = await places(consumer, topic)
        consumer.assign(found)
        ends = await consumer.end_offsets(found)
        if since_ms is None:
            await consumer.seek_to_beginning(*found)
        else:
            for place, first in (await consumer.offsets_for_times(dict.fromkeys(found, since_ms))).items():
                consumer.seek(place, ends[place] if first is None else first.offset)
        yield consumer, ends


async def whole(settings: Settings, topic: str, *, since_ms: int | None = None) -> AsyncGenerator[Record, None]:
    """Every record from the first that is kept to the end at the time of the call; partition after partition interleaved.

    Args:
        since_ms: begin with the first record of this time or later, milliseconds of the log's time.

    Raises:
        MissingTopic, Unreachable.
    """
    async with _bounded(settings, topic, since_ms) as (consumer, ends):
        left = {place for place in ends if await consumer.position(place) < ends[place]}
        confirmed: set[TopicPartition] = set()
        while left:
            batches = await consumer.getmany(*left, timeout_ms=POLL_MS)
            for place, records in batches.items():
                if place not in confirmed:
                    # The embedded broker names the first record of the last batch as the end; a fetch tells the true one.
                    confirmed.add(place)
                    ends[place] = max(ends[place], consumer.highwater(place) or 0)
                for record in records:
                    if record.offset < ends[place]:
                        yield record
            # A position may move over markers that are no records, so it is asked and not counted.
            left = {place for place in left if await consumer.position(place) < ends[place]}


async def since(
    settings: Settings, topic: str, time_ms: int, told: Callable[[int, int], None]
) -> AsyncGenerator[Record, None]:
    """Records from a time on to the end at the time of the call, all partitions merged in order of their time.

    Args:
        time_ms: the earliest time, milliseconds since 1970.
        told: called after every fetch with how many records were read and how many there are (where none is compacted away).

    Raises:
        MissingTopic, Unreachable.
    """
    async with _bounded(settings, topic, time_ms) as (consumer, ends):
        left = {place: ends[place] - await consumer.position(place) for place in ends}
        total, read = sum(left.values()), 0

        async def fetched(place: TopicPartition) -> deque[Record]:
            """The next records of a partition; none at its end."""
            nonlocal read
            first = True
            while await consumer.position(place) < ends[place]:
                batch = (await consumer.getmany(place, timeout_ms=POLL_MS)).get(place, [])
                if first:  # see `whole`
                    first, ends[place] = False, max(ends[place], consumer.highwater(place) or 0)
                kept = deque(record for record in batch if record.offset < ends[place])
                read += len(kept)
                told(read, max(total, read))
                if kept:
                    return kept
            return deque()

        heads = {place: await fetched(place) for place in ends}
        queue = [(records[0].timestamp, place.partition, place) for place, records in heads.items() if records]
        heapify(queue)
        while queue:
            _, _, place = heappop(queue)
            record = heads[place].popleft()
            if record.timestamp >= time_ms:
                yield record
            if not heads[place]:
                heads[place] = await fetched(place)
            if heads[place]:
                heappush(queue, (heads[place][0].timestamp, place.partition, place))


async def one(settings: Settings, topic: str, partition: int, offset: int) -> Record | None:
    """The record of a position; None where there is none."""
    async with clients.consumer(settings) as consumer:
        place = TopicPartition(topic, partition)
        if place not in await places(consumer, topic):
            return None
        consumer.assign([place])
        if offset < (await consumer.beginning_offsets([place]))[place]:
            return None
        consumer.seek(place, offset)
        for records in (await consumer.getmany(place, timeout_ms=ONE_MS, max_records=1)).values():
            return records[0] if records[0].offset == offset else None
        return None


async def follow(settings: Settings, topic: str, *, from_beginning: bool) -> AsyncGenerator[Record, None]:
    """Records as they come, without end.

    Raises:
        MissingTopic, Unreachable.
    """
    async with clients.consumer(settings) as consumer:
        found = await places(consumer, topic)
        consumer.assign(found)
        await (consumer.seek_to_beginning if from_beginning else consumer.seek_to_end)(*found)
        while True:
            for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                for record in records:
                    yield record
