"""All forms of all languages in one automaton over folded words: leftmost, longest, whole words only.

The words of a text are joined by two spaces and every pattern is ``" w1  w2 "``, so a match can neither begin nor end
inside a word and two neighbouring matches do not share a space.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

import ahocorasick_rs
import numpy as np

from newsfeed.actors.entry import Reading
from newsfeed.text import Folded


class Automaton:
    """Forms and their readings.

    Args:
        forms: folded form (single spaces) -> readings.
    """

    def __init__(self, forms: Mapping[str, Sequence[Reading]]) -> None:
        self._forms = list(forms)
        self.readings: list[tuple[Reading, ...]] = [tuple(found) for found in forms.values()]
        self._words = [form.count(" ") + 1 for form in self._forms]
        patterns = [" " + form.replace(" ", "  ") + " " for form in self._forms]
        self._automaton = ahocorasick_rs.AhoCorasick(
            patterns, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, store_patterns=False
        )

    def __len__(self) -> int:
        return len(self._forms)

    def find(self, folded: Folded) -> list[tuple[int, int, int]]:
        """(number of the form, first word, word behind the last) of every match, in reading order. Linear in the text."""
        if not folded.text:
            return []
        text = " " + folded.text.replace(" ", "  ") + " "
        starts = folded.word_bounds[0]
        places = (starts + np.arange(len(starts), dtype=np.int32)).tolist()
        words = self._words
        out = []
        for number, begin, _ in self._automaton.find_matches_as_indexes(text):
            word = bisect_left(places, begin)
            out.append((number, word, word + words[number]))
        return out
