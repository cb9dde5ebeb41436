"""The tellers of the partitions that this worker owns, and news.groups.v1, from which another worker goes on.

A teller's state stands in three places. Who was told: in news.alerts.v1 itself, each alert with the ``cause`` that it came of.
What waits: in news.groups.v1, one compacted record a group, which names the offsets of news.matches.v1 where the alerts stand.
How far everything is: a mark in news.groups.v1, one a tick. Alerts are in the log before the groups that they left, and groups before
the mark, so what a later record says is never of something that is not there yet; what is there too early waits for its turn.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Collection
from typing import Any

import msgspec
from aiokafka import TopicPartition

from agents import clients, logs
from agents.delivery import Sender
from agents.ends import end_of
from agents.settings import Settings
from newsfeed.records import Alert, Matched, MatchesRecord, Notice
from newsfeed.subscriptions import Ahead, GroupState, Heard, Mark, Subscribers, Teller
from topics import codec
from topics.catalogue import ALERTS, ENRICHED, GROUPS, MATCHES

log = logs.get("groups")

POLL_MS = 500
JUMP = 2_000  # offsets: a wider gap is jumped over, a smaller one is read through
PASSED = 100_000  # records before the first that are read where no mark says what they were
MARK_KEY = b""
CAUSE = "cause"  # header of an alert: offset and time of the record of news.matches.v1 that it came of

_pack = msgspec.msgpack.Encoder().encode
_key = msgspec.json.Decoder(tuple[str, str]).decode
_state = msgspec.msgpack.Decoder(GroupState).decode
_mark = msgspec.msgpack.Decoder(Mark).decode


class Groups:
    """Tellers by partition of news.matches.v1."""

    def __init__(self, settings: Settings, subscribers: Subscribers) -> None:
        self._settings = settings
        self._wants = subscribers.wants
        name = settings.sizing.name
        self._matches, self._groups, self._alerts = name(MATCHES), name(GROUPS), name(ALERTS)
        self._enriched = name(ENRICHED)
        self._tellers: dict[int, Teller] = {}
        self._over: dict[int, set[tuple[str, str]]] = {}
        self._reader = clients.Kept(settings, fetch_max_wait_ms=20)
        self._lock = asyncio.Lock()

    def assigned(self, partitions: Collection[int]) -> None:
        """After a rebalance: forget what was lost."""
        self._tellers = {partition: teller for partition, teller in self._tellers.items() if partition in partitions}

    async def ready(self, partition: int, offset: int) -> Teller:
        """The teller of a partition whose next record stands at ``offset``; read from the log where it is not at hand.

        A teller that has applied more than was committed is right as it stands: it is a function of the log. One that
        has applied less was overtaken by another worker.
        """
        teller = self._tellers.get(partition)
        if teller is None or teller.until < offset:
            async with self._lock:
                teller = self._tellers[partition] = await self._load(partition, offset)
        return teller

    async def write(self, sender: Sender, partition: int, teller: Teller, *, mark: bool) -> list[Awaitable[Any]]:
        """Hand over what changed; the returned futures are the deliveries. To be called when the alerts stand in the log."""
        over, sent = self._over.setdefault(partition, set()), []
        for key, state in teller.grouper.changed(teller.until).items():
            (over.add if state.over else over.discard)(key)
            sent.append(await self._put(sender, partition, msgspec.json.encode(key), _pack(state)))
        if mark:
            sent.append(await self._put(sender, partition, MARK_KEY, _pack(teller.mark())))
            # Behind the mark nobody reads again what a group has applied, so those that are over can be deleted.
            for key in sorted(over):
                sent.append(await self._put(sender, partition, msgspec.json.encode(key), None))
            over.clear()
        return sent

    async def _put(self, sender: Sender, partition: int, key: bytes, value: bytes | None) -> Awaitable[Any]:
        return await sender.send(self._groups, key=key, value=value, partition=partition)

    async def close(self) -> None:
        """Give everything back."""
        await self._reader.close()

    async def _load(self, partition: int, offset: int) -> Teller:
        began = time.monotonic()
        teller = Teller(self._wants, self._settings.told_days)
        end = await self._end(self._matches, partition)
        mark, states = await self._kept(partition)
        # Another worker may have marked meanwhile what came after the end was asked for.
        if mark.until > end and mark.until > (end := await self._end(self._matches, partition)):
            log.warning("news.matches.v1 was made anew: what waited in groups is not told", partition=partition)
            mark, states = Mark(), {}
        start = max(offset, mark.until)
        sources = {number: at for number, at in mark.sources.items() if at[0] < await self._end(self._enriched, number)}
        ahead = await self._told(teller, partition, start, end)
        teller.load(msgspec.structs.replace(mark, sources=sources), ahead)
        waiting = {at for state in states.values() for at in state.waiting}
        found = dict[int, Alert]()
        passed = max(mark.until, start - PASSED)
        wanted = waiting | set(mark.notices) | set(range(passed, start))
        async for record in self._records(self._matches, partition, sorted(wanted)):
            value = codec.decode(record.value, _ANY, MATCHES)
            if isinstance(value, codec.Bad):
                continue
            if isinstance(value, Matched) and record.offset in waiting:
                found[record.offset] = value.alert
            if record.offset >= passed:
                teller.pass_over(value, record.timestamp, record.offset)
            elif isinstance(value, Notice):
                teller.hold(value, record.timestamp, record.offset)
        teller.until = start
        for key in sorted(states):
            teller.grouper.load(key, states[key], found)
        self._over[partition] = {key for key, state in states.items() if state.over}
        log.info(
            "groups ready", partition=partition, told=len(teller.told), waiting=len(teller.grouper), ahead=len(ahead),
            until=start, seconds=round(time.monotonic() - began, 3),
        )  # fmt: skip
        return teller

    async def _kept(self, partition: int) -> tuple[Mark, dict[tuple[str, str], GroupState]]:
        """The newest mark and groups; of two records about one group the one that has applied more."""
        mark, states = Mark(), dict[tuple[str, str], GroupState]()
        async for record in self._records(self._groups, partition):
            try:
                if (record.key or b"") == MARK_KEY:
                    found = _mark(record.value or b"")
                    mark = found if found.until >= mark.until else mark
                    continue
                key = _key(record.key)
                if not record.value:
                    states.pop(key, None)
                    continue
                state = _state(record.value)
                if key not in states or state.until >= states[key].until:
                    states[key] = state
            except msgspec.MsgspecError as error:
                log.warning("no record of newsfeed", partition=partition, offset=record.offset, error=str(error)[:200])
        return mark, states

    async def _told(self, teller: Teller, partition: int, start: int, end: int) -> list[Ahead]:
        """Remember who was told; returns the alerts whose causes come again."""
        ahead = []
        async for record in self._records(self._alerts, partition):
            alert = codec.decode(record.value, Heard)
            if isinstance(alert, codec.Bad):
                continue
            said = next((value for name, value in record.headers if name == CAUSE), b"").decode("utf-8", "replace")
            at, _, when = said.partition("/")
            if not (at.isdecimal() and when.isdecimal()):  # of an earlier version
                teller.told.remember(alert, record.timestamp)
            elif start <= int(at) < end:
                ahead.append(Ahead(int(at), int(when), alert))
            else:
                teller.told.remember(alert, int(when), int(at))
        return ahead

    async def _records(self, topic: str, partition: int, offsets: list[int] | None = None) -> AsyncIterator[Any]:
        """The records of a partition up to its present end; all, or those at the offsets, which rise."""
        end = await self._end(topic, partition)
        if end == 0 or offsets == []:
            return
        consumer, place = await self._reader.get(), TopicPartition(topic, partition)
        consumer.assign([place])
        begin: int = (await consumer.beginning_offsets([place]))[place]
        wanted = None if offsets is None else deque(at for at in offsets if begin <= at < end)
        position = begin if wanted is None else wanted[0] if wanted else end
        consumer.seek(place, position)
        while position < end:
            for record in (await consumer.getmany(place, timeout_ms=POLL_MS)).get(place, []):
                if record.offset >= end:  # it came while this was read
                    break
                while wanted and wanted[0] < record.offset:
                    wanted.popleft()
                if wanted is None or (wanted and wanted[0] == record.offset):
                    yield record
            await asyncio.sleep(0)
            position = await consumer.position(place)
            if wanted is None:
                continue
            while wanted and wanted[0] < position:
                wanted.popleft()
            if not wanted:
                return
            if wanted[0] - position > JUMP:
                position = wanted[0]
                consumer.seek(place, position)

    async def _end(self, topic: str, partition: int) -> int:
        return await end_of(await self._reader.get(), TopicPartition(topic, partition))


_ANY: Any = MatchesRecord
