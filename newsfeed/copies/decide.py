"""What two texts are to each other: copy, cut copy, embedding, template twin, or nothing."""

from __future__ import annotations

from typing import Literal

import numpy as np

from newsfeed.copies.compare import SHORT_GAP, Match, Passage, Words, contains, overlap, own_share, passages
from newsfeed.copies.facts import other_facts
from newsfeed.copies.fingerprint import SHINGLE, WINDOW, Hashes
from newsfeed.copies.lazy import lazy
from newsfeed.copies.thresholds import Thresholds
from newsfeed.records import Overlap

# Share of a short text's words that stand in a longer one: a headline with one other word is another event.
WHOLE_SHORT = 0.95
FRAME_PASSAGE = 6  # words: shorter ones are chance
FRAME_WORDS = 100  # a longer tail is the story under another opening
FRAME_EDGE = 3  # words that may stand behind a tail
NEW_LEAD = 20  # words of a paragraph put on top, with
NEW_NUMBERS = 2  # numbers that the other text has nowhere: the newer toll above the old report
# Words with which the other text begins: where they do not stand here, the paragraph was rewritten, not added.
OLD_LEAD = 20
OLD_TEXT = 0.85  # of the other's words stand here: of fewer, the figures are a template's
MOSTLY_SHARED = 0.5  # of a paragraph's or a lead's words

Relation = Literal["near_copy", "partial_copy", "embeds", "template", "shares"]


