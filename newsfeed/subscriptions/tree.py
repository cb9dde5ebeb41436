"""How clauses are joined: all of, any of, not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newsfeed.subscriptions.clauses import Leaf
from newsfeed.subscriptions.reading import Reading

Cost = Callable[[frozenset[str]], float]


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Node, ...]

    def test(self, reading: Reading) -> bool:
        for part in self.parts:  # noqa: SIM110 - all() with a generator costs three times as much
            if not part.test(reading):
                return False
        return True


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Node, ...]

    def test(self, reading: Reading) -> bool:
        for part in self.parts:  # noqa: SIM110 - as above
            if part.test(reading):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node

    def test(self, reading: Reading) -> bool:
        return not self.part.test(reading)


Node = All | AnyOf | Not | Leaf


def needs(node: Node, cost: Cost) -> list[frozenset[str]]:
    """What an article must have to satisfy a node, cheapest first: one key of each set. Empty: nothing is needed."""
    if isinstance(node, Not):
        return []
    if isinstance(node, All):
        sets = {needed: None for part in node.parts for needed in needs(part, cost)}
        return sorted(sets, key=lambda needed: (cost(needed), sorted(needed)))
    if isinstance(node, AnyOf):
        ways = [needs(part, cost) for part in node.parts]
        if not all(ways):
            return []
        depth = min(2, *map(len, ways)) if len(ways) > 1 else min(2, len(ways[0]))
        return [frozenset().union(*(way[rank] for way in ways)) for rank in range(depth)]
    return sorted(node.required(), key=lambda needed: (cost(needed), sorted(needed)))


def leaves(node: Node, positive: bool = True) -> Iterator[tuple[Leaf, bool]]:
    """Every clause in order of writing, and whether it is asked for (not under an odd number of NOT)."""
    if isinstance(node, Not):
        yield from leaves(node.part, not positive)
    elif isinstance(node, All | AnyOf):
        for part in node.parts:
            yield from leaves(part, positive)
    else:
        yield node, positive


def matched(node: Node, reading: Reading) -> list[Leaf]:
    """The clauses that made a node that holds hold: asked for, satisfied, and not in a branch that failed; each once."""
    found: dict[Leaf, None] = {}
    _gather(node, reading, found)
    return list(found)


def _gather(node: Node, reading: Reading, found: dict[Leaf, None]) -> None:
    if isinstance(node, All | AnyOf):
        for part in node.parts:
            if isinstance(node, All) or part.test(reading):
                _gather(part, reading, found)
    elif isinstance(node, Not):
        if isinstance(node.part, Not):
            _gather(node.part.part, reading, found)
    else:
        found[node] = None


def shared(node: Node, known: dict[Leaf, Leaf]) -> Node:
    """The same tree with every clause that is known already replaced by the known one."""
    if isinstance(node, All):
        return All(tuple(shared(part, known) for part in node.parts))
    if isinstance(node, AnyOf):
        return AnyOf(tuple(shared(part, known) for part in node.parts))
    if isinstance(node, Not):
        return Not(shared(node.part, known))
    return known.setdefault(node, node)
