"""The copy windows of the partitions that this worker owns, rebuilt from news.window.v1 before their first article.

Each record of news.window.v1 holds the entries of one batch. Its headers say under which rules it was written
(``state_version``), which offsets of news.articles.v1 it covers (``from``, ``until``), the log's ``time`` there, and from
which offset on earlier entries were still needed then (``live``): with them a reader finds where to begin, and notices what
is missing.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, KafkaTimeoutError

from agents import clients, logs
from agents.delivery import Headers, fail_stop
from agents.ends import end_of
from agents.settings import HOUR_MS, Settings
from newsfeed.copies import STATE_VERSION, CopyWindow, unpack_entries
from newsfeed.pipeline import rules_hash
from topics.catalogue import ARTICLES, WINDOW

log = logs.get("window")

POLL_MS = 500
PATIENCE = 30.0  # seconds for one record to come: a broker that is slow is not a record that is missing
MINUTE_MS = 60_000
BACK = 16  # records read before the first that is needed: two workers may have written at once
SAY_EVERY = 5.0  # seconds
REBUILD = (
    "To rebuild: stop the workers, delete news.window.v1 and the consumer group of deduplicate, run `newsfeed topics create`, "
    "start again: what news.articles.v1 still holds is judged anew, and its verdicts are written again."
)
ANEW = (
    "To begin anew: take another NEWSFEED_TOPIC_PREFIX; or stop the workers, delete news.articles.v1, news.window.v1 and the consumer "
    "groups of clean and deduplicate, run `newsfeed topics create`, start again: what news.raw.v1 holds is read from its beginning."
)


class WindowError(Exception):
    """The window topic does not belong to this log or these rules; the message says how to rebuild."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the headers of a window record say."""

    begin: int
    until: int
    live: int
    time_ms: int


@dataclass
class Owned:
    """The window of one partition and how far news.window.v1 was read for it.

    Attributes:
        position: offset of the next record of news.window.v1 to read. begin, until: the articles that are covered.
        live: as the newest record says. marks: (offset of an article, log time up to there), one a minute of log time.
    """

    window: CopyWindow
    position: int | None = None
    begin: int = 0
    until: int = 0
    live: int = 0
    marks: deque[tuple[int, int]] = field(default_factory=deque)


