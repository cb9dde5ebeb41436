"""From the keys of an article to the few queries that can hold: filed under a rare required key, and a second one behind it.

Behind a first key stand two parallel arrays, second keys and queries, both as numbers: the queries of all first keys that an
article has are joined and looked up in one go.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection

import numpy as np

from newsfeed.subscriptions.keys import EVERY
from newsfeed.subscriptions.reading import Reading
from newsfeed.subscriptions.tree import Node, needs

MOST_FILED = 24  # places of one query: more, and the second key is left out
_LEAST = 1024  # second keys that there is room for at first


class _Waiting:
    """The queries behind a first key: the number of each one's second key, and its own."""

    __slots__ = ("queries", "seconds")

    def __init__(self) -> None:
        self.seconds = array("i")
        self.queries = array("i")


class Index:
    """Queries, as numbers of the caller's, by two required keys."""

    def __init__(self) -> None:
        self._table: dict[str, _Waiting] = {}
        self._places: dict[int, tuple[tuple[str, str], ...]] = {}
        self._second: dict[str, int] = {}  # second key -> its number
        self._uses: list[int] = []  # by number: how many places
        self._free: list[int] = []
        self._present = np.zeros(_LEAST, np.bool_)  # by number: whether the article has it; false between articles
        self._begun: dict[int, dict[str, int]] = {}  # beginnings of words that queries wait behind, by length

    def add(self, query: int, root: Node) -> list[frozenset[str]]:
        """File a query. Returns the sets of keys of which every article that meets the query has one each."""
        sets = needs(root, self.cost)[:2]
        if len(sets) > 1 and len(sets[0]) * len(sets[1]) > MOST_FILED:
            del sets[1]
        places = tuple((one, two) for one in sorted(sets[0]) for two in (sorted(sets[1]) if len(sets) > 1 else [EVERY]))
        for one, two in places:
            waiting = self._table.get(one)
            if waiting is None:
                waiting = self._table[one] = _Waiting()
            waiting.seconds.append(self._number(two))
            waiting.queries.append(query)
            for key in (one, two):
                if is_beginning(key):
                    begun = self._begun.setdefault(len(key) - 1, {})
                    begun[key[:-1]] = begun.get(key[:-1], 0) + 1
        self._places[query] = places
        return sets

    def discard(self, query: int) -> None:
        """Take a query out again."""
        for one, two in self._places.pop(query):
            waiting = self._table[one]
            at = waiting.queries.index(query)
            del waiting.queries[at], waiting.seconds[at]
            if not waiting.queries:
                del self._table[one]
            number = self._second[two]
            self._uses[number] -= 1
            if not self._uses[number]:
                del self._second[two]
                self._free.append(number)
            for key in (one, two):
                if is_beginning(key):
                    begun = self._begun[len(key) - 1]
                    begun[key[:-1]] -= 1
                    if not begun[key[:-1]]:
                        del begun[key[:-1]]

    def cost(self, needed: Collection[str]) -> float:
        """How often an article can be expected to have one of these keys, times the queries that wait behind them."""
        total = 0.0
        for key in needed:
            waiting = self._table.get(key)
            total += commonness(key) * (1 + len(waiting.queries) if waiting is not None else 1)
        return total

    def candidates(self, reading: Reading) -> list[int]:
        """The queries whose two keys the article has, each once, ascending."""
        keys, shortened = reading.keys, reading.words
        for length in sorted(self._begun, reverse=True):
            shortened = {word[:length] for word in shortened}
            keys = keys.union([f"{word}*" for word in self._begun[length].keys() & shortened])
        waiting = [self._table[key] for key in self._table.keys() & keys]
        if not waiting:
            return []
        numbers = [self._second[key] for key in self._second.keys() & keys]
        seconds = np.frombuffer(b"".join([each.seconds for each in waiting]), np.int32)
        queries = np.frombuffer(b"".join([each.queries for each in waiting]), np.int32)
        self._present[numbers] = True
        found = queries[self._present[seconds]]
        self._present[numbers] = False
        return np.unique(found).tolist()  # type: ignore[no-any-return]

    def _number(self, key: str) -> int:
        number = self._second.get(key)
        if number is None:
            if self._free:
                number = self._free.pop()
            else:
                number = len(self._uses)
                self._uses.append(0)
                if number == len(self._present):
                    self._present = np.zeros(2 * number, np.bool_)
            self._second[key] = number
        self._uses[number] += 1
        return number


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
