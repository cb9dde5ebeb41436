"""Two texts side by side: how much they share, in which passages, and what differs between those."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from operator import itemgetter

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from newsfeed.copies.classes import words_of
from newsfeed.copies.fingerprint import SHINGLE, Hashes, has_digit, shingles, shingles_at, winnow
from newsfeed.copies.lazy import lazy
from newsfeed.records import Overlap

Places = NDArray[np.intp]

SHORT_GAP = 12  # words: a changed phrase between shared words, not a passage of its own


class Passage(Struct, frozen=True, gc=False):
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
        distinct: how many distinct shingles there are, where that is known. prints: its fingerprints, where they are known.
        letter: the first letter of a word as the article writes it. lines: the body's lines, from and to, in words.
        capital_names: whether capitals are kept for names and beginnings (not so in German, and in scripts without them).
    """

    def __init__(
        self,
        hashes: Hashes,
        title_words: int,
        *,
        distinct: int | None = None,
        prints: Hashes | None = None,
        letter: Callable[[int], str] | None = None,
        lines: Callable[[], list[tuple[int, int]]] = list,
        capital_names: bool = False,
    ) -> None:
        self.hashes = hashes
        self.title_words = title_words
        self._distinct = distinct
        self._prints = prints
        self._letter = letter
        self._lines = lines
        self.capital_names = capital_names

    def __len__(self) -> int:
        return len(self.hashes)

    @lazy
    def shingles(self) -> Hashes:
        return shingles(self.hashes)

    @lazy
    def firsts(self) -> tuple[Hashes, NDArray[np.intp]]:
        """The distinct shingles sorted, and the first place of each."""
        order = self.shingles.argsort(kind="stable")
        ordered = self.shingles.take(order)
        if self._distinct == len(ordered):
            return ordered, order
        keep = np.ones(len(ordered), bool)
        np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
        return ordered[keep], order[keep]

    def written_small(self, word: int) -> bool:
        """Whether a word begins with a small letter; False where that is not known or the script has none."""
        return self._letter is not None and self._letter(word).islower()

    def written_large(self, word: int) -> bool:
        """Whether a word begins with a capital."""
        return self._letter is not None and self._letter(word).isupper()

    @lazy
    def lines(self) -> list[tuple[int, int]]:
        """The lines of the body, from and to, in words; none where they are not known."""
        return self._lines()

    @lazy
    def sieve(self) -> NDArray[np.bool_]:
        """Which 14 low bits (but for that of the digits) occur among the words: what does not pass is not here."""
        passes = np.zeros(1 << 14, bool)
        passes[self.hashes >> _DIGIT_BIT & _LOW_BITS] = True
        return passes

    @property
    def distinct_count(self) -> int:
        """How many distinct shingles there are."""
        return len(self.firsts[0]) if self._distinct is None else self._distinct

    @lazy
    def fingerprints(self) -> Hashes:
        return winnow(self.shingles, self.title_words) if self._prints is None else self._prints

    @lazy
    def listed(self) -> list[int]:
        """The hashed words as numbers: a few of them are looked at quicker than in an array."""
        words: list[int] = self.hashes.tolist()
        return words

    @lazy
    def figures(self) -> set[int]:
        """The distinct words with a digit."""
        return set(self.hashes.take(has_digit(self.hashes).nonzero()[0]).tolist())

    @lazy
    def numbers(self) -> set[int]:
        """The distinct words that are numbers, in figures or in words."""
        return self.figures.union(words_of("number").intersection(self.listed))


def contains(ordered: Hashes, wanted: Hashes) -> NDArray[np.bool_]:
    """Which of ``wanted`` stand in the sorted ``ordered``."""
    if not len(ordered):
        return np.zeros(len(wanted), bool)
    found: NDArray[np.bool_] = ordered.take(ordered.searchsorted(wanted), mode="clip") == wanted
    return found


class Match:
    """Which shingles of ``there`` stand in ``here``: their places on both sides (the first one here), in the order of ``there``.

    ``distinct``: how many different ones.
    """

    def __init__(self, there: Places, here: Places, distinct: int) -> None:
        self.there, self.here, self.distinct = there, here, distinct

    @lazy
    def runs(self) -> tuple[Places, Places]:
        """Where in ``there`` and ``here`` a run of shingles that follow one another on both sides begins, and how long it is."""
        breaks = self.there[1:] - self.there[:-1] != 1
        breaks |= self.here[1:] - self.here[:-1] != 1
        marks = np.empty(len(self.there) + 1, bool)
        marks[0] = marks[-1] = True
        marks[1:-1] = breaks
        edges = marks.nonzero()[0]
        return edges[:-1], edges[1:] - edges[:-1]

    def longest(self) -> Passage | None:
        """The longest shared passage."""
        if not len(self.there):
            return None
        begins, lengths = self.runs
        best = int(lengths.argmax())
        at = int(begins[best])
        start = int(self.here[at])
        return Passage(start, start + int(lengths[best]) + SHINGLE - 1, int(self.there[at]))


_FIRST = itemgetter(0)
_DIGIT_BIT, _LOW_BITS = np.array(1, np.uint32), np.array(0x3FFF, np.uint32)
_NONE = np.zeros(0, np.intp)
_NO_MATCH = Match(_NONE, _NONE, 0)


def match_all(here: Words, others: Sequence[Words]) -> list[Match]:
    """Match the shingles of a text with those of others, all in one pass: the sorted side is made once."""
    if len(here) < SHINGLE or not others:
        return [_NO_MATCH] * len(others)
    if len(others) == 1:
        # Likely what this is a copy of: most of its shingles would pass the sieve.
        wanted, at = others[0].shingles, None
    else:
        words = np.concatenate([other.hashes for other in others])
        known = here.sieve.take(words >> _DIGIT_BIT & _LOW_BITS)
        known = known[:-1] & known[1:]
        at = (known[:-2] & known[2:]).nonzero()[0]
        wanted = shingles_at(words, at)
    ordered, first = here.firsts
    found = ordered.searchsorted(wanted)
    same = (ordered.take(found, mode="clip") == wanted).nonzero()[0]
    at = same if at is None else at.take(same)
    found = found.take(same)
    targets = first.take(found)
    ends = list(accumulate(map(len, others)))
    starts = [0, *ends[:-1]]
    # A shingle that reaches over the end of its text is none.
    lows, highs = at.searchsorted(starts).tolist(), at.searchsorted([end - SHINGLE + 1 for end in ends]).tolist()
    out = []
    for other, start, low, high in zip(others, starts, lows, highs, strict=True):
        if low >= high or len(other) < SHINGLE:
            out.append(_NO_MATCH)
        else:
            repeats = other.distinct_count < len(other) - SHINGLE + 1
            count = len(set(found[low:high].tolist())) if repeats else high - low
            out.append(Match(at[low:high] - start, targets[low:high], count))
    return out


def match(here: Words, there: Words) -> Match:
    """Match the shingles of two texts."""
    return match_all(here, [there])[0]


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
    begins, lengths = found.runs
    runs = zip(found.here.take(begins).tolist(), lengths.tolist(), found.there.take(begins).tolist(), strict=True)
    out: list[Passage] = []
    end = 0
    # Passages must not overlap in ``here``: what follows gives way.
    for start, shingled, other in sorted(runs, key=_FIRST):
        length = shingled + SHINGLE - 1
        cut = max(0, end - start)
        if length > cut:
            end = start + length
            out.append(Passage(start + cut, end, other + cut))
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
