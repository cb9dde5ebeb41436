"""Alerts of one subscription that belong together wait for each other: group wait, group interval and cap, in the log's time.

As in Prometheus Alertmanager: the first alert of a group waits ``wait`` for company; what comes later waits until ``interval`` after
the group was last told. Time enters with the records only, so a replay repeats.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping

import msgspec
from msgspec.structs import replace

from newsfeed.records import Alert, Company, Enriched, Subscription
from newsfeed.subscriptions.alerts import also_told

MOST_ALSO = 100  # of one alert, where the subscription names no cap
MOST_COUNTED = 200  # as many events as *tag* may write again after a crash, with the usual size of a batch
ENOUGH = 12  # hex digits of an alert's id, to tell some hundred of them apart
MOST_WAIT_MS = 86_400_000  # what waits must still stand in news.matches.v1 when a worker takes over

Key = tuple[str, str]  # subscription, group key


class _Group(msgspec.Struct):
    """``waiting``: offset and alert in order of arrival; ``due_ms``: when they leave; ``told_ms``: when the group was last told.

    ``more``: how many were beyond the cap; ``counted``: the newest of these, also of the alerts before, by the beginning of their ids.
    """

    due_ms: int | None = None
    told_ms: int | None = None
    interval_ms: int = 0
    more: int = 0
    waiting: list[tuple[int, Alert]] = []
    counted: list[str] = []
    wound_ms: int | None = None

    def ends_ms(self) -> int | None:
        """When the group next needs attention: to leave, or to be forgotten; ``wound_ms`` is what the clock knows of it."""
        if self.due_ms is not None:
            return self.due_ms
        return None if self.told_ms is None else self.told_ms + self.interval_ms


class GroupState(msgspec.Struct, frozen=True, array_like=True):
    """A group as it is kept outside: what waits is named by its offset in the log, where the alert itself stands.

    Attributes:
        until: the records before this offset have been applied.
    """

    until: int
    due_ms: int | None = None
    told_ms: int | None = None
    interval_ms: int = 0
    more: int = 0
    waiting: list[int] = []
    counted: list[str] = []

    @property
    def over(self) -> bool:
        """Whether nothing is left to be remembered."""
        return self.due_ms is None and self.told_ms is None


class Grouper:
    """The groups of many subscriptions; a pure state machine over one log.

    Each call names the offset of the record that causes it, in rising order; times are the records'.
    """

    def __init__(self) -> None:
        self._groups: dict[Key, _Group] = {}
        self._where: dict[str, set[Key]] = {}  # articles that wait
        self._clock: list[tuple[int, Key]] = []
        self._changed: dict[Key, None] = {}
        self._ahead: dict[Key, int] = {}

    def __len__(self) -> int:
        return sum(len(group.waiting) for group in self._groups.values())

    def __contains__(self, key: Key) -> bool:
        return key in self._groups

    def add(self, alert: Alert, company: Company | None, time_ms: int, offset: int) -> list[Alert]:
        """An alert joins its company; without any, or without timers, it leaves at once.

        A newer version of an article that waits takes its place. What was counted and stands in the log a second time changes nothing.
        """
        if company is None or not (company.wait_ms > 0 or company.interval_ms > 0):
            return [alert]
        key = (alert.subscription, company.key)
        if offset < self._ahead.get(key, 0):
            return []
        group, mark = self._groups.setdefault(key, _Group()), alert.alert_id[:ENOUGH]
        if mark in group.counted:
            return []
        group.interval_ms = min(company.interval_ms, MOST_WAIT_MS)
        if group.due_ms is None:
            begins = group.told_ms is None or time_ms - group.told_ms >= group.interval_ms
            wait = min(company.wait_ms, MOST_WAIT_MS)
            group.due_ms = time_ms + wait if begins else (group.told_ms or 0) + group.interval_ms
        for number, (_, other) in enumerate(group.waiting):
            if other.article_id == alert.article_id:
                if (alert.version or 0) > (other.version or 0):
                    group.waiting[number] = (offset, alert)
                return self._noted(key, group)
        if len(group.waiting) <= (MOST_ALSO if company.cap is None else max(1, company.cap) - 1):
            group.waiting.append((offset, alert))
            self._where.setdefault(alert.article_id, set()).add(key)
        else:
            group.more += 1
            group.counted = [*group.counted, mark][-MOST_COUNTED:]
        return self._leave(key, group, time_ms) if group.due_ms <= time_ms else self._noted(key, group)

    def withdraw(self, article_id: str, offset: int) -> None:
        """An article was withdrawn: where it waits, it is not told."""
        for key, group in self._waiting(article_id, offset):
            group.waiting = [(at, alert) for at, alert in group.waiting if alert.article_id != article_id]
            self._gone(key, article_id)
            if not group.waiting:
                group.due_ms, group.more = None, 0
            self._noted(key, group)

    def hurry(self, article_id: str, time_ms: int, offset: int, wanted: Callable[[str], bool]) -> list[Alert]:
        """An article was corrected: the groups it waits in leave now, so that the correction can follow them.

        Args:
            wanted: whether a subscription wants the correction.
        """
        found = [(key, group) for key, group in self._waiting(article_id, offset) if wanted(key[0])]
        return [alert for key, group in found for alert in self._leave(key, group, time_ms)]

    def tick(self, time_ms: int, offset: int) -> list[Alert]:
        """The log's time is ``time_ms``: what is due leaves, in order of due time, subscription and group."""
        out: list[Alert] = []
        later = []
        while self._clock and self._clock[0][0] <= time_ms:
            at, key = heapq.heappop(self._clock)
            group = self._groups.get(key)
            if group is None or group.ends_ms() != at:
                continue
            group.wound_ms = None
            if offset < self._ahead.get(key, 0):
                later.append((key, group))
            elif group.due_ms is not None:
                out += self._leave(key, group, time_ms)
            else:
                self._forget(key)
        for key, group in later:
            self._wind(key, group)
        return out

    def changed(self, until: int) -> dict[Key, GroupState]:
        """The groups that changed since the last call, as of the records before ``until``; over is what can be forgotten."""
        out = {}
        for key in sorted(self._changed):
            group = self._groups.get(key)
            out[key] = GroupState(until) if group is None else GroupState(
                until, group.due_ms, group.told_ms, group.interval_ms, group.more, [at for at, _ in group.waiting], group.counted
            )  # fmt: skip
        self._changed.clear()
        self._ahead = {key: at for key, at in self._ahead.items() if at > until}
        return out

    def load(self, key: Key, state: GroupState, alerts: Mapping[int, Alert]) -> None:
        """Take a state that `changed` gave; ``alerts``: what stands at the offsets. What is not there any more is not told."""
        self._ahead[key] = state.until
        waiting = [(at, alerts[at]) for at in state.waiting if at in alerts]
        due_ms = state.due_ms if waiting else None
        if due_ms is None and state.told_ms is None:
            return
        self._groups[key] = group = _Group(due_ms, state.told_ms, state.interval_ms, state.more, waiting, state.counted)
        for _, alert in waiting:
            self._where.setdefault(alert.article_id, set()).add(key)
        self._wind(key, group)

    def _waiting(self, article_id: str, offset: int) -> list[tuple[Key, _Group]]:
        keys = sorted(self._where.get(article_id, ()))
        return [(key, self._groups[key]) for key in keys if offset >= self._ahead.get(key, 0)]

    def _gone(self, key: Key, article_id: str) -> None:
        keys = self._where[article_id]
        keys.discard(key)
        if not keys:
            del self._where[article_id]

    def _leave(self, key: Key, group: _Group, time_ms: int) -> list[Alert]:
        (_, first), *rest = group.waiting
        told = replace(first, also=[also_told(alert) for _, alert in rest], more=group.more)
        for _, alert in group.waiting:
            self._gone(key, alert.article_id)
        group.waiting, group.more, group.due_ms = [], 0, None
        group.told_ms = time_ms
        self._noted(key, group)
        return [told]

    def _noted(self, key: Key, group: _Group) -> list[Alert]:
        self._changed[key] = None
        if group.due_ms is None and (group.told_ms is None or group.interval_ms <= 0):
            self._forget(key)
        else:
            self._wind(key, group)
        return []

    def _wind(self, key: Key, group: _Group) -> None:
        at = group.ends_ms()
        if at is not None and at != group.wound_ms:
            group.wound_ms = at
            heapq.heappush(self._clock, (at, key))

    def _forget(self, key: Key) -> None:
        self._changed[key] = None
        self._groups.pop(key, None)


def company(subscription: Subscription, enriched: Enriched) -> Company | None:
    """The group that an alert of this article joins; None where the subscription has no timers."""
    rule = subscription.group
    if rule is None:
        return None
    wait_ms, interval_ms = (int(min(max(seconds, 0.0), 86_400.0) * 1000) for seconds in (rule.wait, rule.interval))
    if not (wait_ms or interval_ms):
        return None
    return Company(group_key(enriched, rule.by), wait_ms, interval_ms, subscription.cap)


def group_key(enriched: Enriched, by: str) -> str:
    """What an article is grouped by: the root of its text, its foremost actor, or its foremost topic; its own id where it has none."""
    if by == "actor" and enriched.actors:
        return min(enriched.actors, key=lambda actor: (-actor.salience, actor.id)).id
    if by == "topic" and enriched.topics:
        return min(enriched.topics, key=lambda topic: (-topic.score, topic.id)).id
    return enriched.verdict.root if by == "root" else enriched.article_id
