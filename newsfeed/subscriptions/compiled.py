"""A query made ready to be tested on many articles: what keys alone decide, as sets; the rest as it was written.

Most clauses ask whether an article has one of some keys, and a set answers that without a call. What the index has made sure of
is not asked again.
"""

from __future__ import annotations

from collections.abc import Collection

from newsfeed.subscriptions.reading import Reading
from newsfeed.subscriptions.tree import All, AnyOf, Node, Not

Sets = dict[frozenset[str], frozenset[str]]


class Compiled:
    """A conjunction.

    Args:
        root: the tree.
        certain: sets of which an article that is tested has a key each (of ``Index.add``).
        known: sets of other queries, so that equal ones are one object; grows.

    Attributes:
        needed: an article must have a key of each. barred: it must have none of these.
        rest: what keys alone do not decide; None where nothing is left.
    """

    __slots__ = ("barred", "needed", "rest")

    def __init__(self, root: Node, certain: Collection[frozenset[str]], known: Sets) -> None:
        needed: dict[frozenset[str], None] = {}
        barred: set[str] = set()
        rest: list[Node] = []
        parts = [root]
        while parts:
            part = parts.pop()
            if isinstance(part, All):
                parts += reversed(part.parts)
            elif (keys := one_of(part)) is not None:
                if keys not in certain:
                    needed[known.setdefault(keys, keys)] = None
            elif isinstance(part, Not) and (keys := one_of(part.part)) is not None:
                barred |= keys
            else:
                rest.append(_cheapest_first(part))
        none = frozenset(barred)
        self.needed, self.barred = tuple(needed), known.setdefault(none, none)
        self.rest: Node | None = None if not rest else rest[0] if len(rest) == 1 else All(tuple(rest))

    def test(self, reading: Reading) -> bool:
        """Whether the query holds."""
        keys = reading.keys
        for one_of in self.needed:
            if one_of.isdisjoint(keys):
                return False
        if not self.barred.isdisjoint(keys):
            return False
        return self.rest is None or self.rest.test(reading)


def _cheapest_first(node: Node) -> Node:
    """Alternatives in the order of what they cost: those that keys decide before those for which the text is searched."""
    if not isinstance(node, AnyOf):
        return node
    return AnyOf(tuple(sorted(node.parts, key=lambda part: one_of(part) is None)))


def one_of(node: Node) -> frozenset[str] | None:
    """The keys of which an article must have one, where that is all a node says."""
    if isinstance(node, All | Not):
        return None
    if isinstance(node, AnyOf):
        found = [one_of(part) for part in node.parts]
        return frozenset().union(*(keys or () for keys in found)) if all(keys is not None for keys in found) else None
    return node.exact()
