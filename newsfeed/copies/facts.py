"""Same words, other facts: what tells a template's next filling, or a contradiction, from an edited copy.

An edited copy keeps the numbers and names and changes the words around them; a template does the reverse.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

from newsfeed.copies.compare import SHORT_GAP, Passage, Words
from newsfeed.copies.fingerprint import word_hashes
from newsfeed.data import rows
from newsfeed.text import fold_text

OPPOSITES = (("up", "down"), ("yes", "no"))
FEW_NUMBERS = 3  # from here on the share of common numbers speaks
COMMON_NUMBERS = 0.5  # of the smaller set: below this the numbers are others
SWAPPED_NUMBERS = 0.3  # swapped figures for each that stayed
NUMBER_GAP = 5  # words: in a longer rewritten stretch other figures are no wonder
SYSTEMATIC = 0.5  # share of the swapped words that are swapped again in the same way
THROUGHOUT = 3  # times, where the title does not show it
FEW_GAPS = 3  # rewritten stretches
NEGATION_GAP = 4  # words: a negation in a longer rewritten stretch says little

Hashed = frozenset[int]


@cache
def _class(name: str) -> Hashed:
    words = " ".join(row["words"] for row in rows("copies/facts.tsv") if row["class"] == name)
    return frozenset(word_hashes(fold_text(words)).tolist())


def _figures(words: list[int]) -> set[int]:
    """The words with a digit: bit 0 of their hash."""
    return {word for word in words if word & 1}


@dataclass(frozen=True, slots=True)
class Gap:
    """Words that stand between two shared passages, here (from word ``at`` on) and there."""

    at: int
    here: list[int]
    there: list[int]


def gaps(here: list[int], there: list[int], shared: list[Passage]) -> list[Gap]:
    """The short stretches between (before, behind) shared passages that follow one another in both texts."""
    ends = [(0, 0), *((p.end, p.other + p.length) for p in shared)]
    starts = [*((p.start, p.other) for p in shared), (len(here), len(there))]
    return [
        Gap(here_from, here[here_from:here_to], there[there_from:there_to])
        for (here_from, there_from), (here_to, there_to) in zip(ends, starts, strict=True)
        if 0 <= here_to - here_from <= SHORT_GAP
        and 0 <= there_to - there_from <= SHORT_GAP
        and (here_to > here_from or there_to > there_from)
    ]


def other_facts(here: Words, there: Words, shared: list[Passage], short_words: int) -> str | None:
    """Why two texts in the same words tell different things: ``numbers``, ``names``, ``contradiction``; None where they do not."""
    mine, theirs = here.hashes.tolist(), there.hashes.tolist()
    between = gaps(mine, theirs, shared)
    same_title = _title_filled_anew(mine[: here.title_words], theirs[: there.title_words])
    if _numbers_differ(mine, theirs, between, short_words):
        return "numbers"
    # Among many edits a turned word is chance; among few it is the message. Another title is another editor's.
    retitled = here.title_words and there.title_words and not same_title
    turned = [gap for gap in between if not (retitled and gap.at < here.title_words)]
    if len(turned) <= FEW_GAPS and any(_contradict(gap) for gap in turned):
        return "contradiction"
    if _names_differ(between, same_title):
        return "names"
    return None


def _numbers_differ(mine: list[int], theirs: list[int], between: list[Gap], short_words: int) -> bool:
    """Figures first: numerals and days in words are common in every text and would hide that the figures are others."""
    figures_here, figures_there = _figures(mine), _figures(theirs)
    if _others(figures_here, figures_there):
        return True
    spelled = _class("number")
    numbers_here = figures_here | spelled.intersection(mine)
    numbers_there = figures_there | spelled.intersection(theirs)
    if _others(numbers_here, numbers_there):
        return True
    # A number stands here where another stands there, and neither is told elsewhere in the other text.
    only_here, only_there = numbers_here - numbers_there, numbers_there - numbers_here
    swapped = sum(
        not only_here.isdisjoint(gap.here) and not only_there.isdisjoint(gap.there)
        for gap in between
        if max(len(gap.here), len(gap.there)) <= NUMBER_GAP
    )
    common = len(figures_here & figures_there)
    few = common < FEW_NUMBERS or min(len(mine), len(theirs)) < 2 * short_words
    return swapped >= 1 if few else swapped >= max(2, SWAPPED_NUMBERS * common)


def _others(mine: set[int], theirs: set[int]) -> bool:
    smaller = min(len(mine), len(theirs))
    return smaller >= FEW_NUMBERS and len(mine & theirs) < COMMON_NUMBERS * smaller


def _contradict(gap: Gap) -> bool:
    for pair in OPPOSITES:
        one, other = (_class(name) for name in pair)
        here = not one.isdisjoint(gap.here), not other.isdisjoint(gap.here)
        there = not one.isdisjoint(gap.there), not other.isdisjoint(gap.there)
        if sum(here) == 1 and there == (here[1], here[0]):
            return True
    if max(len(gap.here), len(gap.there)) <= NEGATION_GAP:
        negation = _class("negation")
        return negation.isdisjoint(gap.here) != negation.isdisjoint(gap.there)
    return False


def _names_differ(between: list[Gap], same_title: bool) -> bool:
    """The same word gives way to the same other word throughout: another team, another company. An editor's changes vary."""
    swaps: Counter[tuple[int, int]] = Counter()
    for gap in between:
        if len(gap.here) == len(gap.there):
            swaps.update((a, b) for a, b in zip(gap.here, gap.there, strict=True) if a != b)
    repeated = sum(count for count in swaps.values() if count > 1)
    if not repeated or repeated < SYSTEMATIC * sum(swaps.values()):
        return False
    return same_title or max(swaps.values()) >= THROUGHOUT


def _title_filled_anew(mine: list[int], theirs: list[int]) -> bool:
    """Whether the titles have the same length and differ in few words: the template's title with another name."""
    changed = sum(a != b for a, b in zip(mine, theirs, strict=False))
    return len(mine) == len(theirs) > 0 and 0 < changed <= len(mine) // 2
