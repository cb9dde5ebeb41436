"""Who was told of what: a correction or withdrawal goes to exactly those, whether or not their query still matches."""

from __future__ import annotations

import msgspec

from newsfeed.records import Alert, Enriched

DAY_MS = 86_400_000


class Telling(msgspec.Struct, frozen=True, array_like=True):
    """The newest alert that told a subscriber of an article: its id, the article's version, and the log time it was told."""

    alert_id: str
    version: int | None
    time_ms: int


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

    def remember(self, alert: Alert, time_ms: int) -> None:
        """An alert stands in the log since ``time_ms``: its article and the rest of its group are told; what is ``more`` is not.

        Of two alerts about one article the one that is later in the log is the newest; the same alert again changes nothing.
        """
        self._newest = max(self._newest, time_ms)
        self._tell(alert.article_id, alert.subscription, Telling(alert.alert_id, alert.version, time_ms))
        for other in alert.also:
            self._tell(other.article_id, alert.subscription, Telling(alert.alert_id, other.version, time_ms))
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

    def drop(self, subscription: str) -> None:
        """Forget what a subscriber was told: the subscription is gone."""
        for article in [article for article, tellings in self._tellings.items() if subscription in tellings]:
            del self._tellings[article][subscription]
            if not self._tellings[article]:
                del self._tellings[article]

    def snapshot(self) -> bytes:
        """The state as bytes, equal for equal states."""
        kept = sorted((article, sorted(tellings.items())) for article, tellings in self._tellings.items())
        return msgspec.msgpack.encode((self._newest, self._swept, kept))

    def restore(self, state: bytes) -> None:
        """Take the state of a `snapshot`; what was there before is gone.

        Raises:
            ValueError: the bytes are no snapshot.
        """
        try:
            kind = tuple[int, int, list[tuple[str, list[tuple[str, Telling]]]]]
            self._newest, self._swept, kept = msgspec.msgpack.decode(state, type=kind)
        except msgspec.MsgspecError as error:
            raise ValueError(f"no snapshot of what was told: {error}") from None
        self._tellings = {article: dict(tellings) for article, tellings in kept}

    def _tell(self, article_id: str, subscription: str, telling: Telling) -> None:
        known = self._tellings.setdefault(article_id, {})
        if subscription not in known or known[subscription].time_ms <= telling.time_ms:
            known[subscription] = telling

    def _forget(self) -> None:
        self._swept = self._newest
        limit = self._newest - self._keep_ms
        kept = {
            article: {id: telling for id, telling in tellings.items() if telling.time_ms >= limit}
            for article, tellings in self._tellings.items()
        }
        self._tellings = {article: tellings for article, tellings in kept.items() if tellings}
