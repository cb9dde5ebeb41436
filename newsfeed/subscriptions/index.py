"""From the keys of an article to the few queries that can hold: filed under a rare required key, and a second one behind it."""

from __future__ import annotations

from operator import itemgetter
from typing import Generic, TypeVar

from newsfeed.subscriptions.keys import EVERY
from newsfeed.subscriptions.reading import Reading
from newsfeed.subscriptions.tree import Node, needs

T = TypeVar("T")
MOST_FILED = 24  # places of one query: more, and the second key is left out


class Index(Generic[T]):
    """Queries by two required keys. ``costs``: how many queries already wait behind a key, so that the load spreads."""

    def __init__(self) -> None:
        self._table: dict[str, dict[str, list[T]]] = {}
        self._places: dict[int, tuple[tuple[str, str], ...]] = {}
        self._loads: dict[str, int] = {}
        self._begun: dict[int, dict[str, int]] = {}  # beginnings of words that queries wait behind, by length

    def add(self, item: T, root: Node) -> None:
        """File a query."""
        sets = needs(root, self.cost)
        first = sorted(sets[0])
        second = sorted(sets[1]) if len(sets) > 1 else [EVERY]
        if len(first) * len(second) > MOST_FILED:
            second = [EVERY]
        places = tuple((one, two) for one in first for two in second)
        for one, two in places:
            self._table.setdefault(one, {}).setdefault(two, []).append(item)
            self._loads[one] = self._loads.get(one, 0) + 1
            for key in (one, two):
                if is_beginning(key):
                    waiting = self._begun.setdefault(len(key) - 1, {})
                    waiting[key[:-1]] = waiting.get(key[:-1], 0) + 1
        self._places[id(item)] = places

    def discard(self, item: T) -> None:
        """Take a query out again."""
        for one, two in self._places.pop(id(item)):
            behind = self._table[one]
            behind[two] = [other for other in behind[two] if other is not item]
            self._loads[one] -= 1
            for key in (one, two):
                if is_beginning(key):
                    waiting = self._begun[len(key) - 1]
                    waiting[key[:-1]] -= 1
                    if not waiting[key[:-1]]:
                        del waiting[key[:-1]]
            if not behind[two]:
                del behind[two]
                if not behind:
                    del self._table[one], self._loads[one]

    def cost(self, needed: frozenset[str]) -> float:
        """How often an article can be expected to have one of these keys, times the queries that wait behind them."""
        return sum(commonness(key) * (1 + self._loads.get(key, 0)) for key in needed)

    def candidates(self, reading: Reading) -> list[T]:
        """The queries whose two keys the article has, each once."""
        table, keys = self._table, reading.keys
        for length, waiting in self._begun.items():
            begun = waiting.keys() & set(map(itemgetter(slice(length)), reading.words))
            if begun:
                keys = keys.union(f"{word}*" for word in begun)
        found: dict[int, T] = {}
        for one in table.keys() & keys:
            behind = table[one]
            for two in behind.keys() & keys if len(behind) > 8 else behind:
                if two in keys:
                    for item in behind[two]:
                        found[id(item)] = item
        return list(found.values())


_COMMON = {"kind": 1.0, "language": 0.4, "source": 0.02, "topic": 0.03, "actor": 0.02, "role": 0.02}


def commonness(key: str) -> float:
    """A rough share of articles that have a key: tags by their field, words by their length."""
    field, colon, value = key.partition(":")
    if colon:
        return 0.9 if value == "*" else _COMMON[field]
    if key[-1] == "*":  # the beginning of a word, or EVERY
        return 1.0 if key == EVERY else 0.5
    return 0.3 if len(key) <= 3 else 0.08 / (len(key) - 2)


def is_beginning(key: str) -> bool:
    """Whether a key is the beginning of a word, as in ``gas*``."""
    return key[-1] == "*" and key != EVERY and ":" not in key
