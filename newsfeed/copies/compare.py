"""Two texts side by side: how much they share, in which passages, and what differs between those."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from newsfeed.copies.fingerprint import SHINGLE, Hashes, distinct, has_digit, shingles, winnow
from newsfeed.records import Overlap

SHORT_GAP = 12  # words: a changed phrase between shared words, not a passage of its own


@dataclass(frozen=True, slots=True)
class Passage:
    """Shared words: ``here[start:end]`` equals ``there[other:other + end - start]``, in words."""

    start: int
    end: int
    other: int

    @property
    def length(self) -> int:
        return self.end - self.start


class Words:
    """The hashed words of one article and what is derived from them, each made once.

    Args:
        distinct: how many distinct shingles there are, where that is known.
        first_letters: makes the first letter of each word as the article writes it.
        capital_names: whether capitals are kept for names and beginnings (not so in German, and in scripts without them).
    """

    def __init__(
        self,
        hashes: Hashes,
        title_words: int,
        *,
        distinct: int | None = None,
        first_letters: Callable[[], str] | None = None,
        capital_names: bool = False,
    ) -> None:
        self.hashes = hashes
        self.title_words = title_words
        self._distinct = distinct
        self._make_letters = first_letters
        self.capital_names = capital_names

    def __len__(self) -> int:
        return len(self.hashes)

    @cached_property
    def shingles(self) -> Hashes:
        return shingles(self.hashes)

    @cached_property
    def firsts(self) -> tuple[Hashes, NDArray[np.intp]]:
        """The distinct shingles sorted, and the first place of each."""
        ordered, order = self.by_shingle
        keep = np.ones(len(ordered), bool)
        np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
        return ordered[keep], order[keep]

    @cached_property
    def _first_letters(self) -> str | None:
        return self._make_letters() if self._make_letters is not None else None

    def written_small(self, word: int) -> bool:
        """Whether a word begins with a small letter; False where that is not known or the script has none."""
        return self._first_letters is not None and self._first_letters[word].islower()

    def written_large(self, word: int) -> bool:
        """Whether a word begins with a capital."""
        return self._first_letters is not None and self._first_letters[word].isupper()

    @cached_property
    def sieve(self) -> NDArray[np.bool_]:
        """Which low 16 bits occur among the shingles: what does not pass is not here, and need not be searched for."""
        passes = np.zeros(1 << 16, bool)
        passes[self.shingles & _LOW_BITS] = True
        return passes

    @property
    def distinct_count(self) -> int:
        """How many distinct shingles there are."""
        return len(self.firsts[0]) if self._distinct is None else self._distinct

    @cached_property
    def fingerprints(self) -> Hashes:
        return winnow(self.shingles, self.title_words)

    @cached_property
    def numbers(self) -> Hashes:
        """The distinct words with a digit."""
        return distinct(self.hashes[has_digit(self.hashes)])

    @cached_property
    def by_shingle(self) -> tuple[Hashes, NDArray[np.intp]]:
        """The shingles sorted, and where each stands: the first place first."""
        order = np.argsort(self.shingles, kind="stable")
        return self.shingles[order], order


def contains(ordered: Hashes, wanted: Hashes) -> NDArray[np.bool_]:
    """Which of ``wanted`` stand in the sorted ``ordered``."""
    if not len(ordered):
        return np.zeros(len(wanted), bool)
    place = np.searchsorted(ordered, wanted)
    place[place == len(ordered)] = 0
    found: NDArray[np.bool_] = ordered[place] == wanted
    return found


@dataclass(frozen=True, slots=True)
class Match:
    """Which shingles of ``there`` stand in ``here``: their places on both sides (the first one here), in the order of ``there``."""

    there: NDArray[np.intp]
    here: NDArray[np.intp]
    distinct: int

    def longest(self) -> Passage | None:
        """The longest shared passage."""
        if not len(self.there):
            return None
        broken = np.flatnonzero((self.there[1:] - self.there[:-1] != 1) | (self.here[1:] - self.here[:-1] != 1)) + 1
        starts = np.concatenate([_FIRST, broken])
        lengths = np.concatenate([broken, [len(self.there)]]) - starts
        best = int(lengths.argmax())
        at = int(starts[best])
        start = int(self.here[at])
        return Passage(start, start + int(lengths[best]) + SHINGLE - 1, int(self.there[at]))


_LOW_BITS = np.uint32(0xFFFF)
_FIRST = np.zeros(1, np.intp)
_NO_MATCH = Match(np.zeros(0, np.intp), np.zeros(0, np.intp), 0)


def _find(here: Words, theirs: Hashes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which of ``theirs`` stand here: their places, and the places of their values among the distinct shingles here."""
    ordered = here.firsts[0]
    at = np.flatnonzero(here.sieve[theirs & _LOW_BITS])
    wanted = theirs[at]
    place = np.searchsorted(ordered, wanted)
    place[place == len(ordered)] = 0
    same = ordered[place] == wanted
    return at[same], place[same]


