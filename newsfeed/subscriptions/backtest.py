"""What a draft query would have sent: hits, what came close and why it missed, and the rate."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

from newsfeed.records import Clause, Enriched
from newsfeed.records.subscription import DEFAULT_TRIGGERS, Trigger
from newsfeed.subscriptions.clauses import Leaf, text_of
from newsfeed.subscriptions.query import Query, parse
from newsfeed.subscriptions.reading import Reading
from newsfeed.subscriptions.tree import All, AnyOf, Node, Not, matched

DAY_MS = 86_400_000
SHORTEST_MS = 3_600_000  # a rate per day of less than an hour would say nothing


@dataclass(frozen=True, slots=True)
class Hit:
    """An article the query would have told of, with the clauses that matched; ``time_ms`` its time in the log."""

    enriched: Enriched
    clauses: list[Clause]
    time_ms: int


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An article that failed by one clause.

    Attributes:
        failed: the clause (or alternatives, joined by OR) that failed; one that must not hold begins with NOT.
    """

    enriched: Enriched
    failed: str
    time_ms: int


class Backtest:
    """A draft that looks at one record of the log after the other.

    A correction or withdrawal is a hit where what it names was one, and only there.

    Attributes:
        query: the draft. on: its triggers.
        read: articles looked at. hits: how many would have been told. triggers: how many of them by trigger.
        samples: the newest hits, oldest of them first; at most as many as asked for.
        near: how many failed by one clause only. near_samples: the newest of them.
        failures: failed clause -> how many missed by it alone.
        first_ms, last_ms: the log time of the first and the last record looked at; None before there is one.

    Raises:
        QueryError: the draft cannot be used.
    """

    def __init__(self, query: str | Query, *, on: Sequence[Trigger] = DEFAULT_TRIGGERS, samples: int = 10) -> None:
        self.query = parse(query) if isinstance(query, str) else query
        self.on = tuple(on)
        self.read = self.hits = self.near = 0
        self.triggers: Counter[str] = Counter()
        self.samples: deque[Hit] = deque(maxlen=samples)
        self.near_samples: deque[NearMiss] = deque(maxlen=samples)
        self.failures: Counter[str] = Counter()
        self.first_ms: int | None = None
        self.last_ms: int | None = None
        self._told: set[str] = set()

    def look(self, enriched: Enriched, time_ms: int) -> None:
        """The next record, in order of the log."""
        self.read += 1
        self.first_ms = time_ms if self.first_ms is None else min(self.first_ms, time_ms)
        self.last_ms = time_ms if self.last_ms is None else max(self.last_ms, time_ms)
        kind, root = enriched.verdict.kind, self.query.root
        again = kind in ("correction", "withdrawal")
        if kind not in self.on or (again and enriched.verdict.of not in self._told):
            return
        reading = Reading(enriched)
        if again or root.test(reading):
            self._told.add(enriched.article_id)
            self.hits += 1
            self.triggers[kind] += 1
            clauses = [Clause(clause=text_of(leaf), spans=leaf.spans(reading)) for leaf in _held(root, reading)]
            self.samples.append(Hit(enriched, clauses, time_ms))
        elif (failed := failing(root, reading)) is not None:
            self.near += 1
            self.failures[failed] += 1
            self.near_samples.append(NearMiss(enriched, failed, time_ms))

    def daily(self, span_ms: int) -> float | None:
        """Hits a day over so much log time; None where it is less than an hour."""
        return self.hits * DAY_MS / span_ms if span_ms >= SHORTEST_MS else None


def _held(root: Node, reading: Reading) -> list[Leaf]:
    return matched(root, reading) if root.test(reading) else []


def failing(root: Node, reading: Reading) -> str | None:
    """The one part of a conjunction that fails where all the others hold; None where more fail, or there are no others."""
    if not isinstance(root, All):
        return None
    parts = [inner for part in root.parts for inner in (part.parts if isinstance(part, All) else (part,))]
    failed: Node | None = None
    for part in parts:
        if not part.test(reading):
            if failed is not None:
                return None
            failed = part
    return written(failed) if failed is not None and len(parts) > 1 else None


def written(node: Node) -> str:
    """A node in Lucene syntax."""
    if isinstance(node, All):
        return " AND ".join(f"({written(part)})" if isinstance(part, AnyOf) else written(part) for part in node.parts)
    if isinstance(node, AnyOf):
        return " OR ".join(f"({written(part)})" if isinstance(part, All) else written(part) for part in node.parts)
    if isinstance(node, Not):
        return f"NOT ({written(node.part)})" if isinstance(node.part, All | AnyOf) else f"NOT {written(node.part)}"
    return text_of(node)
