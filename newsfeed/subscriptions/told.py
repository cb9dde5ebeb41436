"""Who was told of what: a correction or withdrawal goes to exactly those, whether or not their query still matches."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from newsfeed.records import Alert, Enriched

DAY_MS = 86_400_000


class HeardOf(Struct, frozen=True):
    """An article of a group, as far as it matters who was told of it."""

    article_id: str
    version: int | None


class Heard(Struct, frozen=True):
    """What must be read of an alert to know who was told of what: a third of the time of reading it whole."""

    alert_id: str
    subscription: str
    article_id: str
    version: int | None
    also: list[HeardOf] = []


class Telling(NamedTuple):
    """The newest alert that told a subscriber of an article: its id, the article's version, the log time it was told, and its cause."""

    alert_id: str
    version: int | None
    time_ms: int
    offset: int


class Told:
    """Tellings by article and subscription, remembered for some days of the log's time.

    What a reader of `who` sees depends only on the alerts remembered and the newest of their times, not on when memory was swept.

    Args:
        days: how long.
    """

    def __init__(self, days: float = 30.0) -> None:
        self._keep_ms = int(days * DAY_MS)
        self._tellings: dict[str, dict[str, Telling]] = {}
        self._newest = 0
        self._swept = 0

    def __len__(self) -> int:
        return sum(map(len, self._tellings.values()))

    def remember(self, alert: Alert | Heard, time_ms: int, offset: int = 0) -> None:
        """An alert was told at ``time_ms``: its article and the rest of its group are told; what is ``more`` is not.

        Of two alerts about one article the one whose cause is later in the log is the newest, in whatever order they are
        remembered; the same alert again changes nothing.

        Args:
            offset: of the record that caused the alert, for alerts of one time.
        """
        self._newest = max(self._newest, time_ms)
        self._tell(alert.article_id, alert.subscription, Telling(alert.alert_id, alert.version, time_ms, offset))
        for other in alert.also:
            self._tell(other.article_id, alert.subscription, Telling(alert.alert_id, other.version, time_ms, offset))
        if self._newest - self._swept > DAY_MS:
            self._forget()

    def who(self, enriched: Enriched) -> dict[str, str]:
        """Subscriptions that were told of what a correction or withdrawal names, with the id of the alert that told it."""
        told = self._tellings.get(enriched.verdict.of or "", {})
        limit = self._newest - self._keep_ms
        return {id: told[id].alert_id for id in sorted(told) if told[id].time_ms >= limit}

    def newest(self, subscription: str, article_id: str) -> Telling | None:
        """The newest alert that told a subscriber of an article, None where none is remembered."""
        telling = self._tellings.get(article_id, {}).get(subscription)
        return telling if telling is not None and telling.time_ms >= self._newest - self._keep_ms else None

    def _tell(self, article_id: str, subscription: str, telling: Telling) -> None:
        known = self._tellings.setdefault(article_id, {})
        before = known.get(subscription)
        if before is None or (before.time_ms, before.offset) <= (telling.time_ms, telling.offset):
            known[subscription] = telling

    def _forget(self) -> None:
        self._swept = self._newest
        limit = self._newest - self._keep_ms
        kept = {
            article: {id: telling for id, telling in tellings.items() if telling.time_ms >= limit}
            for article, tellings in self._tellings.items()
        }
        self._tellings = {article: tellings for article, tellings in kept.items() if tellings}
