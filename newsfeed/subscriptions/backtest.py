"""What a draft query would have sent: hits, what came close and why it missed, and the rate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from newsfeed.records import Clause, Enriched
from newsfeed.records.subscription import DEFAULT_TRIGGERS, Trigger
from newsfeed.subscriptions.clauses import text_of
from newsfeed.subscriptions.query import Query, parse
from newsfeed.subscriptions.reading import Reading
from newsfeed.subscriptions.tree import All, AnyOf, Node, Not

SECONDS_A_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Hit:
    """An article the query would have told of, with the clauses that matched."""

    enriched: Enriched
    clauses: list[Clause]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An article that failed by one clause.

    Attributes:
        failed: the clause (or alternatives, joined by OR) that failed; one that must not hold begins with NOT.
    """

    enriched: Enriched
    failed: str


@dataclass(slots=True)
class Backtest:
    """The outcome.

    Attributes:
        read: articles looked at. hits: how many would have been told. samples: the first of them.
        near: how many failed by one clause only. near_samples: the first of them.
        failures: failed clause -> how many missed by it alone.
        seconds: the span of log time looked at, None where it is not known.
    """

    read: int = 0
    hits: int = 0
    samples: list[Hit] = field(default_factory=list)
    near: int = 0
    near_samples: list[NearMiss] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    seconds: float | None = None

    @property
    def share(self) -> float:
        """Hits an article looked at, 0-1."""
        return self.hits / self.read if self.read else 0.0

    @property
    def daily(self) -> float | None:
        """Hits a day, None where the span of time is not known or empty."""
        return self.hits / self.seconds * SECONDS_A_DAY if self.seconds else None


def backtest(
    query: str | Query,
    records: Iterable[Enriched],
    *,
    on: Sequence[Trigger] = DEFAULT_TRIGGERS,
    samples: int = 10,
    seconds: float | None = None,
) -> Backtest:
    """Run a draft over records in order of the log.

    A correction or withdrawal is a hit where what it names was one, and only there.

    Args:
        samples: how many hits and near misses are kept. seconds: the log time that the records span.

    Raises:
        QueryError: the draft cannot be used.
    """
    root = (parse(query) if isinstance(query, str) else query).root
    found = Backtest(seconds=seconds)
    told: set[str] = set()
    for enriched in records:
        found.read += 1
        kind, reading = enriched.verdict.kind, Reading(enriched)
        again = kind in ("correction", "withdrawal")
        if kind not in on or (again and enriched.verdict.of not in told):
            continue
        if again or root.test(reading):
            told.add(enriched.article_id)
            found.hits += 1
            if len(found.samples) < samples:
                found.samples.append(Hit(enriched, Query("", root).clauses(reading)))
        elif (failed := failing(root, reading)) is not None:
            found.near += 1
            found.failures[failed] = found.failures.get(failed, 0) + 1
            if len(found.near_samples) < samples:
                found.near_samples.append(NearMiss(enriched, failed))
    return found


def failing(root: Node, reading: Reading) -> str | None:
    """The one part of a conjunction that fails where all the others hold; None where more fail, or there are no others."""
    if not isinstance(root, All):
        return None
    parts = [inner for part in root.parts for inner in (part.parts if isinstance(part, All) else (part,))]
    failed = [part for part in parts if not part.test(reading)]
    return written(failed[0]) if len(failed) == 1 and len(parts) > 1 else None


def written(node: Node) -> str:
    """A node in Lucene syntax."""
    if isinstance(node, All):
        return " AND ".join(f"({written(part)})" if isinstance(part, AnyOf) else written(part) for part in node.parts)
    if isinstance(node, AnyOf):
        return " OR ".join(f"({written(part)})" if isinstance(part, All) else written(part) for part in node.parts)
    if isinstance(node, Not):
        return f"NOT ({written(node.part)})" if isinstance(node.part, All | AnyOf) else f"NOT {written(node.part)}"
    return text_of(node)
