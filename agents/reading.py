"""Read a topic from its beginning to what is its end now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

POLL_MS = 1_000


async def upto(consumer: AIOKafkaConsumer, *topics: str) -> AsyncIterator[Any]:
    """The records of the topics as they stand when the reading begins; topics that do not exist have none."""
    known = await consumer.topics()
    places = [
        TopicPartition(topic, partition)
        for topic in topics
        if topic in known
        for partition in sorted(consumer.partitions_for_topic(topic) or ())
    ]
    if not places:
        return
    consumer.assign(places)
    begins, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
    for place in places:
        consumer.seek(place, begins[place])
    left = {place for place in places if begins[place] < ends[place]}
    while left:
        for place, records in (await consumer.getmany(*left, timeout_ms=POLL_MS)).items():
            for record in records:
                if record.offset < ends[place]:
                    yield record
        left = {place for place in left if await consumer.position(place) < ends[place]}
