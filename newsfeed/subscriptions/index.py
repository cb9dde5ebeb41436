"""From the keys of an article to the few queries that can hold: filed under a rare required key, and a second one behind it.

Behind a first key stand pairs of numbers, second key and query: the pairs of all first keys that an article has are joined and
looked up in one go.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from newsfeed.subscriptions.keys import EVERY
from newsfeed.subscriptions.reading import Reading
from newsfeed.subscriptions.tree import Node, needs

MOST_FILED = 24  # places of one query: more, and the second key is left out
_LEAST = 1024  # keys that there is room for at first
_PAIR = 8  # bytes of two numbers behind a key

if TYPE_CHECKING:
    _Numbers = array[int]
else:
    _Numbers = array  # it takes no type in brackets before Python 3.12


class _Key(_Numbers):
    """A key that queries wait for, and what stands behind it: second key, query, second key, query, …

    Attributes:
        number: its own. uses: in how many places it stands, first or second.
    """

    __slots__ = ("number", "uses")
    number: int
    uses: int


class Index:
    """Queries, as numbers of the caller's, by two required keys."""

    def __init__(self) -> None:
        self._table: dict[str, _Key] = {}
        self._places: dict[int, tuple[tuple[str, str], ...]] = {}
        self._free: list[int] = []  # numbers of keys that nobody waits for any more
        self._present = np.zeros(_LEAST, np.bool_)  # by number: whether the article has the key; false between articles
        self._begun: dict[int, set[str]] = {}  # beginnings of words that queries wait for, by length
        self._filed = 0  # bytes of what is filed

    @property
    def nbytes(self) -> int:
        """Memory of the tables, counted as they grow and shrink: without what Python's lists keep in reserve."""
        return self._filed + self._present.nbytes + sys.getsizeof(self._table) + sys.getsizeof(self._places)

    def add(self, query: int, root: Node) -> list[frozenset[str]]:
        """File a query. Returns the sets of keys of which every article that meets the query has one each."""
        sets = needs(root, self.cost)[:2]
        if len(sets) > 1 and len(sets[0]) * len(sets[1]) > MOST_FILED:
            del sets[1]
        places = tuple((one, two) for one in sorted(sets[0]) for two in (sorted(sets[1]) if len(sets) > 1 else [EVERY]))
        for one, two in places:
            self._used(one).extend((self._used(two).number, query))
        self._places[query] = places
        self._filed += _size(places)
        return sets

    def discard(self, query: int) -> None:
        """Take a query out again."""
        places = self._places.pop(query)
        self._filed -= _size(places)
        for one, two in places:
            behind = self._table[one]
            at = 2 * behind[1::2].index(query)
            del behind[at : at + 2]
            self._left(one)
            self._left(two)

    def cost(self, needed: Collection[str]) -> float:
        """How often an article can be expected to have one of these keys, times the queries that wait behind them."""
        total = 0.0
        for key in needed:
            known = self._table.get(key)
            total += commonness(key) * (1 + len(known) // 2 if known is not None else 1)
        return total

    def candidates(self, reading: Reading) -> set[int]:
        """The queries whose two keys the article has."""
        found = [key for key in map(self._table.get, reading.keys) if key is not None]
        for length, begun in self._begun.items():
            shortened = {word[:length] for word in reading.words if len(word) >= length}
            found += [self._table[f"{word}*"] for word in begun & shortened]
        pairs = np.frombuffer(b"".join(found), np.int32)
        numbers = np.array([key.number for key in found], np.intp)
        self._present[numbers] = True
        met = pairs[1::2][self._present[pairs[::2]]]
        self._present[numbers] = False
        return set(met.tolist())

    def _used(self, name: str) -> _Key:
        """The key, new where it must be, with one use more."""
        key = self._table.get(name)
        if key is None:
            number = self._free.pop() if self._free else len(self._table)
            if number == len(self._present):
                self._present = np.zeros(2 * number, np.bool_)
            key = self._table[name] = _Key("i")
            key.number, key.uses = number, 0
            self._filed += sys.getsizeof(name) + _KEY
            if is_beginning(name):
                self._begun.setdefault(len(name) - 1, set()).add(name[:-1])
        key.uses += 1
        return key

    def _left(self, name: str) -> None:
        """One use less; forgotten after the last."""
        key = self._table[name]
        key.uses -= 1
        if not key.uses:
            del self._table[name]
            self._filed -= sys.getsizeof(name) + _KEY
            self._free.append(key.number)
            if is_beginning(name):
                begun = self._begun[len(name) - 1]
                begun.discard(name[:-1])
                if not begun:
                    del self._begun[len(name) - 1]


def _size(places: tuple[tuple[str, str], ...]) -> int:
    """Bytes of a query's places and of the pairs that stand for them behind their first keys."""
    return sys.getsizeof(places) + sum(sys.getsizeof(place) + _PAIR for place in places)


_KEY = sys.getsizeof(_Key("i"))  # bytes of one that nothing waits behind
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
