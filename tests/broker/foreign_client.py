"""What others' programs do: write raw messages and read topics with confluent-kafka, sharing no code with newsfeed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

Raw = tuple[bytes | None, bytes, str | None]  # key, value, content type


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands in a topic; ``timestamp_ms`` is the log's or its producer's, as the topic has it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    timestamp_ms: int = 0

    def header(self, name: str) -> str | None:
        return next((value.decode() for key, value in self.headers if key == name), None)


def write(servers: str, topic: str, messages: Iterable[Raw], *, pause: float = 0.0) -> int:
    """Produce messages in order; returns how many the broker confirmed."""
    producer = Producer(
        {
            "bootstrap.servers": servers,
            "acks": "all",
            "enable.idempotence": False,
            "linger.ms": 5,
            "message.max.bytes": 4 << 20,
            "log_level": 2,
        }
    )
    failed: list[str] = []
    sent = 0

    def told(error: object, _: object) -> None:
        if error is not None:
            failed.append(str(error))

    for key, value, content_type in messages:
        headers = [("content-type", content_type.encode())] if content_type else []
        while True:
            try:
                producer.produce(topic, value, key, on_delivery=told, headers=headers)
                break
            except BufferError:
                producer.poll(0.1)
        sent += 1
        producer.poll(0)
        if pause:
            time.sleep(pause)
    left = producer.flush(60)
    assert not failed, failed[:3]
    assert not left, f"{left} messages were not confirmed"
    return sent


def read(
    servers: str, *topics: str, until: Callable[[list[Record]], bool] | None = None, seconds: float = 60.0
) -> list[Record]:
    """Everything that stands in the topics, in the order of each partition.

    Without ``until``: up to the ends as they are now. With it: until it says that enough was read, or the time is over.
    """
    consumer = Consumer({
        "bootstrap.servers": servers, "group.id": "reads-without-a-trace", "enable.auto.commit": False, "auto.offset.reset": "earliest",
        "fetch.message.max.bytes": 8 << 20, "fetch.wait.max.ms": 50, "log_level": 2,
    })  # fmt: skip
    try:
        places = [TopicPartition(topic, partition, 0) for topic in topics for partition in _partitions(consumer, topic)]
        consumer.assign(places)
        return _read(consumer, places, until, time.monotonic() + seconds)
    finally:
        consumer.close()


def _partitions(consumer: Consumer, topic: str) -> Sequence[int]:
    found = consumer.list_topics(topic, timeout=10).topics[topic]
    if found.error is not None:
        raise KafkaException(found.error)
    return sorted(found.partitions)


def _read(
    consumer: Consumer, places: list[TopicPartition], until: Callable[[list[Record]], bool] | None, deadline: float
) -> list[Record]:
    found: list[Record] = []
    ends: dict[tuple[str, int], int] = {}
    if until is None:
        ends = {
            (place.topic, place.partition): consumer.get_watermark_offsets(place, timeout=10)[1] for place in places
        }
        ends = {place: end for place, end in ends.items() if end > 0}
        if not ends:
            return found
    while time.monotonic() < deadline:
        came = consumer.consume(500, timeout=0.2)
        for message in came:
            if message.error():
                raise KafkaException(message.error())
            headers = tuple((name, bytes(value)) for name, value in message.headers() or [])
            found.append(
                Record(
                    message.topic(),
                    message.partition(),
                    message.offset(),
                    message.key(),
                    message.value(),
                    headers,
                    message.timestamp()[1],
                )
            )
            if until is None and message.offset() + 1 >= ends.get((message.topic(), message.partition()), 0):
                ends.pop((message.topic(), message.partition()), None)
        # The embedded broker names the first record of the last batch as the end: go on until nothing comes.
        if until is None and not ends and not came:
            return found
        if until is not None and until(found):
            return found
    raise AssertionError(f"read {len(found)} records, then nothing more came: {_counts(found)}, missing {ends}")


def _counts(found: list[Record]) -> dict[str, int]:
    return {
        topic: sum(record.topic == topic for record in found) for topic in sorted({record.topic for record in found})
    }
