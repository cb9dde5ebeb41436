"""Who was told of what: a correction or withdrawal goes to exactly those, whether or not their query still matches."""

from __future__ import annotations

from dataclasses import dataclass

from newsfeed.records import Alert, Enriched

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Telling:
    """The newest alert that told a subscriber of an article."""

    alert_id: str
    version: int | None
    time_ms: int


class Told:
    """Tellings by article and subscription, remembered for some days of the log's time.

    Args:
        days: how long.
    """

    def __init__(self, days: float = 30.0) -> None:
        self._keep_ms = int(days * DAY_MS)
        self._tellings: dict[str, dict[str, Telling]] = {}
        self._newest = 0
        self._swept = 0

    def remember(self, alert: Alert, time_ms: int) -> None:
        """An alert stands in the log since ``time_ms``."""
        telling = Telling(alert.alert_id, alert.version, time_ms)
        self._tellings.setdefault(alert.article_id, {})[alert.subscription] = telling
        self._newest = max(self._newest, time_ms)
        if self._newest - self._swept > DAY_MS:
            self._forget()

    def who(self, enriched: Enriched) -> dict[str, str]:
        """Subscriptions that were told of what a correction or withdrawal names, with the id of the alert that told it."""
        named = enriched.verdict.of
        return {id: telling.alert_id for id, telling in sorted(self._tellings.get(named or "", {}).items())}

    def _forget(self) -> None:
        self._swept = self._newest
        limit = self._newest - self._keep_ms
        kept = {
            article: {id: telling for id, telling in tellings.items() if telling.time_ms >= limit}
            for article, tellings in self._tellings.items()
        }
        self._tellings = {article: tellings for article, tellings in kept.items() if tellings}
