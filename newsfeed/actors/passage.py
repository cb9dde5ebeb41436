"""One field of an article as the actor rules read it: folded words, what stands between them, and the forms found."""

from __future__ import annotations

import unicodedata
from functools import cached_property

import numpy as np

from newsfeed.actors.entry import Hit
from newsfeed.text import Folded

_BREAKS = frozenset('.!?…:;()[]{}«»"“”„\n|؟؛•—–')
_WIDE = _BREAKS | frozenset(",،/+")
_STOPS = frozenset('.!?…\n؟•:«"“„')
_SPACE = 32
_UPPER = np.array([chr(code).isupper() for code in range(0x10000)], np.bool_)
_SCRIPTS = (("ar", "\u0600", "\u06ff"), ("ru", "\u0400", "\u04ff"))


class Passage:
    """A title or body.

    Attributes:
        name: ``title`` or ``body``. source: the original text. words: folded words.
        starts, ends: code points in ``source`` of every word. hits: forms found, in reading order.
        at, till: the hit that begins at, or ends before, a word. taken: 1 for words that belong to a decided mention.
        capitals: the words that begin with a capital letter.
        shouting: nothing in the field is written in lower case although the script has it.
    """

    def __init__(self, name: str, source: str, folded: Folded, language: str) -> None:
        self.name = name
        self.source = source
        self.folded = folded
        self.language = language
        self.words = folded.words
        starts, ends = folded.source_bounds
        self.starts: list[int] = starts.tolist()
        self.ends: list[int] = ends.tolist()
        codes = np.frombuffer(source.encode("utf-32-le", "surrogatepass"), np.uint32)
        count = len(self.words)
        near, stops = np.zeros(count + 1, np.bool_), np.zeros(count + 1, np.bool_)
        upper = _UPPER[np.minimum(codes[starts], len(_UPPER) - 1)] if count else np.zeros(0, np.bool_)
        if count:
            plain = (starts[1:] - ends[:-1] == 1) & (codes[np.minimum(ends[:-1], len(codes) - 1)] == _SPACE)
            near[1:-1] = plain
            for word in [0, *(np.flatnonzero(~plain) + 1).tolist(), count]:
                gap = self.gap(word)
                near[word] = 0 < word < count and _narrow(gap)
                stops[word] = not _STOPS.isdisjoint(gap)
        self._near: list[bool] = near.tolist()
        self._stops: list[bool] = stops.tolist()
        self._upper: list[bool] = upper.tolist()
        self.capitals: list[int] = np.flatnonzero(upper).tolist()
        self.hits: list[Hit] = []
        self.at: dict[int, Hit] = {}
        self.till: dict[int, Hit] = {}
        self.taken = bytearray(len(self.words) + 1)
        self.shouting = source.isupper()

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The different words of the field."""
        return frozenset(self.words)

    def put(self, hits: list[Hit]) -> None:
        """Set the forms found."""
        self.hits = hits
        self.at = {hit.start: hit for hit in hits}
        self.till = {hit.end: hit for hit in hits}

    def gap(self, word: int) -> str:
        """The original text before a word: back to the word before it, or to the beginning."""
        count = len(self.words)
        if word >= count:
            return self.source[self.ends[-1] :] if count and word == count else ("" if count else self.source)
        return self.source[self.ends[word - 1] if word else 0 : self.starts[word]]

    def near(self, word: int) -> bool:
        """Whether nothing but space, hyphen or apostrophe stands between a word and the one before it."""
        return 0 < word < len(self._near) and self._near[word]

    def comma(self, word: int) -> bool:
        """Whether a comma, and nothing stronger, stands before a word."""
        gap = self.gap(word)
        return ("," in gap or "،" in gap) and not any(char in _BREAKS for char in gap)

    def opens(self, word: int) -> bool:
        """Whether a word begins the field, a sentence, a line or a quotation."""
        return word == 0 or self._stops[word]

    def whole(self, first: int, last: int) -> bool:
        """Whether no sentence, line or quotation begins at words first to last, both included."""
        return True not in self._stops[first : last + 1]

    def upper(self, word: int) -> bool:
        """Whether a word is written with a capital first letter."""
        return self._upper[word]

    def raw(self, word: int) -> str:
        """A word as it is written."""
        return self.source[self.starts[word] : self.ends[word]]

    def span(self, start: int, end: int, skip: int = 0) -> tuple[int, int]:
        """Where words [start, end), less some folded characters at the beginning, stand in the source, combining marks included."""
        first, last = self.starts[start], self.ends[end - 1]
        if skip:
            first = int(self.folded.origin[int(self.folded.word_bounds[0][start]) + skip])
        source = self.source
        while last < len(source) and source[last] > "\u02ff" and unicodedata.category(source[last]) == "Mn":
            last += 1
        return first, last

    def free(self, start: int, end: int) -> bool:
        """Whether no decided mention holds one of these words."""
        return not any(self.taken[start:end])

    def take(self, start: int, end: int) -> None:
        """Mark words as belonging to a decided mention."""
        self.taken[start:end] = b"\1" * (end - start)


def _narrow(gap: str) -> bool:
    """Whether what stands between two words keeps them together: space, hyphen, apostrophe."""
    return len(gap) < 4 and _WIDE.isdisjoint(gap) and (len(gap) < 2 or "-" not in gap)


def script(text: str) -> str:
    """The language that stands for the script of most letters of a text's beginning: ar, ru or en (Latin)."""
    counts = {"ar": 0, "ru": 0, "en": 0}
    for char in text[:400]:
        for language, low, high in _SCRIPTS:
            if low <= char <= high:
                counts[language] += 1
                break
        else:
            counts["en"] += char.isalpha()
    return max(counts, key=lambda language: counts[language])
