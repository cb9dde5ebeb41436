"""What stands in news.matches.v1: matches, notices of corrections and withdrawals, ticks. Internal."""

from __future__ import annotations

from msgspec import Struct

from newsfeed.records.alert import Alert, Clause
from newsfeed.records.enriched import Enriched


class Company(Struct, frozen=True, array_like=True):
    """The group that an alert joins: its key, the timers in milliseconds, and the most articles told in one alert."""

    key: str
    wait_ms: int
    interval_ms: int
    cap: int | None = None


class Matched(Struct, frozen=True, tag="match"):
    """A subscription that an article answers.

    Attributes:
        alert: what is to be told.
        source: partition and offset of news.enriched.v1: what *match* writes again after a crash is known by it.
        company: None where the alert leaves at once.
    """

    alert: Alert
    source: tuple[int, int]
    company: Company | None = None


class Notice(Struct, frozen=True, tag="notice"):
    """A correction or withdrawal, for whoever was told of what it names; every partition gets one.

    Attributes:
        enriched: the event. headers: as they stand on it in news.enriched.v1.
        clauses: what matched, by subscription, of those whose query still matches and whose partition this is.
    """

    enriched: Enriched
    source: tuple[int, int]
    headers: list[tuple[str, bytes]] = []
    clauses: dict[str, list[Clause]] = {}


class Tick(Struct, frozen=True, tag="tick"):
    """Time passes: the broker's time of the record is what it says."""


MatchesRecord = Matched | Notice | Tick
