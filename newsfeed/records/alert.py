"""The alert: what a subscriber is told, and the clauses that matched."""

from __future__ import annotations

from msgspec import Struct

from newsfeed.records.subscription import Trigger
from newsfeed.records.verdict import Verdict


class ClauseSpan(Struct, frozen=True, kw_only=True):
    """A place that satisfied a clause, in the enriched record's title or body (code points)."""

    field: str
    start: int
    end: int
    text: str


class Clause(Struct, frozen=True, kw_only=True):
    """One clause of the query that matched, with its spans (none for clauses about metadata)."""

    clause: str
    spans: list[ClauseSpan] = []


class AlsoTold(Struct, frozen=True, kw_only=True):
    """The rest of a group: an article told in the same alert."""

    article_id: str
    version: int | None
    title: str
    url: str | None


class Alert(Struct, frozen=True, kw_only=True):
    """What a subscriber is told; also the body of a webhook.

    Attributes:
        alert_id: hash of subscription, trigger, article id and version: the same after a replay.
        more: how many articles beyond the cap were counted but not told.
        corrects: id of the newest alert that told what is corrected or withdrawn.
    """

    alert_id: str
    subscription: str
    trigger: Trigger
    article_id: str
    version: int | None
    title: str
    url: str | None
    source: str
    published: str | None
    clauses: list[Clause]
    verdict: Verdict
    also: list[AlsoTold] = []
    more: int = 0
    corrects: str | None = None
