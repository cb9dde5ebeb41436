"""The copy windows of the partitions that this worker owns, rebuilt from news.window.v1 before their first article.

Each record of news.window.v1 holds the entries of one batch and says up to which offset of news.articles.v1 it reaches
(header ``until``) and under which rules it was written (``state_version``).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition

from agents import logs
from agents.ends import end_of
from agents.settings import HOUR_MS, Settings
from newsfeed.copies import STATE_VERSION, CopyWindow, unpack_entries
from newsfeed.pipeline import rules_hash
from topics.catalogue import ARTICLES, WINDOW

log = logs.get("window")

Headers = list[tuple[str, bytes]]

POLL_MS = 500
MARGIN_MS = HOUR_MS
REBUILD = (
    "To rebuild: stop the workers, delete news.window.v1 (and, to judge everything anew, the consumer group of deduplicate), "
    "run `newsfeed topics create`, start again."
)


class WindowError(Exception):
    """The window topic does not belong to this log or these rules; the message says how to rebuild."""


@dataclass
class Owned:
    """The window of one partition and how far news.window.v1 was read for it."""

    window: CopyWindow
    position: int = 0
    until: int = 0


class Windows:
    """Windows by partition of news.articles.v1."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._topic = settings.sizing.name(WINDOW)
        self._articles = settings.sizing.name(ARTICLES)
        self._owned: dict[int, Owned] = {}
        self._stale: set[int] = set()
        self._consumer: AIOKafkaConsumer | None = None
        self._rules = rules_hash(settings.actor_files, settings.subject_files)

    def assigned(self, partitions: set[int]) -> None:
        """After a rebalance: forget what was lost; what stayed may have been written to by another worker meanwhile."""
        for partition in [partition for partition in self._owned if partition not in partitions]:
            self._owned.pop(partition).window.close()
        self._stale = set(partitions)

    def get(self, partition: int) -> CopyWindow | None:
        """The window of a partition, if it is ready."""
        owned = self._owned.get(partition)
        return owned.window if owned is not None and partition not in self._stale else None

    def wrote(self, partition: int, position: int, until: int) -> None:
        """A record of this worker's own stands at ``position``: no need to read it again."""
        owned = self._owned.get(partition)
        if owned is not None:
            owned.position, owned.until = max(owned.position, position + 1), max(owned.until, until)

    async def ready(self, partition: int, committed: int) -> CopyWindow:
        """Bring the window of a partition up to date with the topic.

        Args:
            committed: the offset of news.articles.v1 that comes next; everything before it was judged.

        Raises:
            WindowError: other rules, a truncated topic, or a topic of another log.
        """
        owned = self._owned.get(partition)
        if owned is None:
            settings = self._settings
            window = CopyWindow(
                capacity=settings.window_articles,
                seconds=settings.window_hours * 3600,
                folder=settings.data_dir,
                rules=self._rules,
            )
            owned = self._owned[partition] = Owned(window)
        began = time.monotonic()
        loaded, read = await self._read(partition, owned)
        log.info(
            "window ready",
            partition=partition,
            entries=loaded,
            bytes=read,
            until=owned.until,
            seconds=round(time.monotonic() - began, 3),
        )
        if owned.until < committed and await self._begin(partition) < committed:
            raise WindowError(
                f"news.window.v1/{partition} reaches to offset {owned.until} of news.articles.v1, but {committed} is committed: it was truncated. {REBUILD}"
            )
        self._stale.discard(partition)
        return owned.window

    async def _read(self, partition: int, owned: Owned) -> tuple[int, int]:
        consumer = await self._client()
        place, articles = TopicPartition(self._topic, partition), TopicPartition(self._articles, partition)
        end, articles_end = await end_of(consumer, place), await end_of(consumer, articles)
        consumer.assign([place])
        start = owned.position or await self._start(consumer, place, end)
        consumer.seek(place, start)
        loaded = read = 0
        while start < end:
            got = await consumer.getmany(place, timeout_ms=POLL_MS)
            for record in got.get(place, []):
                entries = unpack_entries(record.value)
                owned.until = max(owned.until, _said(dict(record.headers), partition))
                loaded += owned.window.load(entries)
                read += len(record.value)
            start = await consumer.position(place)
            if loaded and read % (64 << 20) < (1 << 20):
                log.info("window loading", partition=partition, entries=loaded, done=f"{start}/{end}")
        owned.position = end
        if owned.until > articles_end:
            raise WindowError(
                f"news.window.v1/{partition} reaches to offset {owned.until}, but news.articles.v1 ends at {articles_end}: it was recreated. {REBUILD}"
            )
        return loaded, read

    async def _begin(self, partition: int) -> int:
        """The first offset that news.articles.v1 still holds."""
        place = TopicPartition(self._articles, partition)
        begin: int = (await (await self._client()).beginning_offsets([place]))[place]
        return begin

    async def _start(self, consumer: AIOKafkaConsumer, place: TopicPartition, end: int) -> int:
        """The first record that can hold a live entry: what is older than the window need not be read."""
        begin: int = (await consumer.beginning_offsets([place]))[place]
        if begin >= end:
            return begin
        consumer.seek(place, end - 1)
        got = await consumer.getmany(place, timeout_ms=POLL_MS, max_records=1)
        records = got.get(place)
        if not records:
            return begin
        since = records[0].timestamp - int(self._settings.window_hours * HOUR_MS) - MARGIN_MS
        found = (await consumer.offsets_for_times({place: max(0, since)}))[place]
        return max(begin, found.offset) if found is not None else begin

    async def _client(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            consumer = AIOKafkaConsumer(
                **self._settings.client(),
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                max_partition_fetch_bytes=8 << 20,
                fetch_max_wait_ms=20,
            )
            await consumer.start()
            self._consumer = consumer
        return self._consumer

    async def close(self) -> None:
        """Give everything back."""
        if self._consumer is not None:
            await self._consumer.stop()
            self._consumer = None
        for owned in self._owned.values():
            owned.window.close()


def headers(until: int) -> Headers:
    """Headers of a record of news.window.v1 that reaches up to (not including) offset ``until`` of news.articles.v1."""
    return [("state_version", STATE_VERSION.encode()), ("until", str(until).encode())]


def _said(found: dict[str, bytes], partition: int) -> int:
    version = found.get("state_version", b"").decode("utf-8", "replace")
    if version != STATE_VERSION:
        raise WindowError(
            f"news.window.v1/{partition} was written under rules {version or 'unknown'}, this worker has {STATE_VERSION}. {REBUILD}"
        )
    return int(found.get("until", b"0"))
