"""The parts of a query: what each asks of an article, by which keys it is found, and where the article answers it.

Keys: ``w:`` a folded word, ``a:`` an actor (id, country, code, name), ``p:`` a topic or one of its ancestors, ``r:`` a word of a
role, ``l:`` language, ``s:`` source, ``k:`` kind of verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from newsfeed.records import ClauseSpan
from newsfeed.subscriptions.view import View

Keys = frozenset[str]


@dataclass(frozen=True, slots=True)
class Tag:
    """One of some keys: an actor, a topic, a language, a source, a kind, a role."""

    text: str
    keys: Keys

    def holds(self, view: View) -> bool:
        return not self.keys.isdisjoint(view.keys)

    def required(self) -> Keys | None:
        return self.keys

    def spans(self, view: View) -> list[ClauseSpan]:
        return [span for key in sorted(self.keys & view.keys) for span in view.tag_spans(key)]


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a row, or within ``slop`` further words of each other; each word in one of several spellings.

    ``field`` is ``title``, ``body`` or ``text`` (either). With ``prefix`` the last word is a beginning.
    """

    text: str
    field: str
    words: tuple[Keys, ...]
    slop: int = 0
    prefix: bool = False

    def holds(self, view: View) -> bool:
        return next(self._found(view), None) is not None

    def required(self) -> Keys | None:
        whole = self.words[:-1] if self.prefix else self.words
        best = max(whole, key=lambda keys: max(map(len, keys)), default=None)
        return None if best is None else frozenset("w:" + word for word in best)

    def spans(self, view: View) -> list[ClauseSpan]:
        return [view.word_span(field, start, end) for field, start, end in self._found(view)]

    def _found(self, view: View) -> Iterator[tuple[str, int, int]]:
        for field in ("title", "body") if self.field == "text" else (self.field,):
            places = [
                view.places(field, keys, prefix=self.prefix and at == len(self.words) - 1)
                for at, keys in enumerate(self.words)
            ]
            if not all(places):
                continue
            rest = [set(each) for each in places[1:]]
            for start in places[0]:
                end = self._follow(start, rest) if self.slop == 0 else self._near(start, rest)
                if end is not None:
                    yield field, min(start, end[0]), end[1]

    @staticmethod
    def _follow(start: int, rest: list[set[int]]) -> tuple[int, int] | None:
        if all(start + 1 + at in places for at, places in enumerate(rest)):
            return start, start + 1 + len(rest)
        return None

    def _near(self, start: int, rest: list[set[int]]) -> tuple[int, int] | None:
        """All other words within a stretch of as many words as there are, and ``slop`` more; each at a place of its own."""
        room = len(rest) + self.slop
        taken = {start}
        for places in rest:
            close = [place for place in range(start - room, start + room + 1) if place in places and place not in taken]
            if not close:
                return None
            taken.add(min(close, key=lambda place: (abs(place - start), place)))
        return (min(taken), max(taken) + 1) if max(taken) - min(taken) <= room else None


@dataclass(frozen=True, slots=True)
class Score:
    """The best topic score lies in a range (inclusive)."""

    text: str
    low: float
    high: float

    def holds(self, view: View) -> bool:
        return self.low <= view.score <= self.high

    def required(self) -> Keys | None:
        return None

    def spans(self, view: View) -> list[ClauseSpan]:
        return []


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node

    def holds(self, view: View) -> bool:
        return not self.part.holds(view)

    def required(self) -> Keys | None:
        return None


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple[Node, ...]

    def holds(self, view: View) -> bool:
        return all(part.holds(view) for part in self.parts)

    def required(self) -> Keys | None:
        found = [keys for part in self.parts if (keys := part.required())]
        return min(found, key=rarity, default=None)


@dataclass(frozen=True, slots=True)
class Or:
    """One part holds."""

    parts: tuple[Node, ...]

    def holds(self, view: View) -> bool:
        return any(part.holds(view) for part in self.parts)

    def required(self) -> Keys | None:
        found = [part.required() for part in self.parts]
        return None if any(keys is None for keys in found) else frozenset().union(*(keys for keys in found if keys))


Clause = Tag | Words | Score
Node = Clause | Not | And | Or

# What share of a feed's articles answers a key of each kind: guesses, which decide only how fast a query is passed over.
_COMMON = {"l": 0.3, "k": 0.7, "s": 0.02, "r": 0.05, "p": 0.05, "a": 0.03}


def rarity(keys: Keys) -> float:
    """About what share of articles answers one of the keys; a long word is rarer than a short one."""
    return sum(0.2 / max(1, len(key) - 3) if key[0] == "w" else _COMMON[key[0]] for key in keys)


def leaves(node: Node) -> Iterator[Clause]:
    """The clauses that a match may rest on: all but those under NOT."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part)
    elif not isinstance(node, Not):
        yield node


def positive(node: Node) -> bool:
    """Whether something must be there for the query to hold."""
    if isinstance(node, Not):
        return False
    if isinstance(node, And):
        return any(map(positive, node.parts))
    return all(map(positive, node.parts)) if isinstance(node, Or) else True
