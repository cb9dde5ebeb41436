"""Where a partition ends now."""

from __future__ import annotations

from aiokafka import AIOKafkaConsumer, TopicPartition

WAIT_MS = 2_000


async def end_of(consumer: AIOKafkaConsumer, place: TopicPartition) -> int:
    """The offset that comes next. The consumer is assigned to the partition, its position moves.

    The embedded broker names the first record of the last batch as the end; the answer to a fetch tells the true one.
    """
    begin: int = (await consumer.beginning_offsets([place]))[place]
    end: int = (await consumer.end_offsets([place]))[place]
    if end <= begin:
        return end
    consumer.assign([place])
    consumer.seek(place, end - 1)
    await consumer.getmany(place, timeout_ms=WAIT_MS, max_records=1)
    return max(end, consumer.highwater(place) or 0)
