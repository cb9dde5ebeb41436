"""Alerts of one subscription that belong together wait for each other: group wait, group interval and cap, in the log's time.

As in Prometheus Alertmanager: the first alert of a group waits ``wait`` seconds for company; what comes later waits until ``interval``
seconds after the group was last told. Time enters by ticks only, so a replay repeats.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from newsfeed.records import Alert, Enriched, Subscription
from newsfeed.subscriptions.alerts import also_told

KEEP_MS = 30 * 86_400_000  # a group that says nothing for so long begins anew
MOST_ALSO = 100  # of one alert, where the subscription names no cap


class _Group(msgspec.Struct, array_like=True):
    """What waits: the alerts in order of arrival, the log time they leave, the cap, and when the group was last told."""

    due_ms: int | None = None
    told_ms: int | None = None
    cap: int | None = None
    interval_ms: int = 0
    waiting: list[Alert] = []
    more: int = 0


class Grouper:
    """The groups of many subscriptions; a pure state machine.

    `add` gives what leaves at once, `tick` what has become due; both are functions of the calls before them.
    """

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], _Group] = {}
        self._now = 0

    def __len__(self) -> int:
        return sum(len(group.waiting) for group in self._groups.values())

    def add(self, alert: Alert, key: str, subscription: Subscription, time_ms: int) -> list[Alert]:
        """An alert joins its group (see `group_key`). Without timers, and for corrections and withdrawals, it leaves at once.

        An alert that waits already (a replay) is not added twice; a newer version of an article that waits takes its place.
        """
        self._now = max(self._now, time_ms)
        rule = subscription.group
        if rule is None or alert.corrects is not None or not (rule.wait > 0 or rule.interval > 0):
            return [alert]
        group = self._groups.setdefault((subscription.id, key), _Group())
        group.cap, group.interval_ms = subscription.cap, max(0, int(rule.interval * 1000))
        if group.due_ms is None:
            begins = group.told_ms is None or time_ms - group.told_ms >= group.interval_ms
            group.due_ms = (
                time_ms + max(0, int(rule.wait * 1000)) if begins else (group.told_ms or 0) + group.interval_ms
            )
        for number, other in enumerate(group.waiting):
            if other.article_id == alert.article_id:
                if (alert.version or 0) > (other.version or 0):
                    group.waiting[number] = alert
                return []
        if len(group.waiting) <= (MOST_ALSO if group.cap is None else max(1, group.cap) - 1):
            group.waiting.append(alert)
        else:
            group.more += 1
        return self._leave() if group.due_ms <= self._now else []

    def withdraw(self, subscription: str, article_id: str) -> bool:
        """An article was withdrawn while it waited: it is not told. Whether it waited."""
        found = False
        for (owner, _), group in self._groups.items():
            if owner == subscription:
                kept = [alert for alert in group.waiting if alert.article_id != article_id]
                found = found or len(kept) < len(group.waiting)
                group.waiting = kept
                if not kept:
                    group.due_ms, group.more = None, 0
        return found

    def tick(self, time_ms: int) -> list[Alert]:
        """The log's time is ``time_ms``: what is due leaves, in order of due time, subscription and group."""
        self._now = max(self._now, time_ms)
        return self._leave()

    def drop(self, subscription: str) -> None:
        """A subscription is gone: what waits for it is not told."""
        self._groups = {key: group for key, group in self._groups.items() if key[0] != subscription}

    def _leave(self) -> list[Alert]:
        due = sorted(
            (group.due_ms, key)
            for key, group in self._groups.items()
            if group.due_ms is not None and group.due_ms <= self._now
        )
        out = []
        for due_ms, key in due:
            group = self._groups[key]
            first, *rest = group.waiting
            out.append(replace(first, also=[also_told(alert) for alert in rest], more=group.more))
            group.waiting, group.more, group.due_ms, group.told_ms = [], 0, None, due_ms
        limit = self._now - KEEP_MS
        for key in [key for key, group in self._groups.items() if group.due_ms is None and self._over(group, limit)]:
            del self._groups[key]
        return out

    def _over(self, group: _Group, limit: int) -> bool:
        return group.told_ms is None or group.told_ms < limit or self._now - group.told_ms >= group.interval_ms

    def snapshot(self) -> bytes:
        """The state as bytes, equal for equal states."""
        return msgspec.msgpack.encode((self._now, sorted(self._groups.items(), key=lambda item: item[0])))

    def restore(self, state: bytes) -> None:
        """Take the state of a `snapshot`; what was there before is gone.

        Raises:
            ValueError: the bytes are no snapshot.
        """
        try:
            kind = tuple[int, list[tuple[tuple[str, str], _Group]]]
            self._now, groups = msgspec.msgpack.decode(state, type=kind)
        except msgspec.MsgspecError as error:
            raise ValueError(f"no snapshot of groups: {error}") from None
        self._groups = dict(groups)


def group_key(enriched: Enriched, by: str) -> str:
    """What an article is grouped by: the root of its text, its foremost actor, or its foremost topic; its own id where it has none."""
    if by == "actor" and enriched.actors:
        return min(enriched.actors, key=lambda actor: (-actor.salience, actor.id)).id
    if by == "topic" and enriched.topics:
        return min(enriched.topics, key=lambda topic: (-topic.score, topic.id)).id
    return enriched.verdict.root if by == "root" else enriched.article_id