class Pair:
    """This text and an earlier one, and what they are to each other: each measure is taken once, and only when asked for."""

    def __init__(self, here: Words, there: Words, matched: Match, common: Hashes, limits: Thresholds) -> None:
        self.here, self.there, self.match, self.limits = here, there, matched, limits
        self._common = common

    @lazy
    def overlap(self) -> Overlap:
        return overlap(self.match.distinct, self.here.distinct_count, self.there.distinct_count)

    @lazy
    def larger(self) -> float:
        """The larger of the two containments of ``overlap``."""
        smaller = min(self.here.distinct_count, self.there.distinct_count)
        return round(self.match.distinct / max(1, smaller), 4)

    @lazy
    def shared(self) -> list[Passage]:
        return passages(self.here, self.there, self.match)

    @lazy
    def _boilerplate(self) -> list[int]:
        """How many boilerplate 4-grams stand before each place of this text."""
        before = np.zeros(len(self.here.shingles) + 1, np.intp)
        np.cumsum(contains(self._common, self.here.shingles), out=before[1:])
        counts: list[int] = before.tolist()
        return counts

    @lazy
    def weighty(self) -> list[Passage]:
        """The shared passages but those that stand in many unrelated articles."""
        if not len(self._common):
            return self.shared
        return [p for p in self.shared if not _mostly(self._boilerplate, p.start, p.end)]

    @lazy
    def site(self) -> list[tuple[int, int]]:
        """The lines of this text outside the shared passages that stand in many unrelated articles: a site's own."""
        if not len(self._common):
            return []
        edges = [0, *(edge for p in self.shared for edge in (p.start, p.end)), len(self.here)]
        own = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end > start]
        return [
            line
            for line in self.here.lines
            if _mostly(self._boilerplate, *line) and any(start <= line[0] and line[1] <= end for start, end in own)
        ]

    @lazy
    def site_words(self) -> int:
        return sum([end - start for start, end in self.site])

    @lazy
    def dull_words(self) -> int:
        """Words of this text in shared boilerplate: they count neither for nor against."""
        if self.weighty is self.shared:
            return 0
        return sum([p.end - p.start for p in self.shared]) - self.weighty_words

    @lazy
    def weighty_words(self) -> int:
        return sum([p.end - p.start for p in self.weighty])

    @lazy
    def matched(self) -> float:
        """Share of this text's words that stand in weighty shared passages."""
        return self.weighty_words / max(1, len(self.here) - self.dull_words - self.site_words)

    @lazy
    def contained(self) -> float:
        """Share of the other text's words that stand here."""
        return self.weighty_words / max(1, len(self.there) - self.dull_words)

    @lazy
    def own_here(self) -> float:
        size = len(self.here)
        share = own_share(size, [*((p.start, p.end) for p in self.shared), *self.site])
        return share * size / max(1, size - self.site_words)

    @lazy
    def own_there(self) -> float:
        return own_share(len(self.there), [(p.other, p.other + p.length) for p in self.shared])

    @lazy
    def frame(self) -> bool:
        """Whether all that is shared is one passage that ends both texts, under openings of their own: a site's tail."""
        long = [p for p in self.shared if p.length >= FRAME_PASSAGE]
        if len(long) != 1:
            return False
        (tail,) = long
        last = tail.end >= len(self.here) - FRAME_EDGE and tail.other + tail.length >= len(self.there) - FRAME_EDGE
        opening = min(tail.start - self.here.title_words, tail.other - self.there.title_words)
        return last and opening > SHORT_GAP and tail.length <= FRAME_WORDS

    @lazy
    def new_lead(self) -> bool:
        """Whether a paragraph with figures of its own was put above the other text: little text, but it is the news."""
        begin = self.there.title_words
        end = min(begin + OLD_LEAD, len(self.there))
        kept = sum([max(0, min(end, p.other + p.length) - max(begin, p.other)) for p in self.shared])
        if kept < MOSTLY_SHARED * (end - begin) or self.contained < OLD_TEXT:
            return False
        for start, stop in self.here.lines:
            shared = sum([max(0, min(stop, p.end) - max(start, p.start)) for p in self.shared])
            if shared >= MOSTLY_SHARED * (stop - start) > SHINGLE:
                return False
            numbers = self.here.numbers.intersection(self.here.listed[start:stop]) - self.there.numbers
            if stop - start >= NEW_LEAD and len(numbers) >= NEW_NUMBERS:
                return True
        return False

    @lazy
    def _decided(self) -> tuple[Relation, float | None, float | None, str | None]:
        """A text with enough of its own is never a copy; the same words with other facts are a template."""
        relation, score, threshold = self._relation()
        if relation == "shares":
            return relation, score, threshold, None
        why = other_facts(self.here, self.there, self.shared, self.limits.short_words)
        # A longer piece may bring newer figures of the same event; another name throughout is another event.
        newer = relation == "embeds" and (self.own_here >= self.limits.own_news or self.new_lead)
        if why is not None and (why == "names" or not newer):
            relation = "template"
        return relation, score, threshold, why

    @property
    def relation(self) -> Relation:
        """What this text is to the earlier one; ``template``: same words, other facts."""
        return self._decided[0]

    @property
    def score(self) -> float | None:
        """The measure that decided."""
        return self._decided[1]

    @property
    def threshold(self) -> float | None:
        """What the score was held against."""
        return self._decided[2]

    @property
    def why(self) -> str | None:
        """Which facts are others."""
        return self._decided[3]

    def may_share(self, words: int) -> bool:
        """Whether a common passage of so many words is possible."""
        return len(self.match.there) > words - SHINGLE

    def _relation(self) -> tuple[Relation, float | None, float | None]:
        limits = self.limits
        if self.larger < limits.shared:
            return "shares", None, None
        lap = self.overlap
        if min(len(self.here), len(self.there)) < limits.short_words and len(self.here) < 2 * limits.short_words:
            same = lap.jaccard >= limits.short_jaccard
            if same or len(self.there) < limits.short_words:
                return ("near_copy" if same else "shares"), lap.jaccard, limits.short_jaccard
        matched, contained = round(min(1.0, self.matched), 4), round(min(1.0, self.contained), 4)
        if len(self.here) < limits.short_words and matched < WHOLE_SHORT:
            return "shares", matched, WHOLE_SHORT
        if self.own_here < limits.own_news and matched >= limits.matched and lap.here_in_there >= limits.shared:
            whole = self.own_there < limits.own_news and lap.there_in_here >= limits.shared
            if not self.frame and not self.new_lead:
                return ("near_copy" if whole else "partial_copy"), matched, limits.matched
        if contained >= limits.contained and lap.there_in_here >= limits.shared:
            return "embeds", contained, limits.contained
        return "shares", None, None


def _mostly(before: list[int], start: int, end: int) -> bool:
    """Whether boilerplate 4-grams stand in every window of the words from ``start`` to ``end``: a winnowed one speaks for the
    WINDOW around it.

    Args:
        before: how many of them stand before each place.
    """
    last = len(before) - 1
    first, stop = min(start, last), min(max(start + 1, end - SHINGLE + 1), last)
    return (before[stop] - before[first]) * WINDOW >= stop - first
