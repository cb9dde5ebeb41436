"""The exact answer by brute force: all pairs, the sets of folded word 4-grams, Jaccard and containment.

The oracle makes its 4-grams from the words themselves, not from newsfeed's hashes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from benchmarks.quality.copies.corpora import Text
from newsfeed.text import fold_text

BANDS = ("J >= .8", "J .5-.8", "J .3-.5", "C >= .8, J < .5")
TARGETS = dict(zip(BANDS, (0.998, 0.995, 0.97, 0.985), strict=True))
MIN_SHINGLES = 5  # shorter texts have no resemblance to speak of


@dataclass(frozen=True)
class Pair:
    """Two articles by their place in the feed, with what they share."""

    first: int
    second: int
    jaccard: float
    containment: float

    @property
    def band(self) -> str | None:
        if self.jaccard >= 0.3:
            return BANDS[0] if self.jaccard >= 0.8 else BANDS[1] if self.jaccard >= 0.5 else BANDS[2]
        return BANDS[3] if self.containment >= 0.8 else None


def shingle_sets(texts: list[Text]) -> list[frozenset[str]]:
    """The distinct 4-grams of folded words of title and body."""
    out = []
    for text in texts:
        words = fold_text(f"{text.title}\n{text.body}").split()
        out.append(frozenset(" ".join(words[i : i + 4]) for i in range(len(words) - 3)))
    return out


def pairs(sets: list[frozenset[str]]) -> list[Pair]:
    """All pairs that share anything in one of the bands. Containment is of the smaller set."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, grams in enumerate(sets):
        if len(grams) >= MIN_SHINGLES:
            for gram in grams:
                holders[gram].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for held in holders.values():
        for at, second in enumerate(held):
            for first in held[:at]:
                shared[first, second] += 1
    found = (
        Pair(a, b, n / (len(sets[a]) + len(sets[b]) - n), n / min(len(sets[a]), len(sets[b])))
        for (a, b), n in shared.items()
    )
    return sorted((pair for pair in found if pair.band), key=lambda pair: (pair.first, pair.second))


def resemblance(one: frozenset[str], other: frozenset[str]) -> float:
    """The larger of Jaccard and containment."""
    shared = len(one & other)
    return max(shared / max(1, min(len(one), len(other))), shared / max(1, len(one | other)))