def match_all(here: Words, others: Sequence[Words]) -> list[Match]:
    """Match the shingles of a text with those of others, all in one pass: the sorted side is made once."""
    if len(others) == 1:
        return [match(here, others[0])]
    ordered, first = here.firsts
    sizes = np.array([len(other) for other in others])
    total = int(sizes.sum())
    if not len(ordered) or total < SHINGLE:
        return [_NO_MATCH] * len(others)
    theirs = shingles(np.concatenate([other.hashes for other in others]))
    ends = np.cumsum(sizes)
    owner = np.repeat(np.arange(len(others)), sizes)[: len(theirs)]
    # A shingle that reaches over the end of its text is none.
    at, found = _find(here, theirs)
    inside = at + SHINGLE <= ends[owner[at]]
    at, found = at[inside], found[inside]
    whose = owner[at]
    distinct = np.bincount(np.unique(whose * len(ordered) + found) // len(ordered), minlength=len(others)).tolist()
    cuts = np.searchsorted(whose, np.arange(len(others) + 1)).tolist()
    begins = (ends - sizes).tolist()
    targets = first[found]
    return [
        Match(at[low:high] - begin, targets[low:high], count)
        for low, high, begin, count in zip(cuts, cuts[1:], begins, distinct, strict=False)
    ]


def match(here: Words, there: Words) -> Match:
    """Match the shingles of two texts."""
    ordered, first = here.firsts
    theirs = there.shingles
    if not len(ordered) or len(there) < SHINGLE:
        return _NO_MATCH
    at, found = _find(here, theirs)
    hit = np.zeros(len(ordered), bool)
    hit[found] = True
    return Match(at, first[found], int(np.count_nonzero(hit)))


def overlap(shared: int, here: int, there: int) -> Overlap:
    """Jaccard and containments from the numbers of distinct 4-grams, rounded to 4 places."""
    return Overlap(
        jaccard=round(shared / max(1, here + there - shared), 4),
        here_in_there=round(shared / max(1, here), 4),
        there_in_here=round(shared / max(1, there), 4),
    )


def passages(here: Words, there: Words, matched: Match | None = None) -> list[Passage]:
    """The maximal shared passages in the order of ``here``. A shingle that repeats counts at its first place here."""
    if min(len(here), len(there)) < SHINGLE:
        return [Passage(0, len(here), 0)] if len(here) and np.array_equal(here.hashes, there.hashes) else []
    found = match(here, there) if matched is None else matched
    if not len(found.there):
        return []
    broken = np.flatnonzero((found.there[1:] - found.there[:-1] != 1) | (found.here[1:] - found.here[:-1] != 1)) + 1
    begins = np.concatenate([_FIRST, broken])
    ends = np.concatenate([broken, [len(found.there)]])
    starts, others = found.here[begins], found.there[begins]
    order = np.argsort(starts, kind="stable")
    lengths = (ends - begins)[order] + (SHINGLE - 1)
    return _trimmed(
        [
            Passage(start, start + length, other)
            for start, length, other in zip(
                starts[order].tolist(), lengths.tolist(), others[order].tolist(), strict=True
            )
        ]
    )


def _trimmed(found: list[Passage]) -> list[Passage]:
    """Passages must not overlap in ``here``: what follows gives way."""
    out: list[Passage] = []
    end = 0
    for passage in found:
        cut = max(0, end - passage.start)
        if passage.length > cut:
            out.append(Passage(passage.start + cut, passage.end, passage.other + cut))
            end = passage.end
    return out


def own_share(size: int, spans: list[tuple[int, int]]) -> float:
    """The share of words that stand in no shared passage nor in a short gap between two: text of one's own, 0-1."""
    if not size:
        return 0.0
    own = at = 0
    for start, end in sorted(spans):
        gap = start - at
        if gap > SHORT_GAP or (at == 0 and gap > SHORT_GAP // 2):
            own += gap
        at = max(at, end)
    tail = size - at
    return (own + (tail if tail > SHORT_GAP // 2 else 0)) / size
