"""What one partition of news.matches.v1 tells to whom: matches join their groups, notices find who was told, ticks let time pass.

The one owner of "who was told". A pure function of the records and of which subscriptions there are; `mark` and `load` let another
worker go on from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple, Protocol

from msgspec import Struct

from newsfeed.records import Alert, Enriched, Matched, MatchesRecord, Notice, Tick
from newsfeed.subscriptions.alerts import alert_id, notice_alert
from newsfeed.subscriptions.grouper import Grouper
from newsfeed.subscriptions.told import Heard, Told

LATE_MS = 15 * 60_000  # how long after the notice that names it a match may come: partitions do not run far apart


class Wants(Protocol):
    """Whether a subscription exists, is not paused, and wants this trigger."""

    def __call__(self, id: str, trigger: str) -> bool: ...


class Outgoing(NamedTuple):
    """An alert that leaves; ``notice``: the correction or withdrawal that it tells, None for originals and updates."""

    alert: Alert
    notice: Notice | None


class Mark(Struct, frozen=True, array_like=True):
    """Where a teller stands.

    Attributes:
        until: the records before this offset have been applied.
        sources: by partition of news.enriched.v1 the last article's offset and the last subscription that were matched.
        notices: the offsets of the notices that a late match may still need.
    """

    until: int = 0
    sources: dict[int, tuple[int, str]] = {}
    notices: list[int] = []


class Ahead(NamedTuple):
    """An alert that stands in the log though its cause is still to be read again."""

    offset: int
    time_ms: int
    alert: Heard


class Teller:
    """Records in the order of their offsets; each gives what leaves because of it.

    Args:
        wants: which subscriptions there are now.
        days: how long what was told is remembered.
    """

    def __init__(self, wants: Wants, days: float = 30.0) -> None:
        self.told, self.grouper = Told(days), Grouper()
        self.until = 0
        self._wants = wants
        self._sources: dict[int, tuple[int, str]] = {}
        self._notices: dict[str, list[tuple[int, int, Notice]]] = {}
        self._ahead: list[Ahead] = []
        self._out: list[Outgoing] = []
        self._at = (0, 0)

    def take(self, record: MatchesRecord, time_ms: int, offset: int) -> list[Outgoing]:
        """Apply the record that stands at ``offset`` since ``time_ms``; what was applied before changes nothing."""
        if offset < self.until:
            return []
        self.until = offset + 1
        self._at, self._out = (time_ms, offset), []
        while self._ahead and self._ahead[-1].offset <= offset:
            ahead = self._ahead.pop()
            self.told.remember(ahead.alert, ahead.time_ms, ahead.offset)
        match record:
            case Matched():
                self._match(record)
            case Notice():
                self._notice(record)
            case Tick():
                for alert in self.grouper.tick(time_ms, offset):
                    if self._wants(alert.subscription, alert.trigger):
                        self._tell(alert)
                self._sweep(time_ms)
        return self._out

    def pass_over(self, record: MatchesRecord, time_ms: int, offset: int) -> None:
        """Take a record whose groups and tellings were loaded: only what `Mark` would have said of it."""
        self.until = max(self.until, offset + 1)
        if isinstance(record, Notice):
            self.hold(record, time_ms, offset)
        if not isinstance(record, Tick):
            self._fresh(record.source, record.alert.subscription if isinstance(record, Matched) else "")

    def mark(self) -> Mark:
        """Where it stands now."""
        offsets = sorted(offset for held in self._notices.values() for offset, _, _ in held)
        return Mark(self.until, dict(sorted(self._sources.items())), offsets)

    def load(self, mark: Mark, ahead: Iterable[Ahead] = ()) -> None:
        """Go on from a mark. ``ahead``: alerts whose causes come again; they count as told when their turn comes.

        Notices are not in a mark: pass the records at its ``notices`` through `hold`.
        """
        self.until, self._sources = mark.until, dict(mark.sources)
        self._ahead = sorted(ahead, key=lambda each: -each.offset)

    def _match(self, record: Matched) -> None:
        time_ms, offset = self._at
        if not self._fresh(record.source, record.alert.subscription):
            return
        if self._heard(record.alert.subscription, record.alert.article_id, record.alert.version):
            return
        kinds = {n.enriched.verdict.kind for n in self._naming(record.alert.article_id, record.alert.version)}
        if "withdrawal" in kinds:
            return
        # Corrected already, though the match comes only now: it is told at once, and the correction after it.
        at_once = any(self._wants(record.alert.subscription, kind) for kind in kinds)
        company = None if at_once else record.company
        for alert in self.grouper.add(record.alert, company, time_ms, offset):
            self._tell(alert)

    def _notice(self, record: Notice) -> None:
        time_ms, offset = self._at
        if not self._fresh(record.source, ""):
            return
        verdict = record.enriched.verdict
        self.hold(record, time_ms, offset)
        if verdict.of is not None:
            if verdict.kind == "withdrawal":
                self.grouper.withdraw(verdict.of, offset)
            else:
                wanted = partial(self._wants, trigger=verdict.kind)
                for alert in self.grouper.hurry(verdict.of, time_ms, offset, wanted):
                    if self._wants(alert.subscription, alert.trigger):
                        self._tell(alert)
        for subscription in self.told.who(record.enriched):
            self._correct(subscription, record)

    def _tell(self, alert: Alert, notice: Notice | None = None) -> None:
        time_ms, offset = self._at
        self.told.remember(alert, time_ms, offset)
        self._out.append(Outgoing(alert, notice))
        articles = [(alert.article_id, alert.version), *((other.article_id, other.version) for other in alert.also)]
        for article_id, version in articles:
            for named in self._naming(article_id, version):
                if not _precedes(named.enriched, article_id, version):
                    self._correct(alert.subscription, named)

    def _correct(self, subscription: str, notice: Notice) -> None:
        """Tell the correction or withdrawal, if it is wanted and not told yet, naming the newest alert on what it corrects."""
        enriched, kind = notice.enriched, notice.enriched.verdict.kind
        named = self.told.newest(subscription, enriched.verdict.of or "")
        id = alert_id(subscription, kind, enriched.article_id, enriched.version)
        if named is None or named.alert_id == id or not self._wants(subscription, kind):
            return
        if self._heard(subscription, enriched.article_id, enriched.version):
            return
        if any(outgoing.alert.alert_id == id for outgoing in self._out):
            return
        alert = notice_alert(subscription, notice, named.alert_id)
        self._tell(alert, notice)

    def _heard(self, subscription: str, article_id: str, version: int | None) -> bool:
        """Whether an earlier record told this version or a later one: after a crash an event may stand twice in news.enriched.v1."""
        known = self.told.newest(subscription, article_id)
        return known is not None and (known.version or 0) >= (version or 0) and known.offset < self._at[1]

    def _fresh(self, source: tuple[int, int], subscription: str) -> bool:
        """Whether it was not matched before: *match* repeats itself after a crash, in the same order."""
        partition, offset = source
        if (offset, subscription) <= self._sources.get(partition, (-1, "")):
            return False
        self._sources[partition] = (offset, subscription)
        return True

    def hold(self, notice: Notice, time_ms: int, offset: int) -> None:
        """Keep a notice for the matches that come late; of a mark, or new."""
        of = notice.enriched.verdict.of
        if of is not None and all(at != offset for at, _, _ in self._notices.get(of, [])):
            self._notices.setdefault(of, []).append((offset, time_ms, notice))

    def _naming(self, article_id: str, version: int | None) -> Sequence[Notice]:
        """The notices that name this version of an article, or one before that stands in it."""
        held = self._notices.get(article_id)
        if not held:
            return ()
        limit = self._at[0] - LATE_MS
        return [
            notice
            for _, time_ms, notice in held
            if time_ms >= limit and _reaches(notice.enriched.verdict.of_version, version)
        ]

    def _sweep(self, time_ms: int) -> None:
        limit = time_ms - LATE_MS
        for of in [of for of, held in self._notices.items() if held[0][1] < limit]:
            kept = [each for each in self._notices[of] if each[1] >= limit]
            if kept:
                self._notices[of] = kept
            else:
                del self._notices[of]


def _precedes(notice: Enriched, article_id: str, version: int | None) -> bool:
    """Whether a notice is itself an earlier version of an article, or this one: a second withdrawal does not bring the first again."""
    return notice.article_id == article_id and (notice.verdict.version or 0) <= (version or 0)


def _reaches(of_version: int | None, version: int | None) -> bool:
    return of_version is None or version is None or version <= of_version