class Windows:
    """Windows by partition of news.articles.v1."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._window_ms = int(settings.window_hours * HOUR_MS)
        self._topic = settings.sizing.name(WINDOW)
        self._articles = settings.sizing.name(ARTICLES)
        self._owned: dict[int, Owned] = {}
        self._stale: set[int] = set()
        self._reader = clients.Kept(settings, fetch_max_wait_ms=20)
        self._rules = rules_hash(settings.actor_files, settings.subject_files)
        self._lock = asyncio.Lock()
        self._preparing: asyncio.Task[None] | None = None

    def assigned(self, partitions: set[int]) -> None:
        """After a rebalance: forget what was lost; what stayed may have been written to by another worker meanwhile."""
        self._stale = set(partitions)
        if self._preparing is not None:
            self._preparing.cancel()
        self._preparing = asyncio.ensure_future(self._prepare(partitions))

    async def _prepare(self, partitions: set[int]) -> None:
        """Read ahead, so that the first article after an assignment waits less."""
        async with self._lock:
            for partition in [partition for partition in self._owned if partition not in partitions]:
                self._owned.pop(partition).window.close()
            try:
                for partition in sorted(partitions):
                    await self._refresh(partition)
            except WindowError as error:
                fail_stop(str(error))
            except (KafkaError, OSError) as error:
                log.warning("window not read yet", error=f"{type(error).__name__}: {error}")

    def get(self, partition: int) -> CopyWindow | None:
        """The window of a partition, if it is ready."""
        owned = self._owned.get(partition)
        return owned.window if owned is not None and partition not in self._stale else None

    async def ready(self, partition: int, committed: int) -> CopyWindow:
        """Bring the window of a partition up to date with the topic.

        Args:
            committed: the offset of news.articles.v1 that comes next; everything before it was judged.

        Raises:
            WindowError: other rules, a truncated topic, or a topic of another log.
        """
        async with self._lock:
            owned = await self._refresh(partition)
            if owned.until < committed and await self._first(partition) < committed:
                raise WindowError(
                    f"news.window.v1/{partition} reaches to offset {owned.until} of news.articles.v1, but everything before "
                    f"{committed} was judged: it was truncated. {REBUILD}"
                )
            self._stale.discard(partition)
            return owned.window

    def describe(self, partition: int, begin: int, until: int, time_ms: int) -> Headers:
        """Headers of the record that covers articles from ``begin`` up to (not including) ``until``.

        Args:
            time_ms: the newest log time among them; 0 where the log has none.
        """
        owned = self._owned[partition]
        self._mark(owned, begin, time_ms)
        owned.live = max(owned.live, self._still_live(owned, until))
        says = {"state_version": STATE_VERSION, "from": begin, "until": until, "live": owned.live, "time": time_ms}
        return [(name, str(value).encode()) for name, value in says.items()]

    def wrote(self, partition: int, position: int, until: int) -> None:
        """A record of this worker's own stands at ``position``: no need to read it again, if nothing stands before it."""
        owned = self._owned.get(partition)
        if owned is not None and owned.position == position:
            owned.position, owned.until = position + 1, max(owned.until, until)

    async def close(self) -> None:
        """Give everything back."""
        if self._preparing is not None:
            self._preparing.cancel()
        await self._reader.close()
        for owned in self._owned.values():
            owned.window.close()

    def _mark(self, owned: Owned, begin: int, time_ms: int) -> None:
        if not owned.marks or time_ms >= owned.marks[-1][1] + MINUTE_MS:
            owned.marks.append((begin, time_ms))

    def _still_live(self, owned: Owned, until: int) -> int:
        """The lowest offset that an article at ``until`` may be compared with; rather too low than too high."""
        limit = owned.marks[-1][1] - self._window_ms
        while len(owned.marks) > 1 and owned.marks[1][1] < limit:
            owned.marks.popleft()
        return max(until - self._settings.window_articles, owned.marks[0][0], 0)

    async def _refresh(self, partition: int) -> Owned:
        owned = self._owned.get(partition)
        if owned is None:
            settings = self._settings
            owned = Owned(
                CopyWindow(
                    capacity=settings.window_articles,
                    seconds=settings.window_hours * 3600,
                    folder=settings.data_dir,
                    rules=self._rules,
                )
            )
        # Kept at once: a rebalance breaks the reading off, and what was read need not be read again.
        self._owned[partition] = owned
        began = time.monotonic()
        loaded = await self._read(partition, owned)
        seconds = round(time.monotonic() - began, 3)
        log.info("window ready", partition=partition, entries=loaded, until=owned.until, seconds=seconds)
        return owned

    async def _read(self, partition: int, owned: Owned) -> int:
        """Load what was written since the last time; returns the number of entries."""
        consumer = await self._reader.get()
        place, articles = TopicPartition(self._topic, partition), TopicPartition(self._articles, partition)
        end, articles_end = await end_of(consumer, place), await end_of(consumer, articles)
        consumer.assign([place])
        position = await self._start(consumer, place, end) if owned.position is None else owned.position
        consumer.seek(place, position)
        loaded, told = 0, time.monotonic()
        while position < end:
            for record in (await consumer.getmany(place, timeout_ms=POLL_MS)).get(place, []):
                self._note(owned, said(record, partition), partition)
                loaded += owned.window.load(unpack_entries(record.value))
                owned.position = record.offset + 1
                await asyncio.sleep(0)
            position = await consumer.position(place)
            if time.monotonic() - told > SAY_EVERY:
                told = time.monotonic()
                log.info("window loading", partition=partition, entries=loaded, record=position, of=end)
        owned.position = max(position, end)
        # Another worker may have written meanwhile about articles that came after the end was asked for.
        if owned.until > articles_end and owned.until > (articles_end := await end_of(consumer, articles)):
            raise WindowError(
                f"news.window.v1/{partition} reaches to offset {owned.until}, but news.articles.v1 ends at {articles_end}: "
                f"it was recreated. {REBUILD}"
            )
        if owned.begin > owned.live:
            raise WindowError(
                f"news.window.v1/{partition} begins at article {owned.begin}, but {owned.live} is still in the window: "
                f"it was truncated. {REBUILD}"
            )
        return loaded

    def _note(self, owned: Owned, found: Said, partition: int) -> None:
        if not owned.until:
            owned.begin = found.begin
        elif found.begin > owned.until:
            raise WindowError(
                f"news.window.v1/{partition} has nothing about the articles from {owned.until} to {found.begin}: "
                f"a part of it is missing. {REBUILD}"
            )
        owned.until, owned.live = max(owned.until, found.until), max(owned.live, found.live)
        self._mark(owned, found.begin, found.time_ms)

    async def _first(self, partition: int) -> int:
        """The first offset that news.articles.v1 still holds."""
        place = TopicPartition(self._articles, partition)
        begin: int = (await (await self._reader.get()).beginning_offsets([place]))[place]
        return begin

    async def _start(self, consumer: AIOKafkaConsumer, place: TopicPartition, end: int) -> int:
        """The record to begin with: what is older than the window need not be read. Records cover rising offsets."""
        low: int = (await consumer.beginning_offsets([place]))[place]
        begin, high = low, end - 1
        if begin >= end:
            return end
        wanted = said(await _one(consumer, place, high), place.partition).live
        while low < high:
            middle = (low + high + 1) // 2
            if said(await _one(consumer, place, middle), place.partition).begin <= wanted:
                low = middle
            else:
                high = middle - 1
        return max(begin, low - BACK)


async def _one(consumer: AIOKafkaConsumer, place: TopicPartition, offset: int) -> Any:
    """The record at an offset, or the next one.

    Raises:
        KafkaTimeoutError: none came; that is no word about whether there is one.
    """
    consumer.seek(place, offset)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = (await consumer.getmany(place, timeout_ms=POLL_MS, max_records=1)).get(place)
        if found:
            return found[0]
    raise KafkaTimeoutError(f"{place.topic}/{place.partition}: no record at {offset} within {PATIENCE:g} s")


def said(record: Any, partition: int) -> Said:
    """The headers of a window record.

    Raises:
        WindowError: another state version, or no record of ours.
    """
    found = {name: value.decode("utf-8", "replace") for name, value in record.headers}
    version = found.get("state_version")
    if version != STATE_VERSION:
        raise WindowError(
            f"news.window.v1/{partition} was written under rules {version or 'unknown'}, this worker has {STATE_VERSION}. {REBUILD}"
        )
    try:
        return Said(int(found["from"]), int(found["until"]), int(found["live"]), int(found["time"]))
    except (KeyError, ValueError):
        raise WindowError(f"news.window.v1/{partition}/{record.offset} is no record of newsfeed. {REBUILD}") from None
