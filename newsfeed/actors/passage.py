"""One field of an article as the actor rules read it: folded words, what stands between them, and the forms found."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from operator import not_

import numpy as np
from numpy.typing import NDArray

from newsfeed.actors.entry import LISTS, Hit
from newsfeed.actors.grammar import Grammar
from newsfeed.records.position import Field
from newsfeed.text import Document, Folded

_BREAKS = frozenset('.!?…:;()[]{}«»"“”„\n|؟؛•·—–')
_WIDE = _BREAKS | frozenset(",،/+")
_STOPS = frozenset('.!?…\n؟•:«"“„')
_QUOTATION = re.compile('[«„“"”]')
_UPPER = np.array([chr(code).isupper() for code in range(0x10000)], np.bool_)
# What a character between words tells, to be summed up over a text: one that parts words, one that ends a sentence, a hyphen.
_WIDE_UNIT, _STOP_UNIT, _HYPHEN_UNIT = 1, 1 << 21, 1 << 42
_UNITS = np.array(
    [
        (char in _WIDE) * _WIDE_UNIT + (char in _STOPS) * _STOP_UNIT + (char == "-") * _HYPHEN_UNIT
        for char in map(chr, range(0x10000))
    ],
    np.int64,
)
_SCRIPTS = (("ar", "\u0600", "\u06ff"), ("ru", "\u0400", "\u04ff"))


@dataclass(frozen=True, slots=True)
class Layout:
    """How the words of a field stand in its source; see ``Passage``."""

    starts: list[int]
    ends: list[int]
    links: list[bool]
    stops: list[bool]
    uppers: list[bool]
    paired: list[int]


class Passage:
    """A title or body.

    Attributes:
        name: ``title`` or ``body``. source: the original text. words: folded words.
        grammar: the small words of its language.
        starts, ends: code points in ``source`` of every word. links, stops, uppers: see ``near``, ``opens`` and ``upper``; for
            loops over every word, with one entry more for what stands behind the last. hits: forms found, in reading order.
        fixed, heads, people, groups, forms, places, speech: of these the ones ``Meanings`` calls so.
        at, till: the hit that begins at, or ends before, a word. taken: 1 for words that belong to a decided mention.
        capitals: the words that begin with a capital letter. paired: of these the initials, and those with another behind.
        shouting: nothing in the field is written in lower case although the script has it.
    """

    def __init__(
        self, name: Field, source: str, folded: Folded, language: str, grammar: Grammar, layout: Layout
    ) -> None:
        self.name = name
        self.source = source
        self.folded = folded
        self.language = language
        self.grammar = grammar
        self.words = folded.words
        self.starts = layout.starts
        self.ends = layout.ends
        self.links = layout.links
        self.stops = layout.stops
        self.uppers = layout.uppers
        self.paired = layout.paired
        self.capitals = list(compress(range(len(self.words)), self.uppers))
        self.hits: list[Hit] = []
        self.fixed: list[Hit] = []
        self.heads: list[Hit] = []
        self.people: list[Hit] = []
        self.groups: list[Hit] = []
        self.forms: list[Hit] = []
        self.places: list[Hit] = []
        self.speech: list[Hit] = []
        self.at: dict[int, Hit] = {}
        self.till: dict[int, Hit] = {}
        self.taken = bytearray(len(self.words) + 1)
        self.shouting = language != "ar" and source.isupper()  # "FIFA" alone has capitals in an Arabic text

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The different words of the field."""
        return frozenset(self.words)

    @cached_property
    def small(self) -> frozenset[str]:
        """The different words of the field that are written without a capital somewhere."""
        return frozenset(compress(self.words, map(not_, self.uppers)))

    @cached_property
    def quoted(self) -> frozenset[int]:
        """The words before which a quotation mark stands that can open a quotation."""
        places = [bisect_left(self.starts, mark.start()) for mark in _QUOTATION.finditer(self.source)]
        return frozenset(word for word in places if word < len(self.words))

    def put(self, hits: list[Hit]) -> None:
        """Set the forms found, and of them what each rule asks for, so that no rule reads them all."""
        self.hits = hits
        kinds: list[list[Hit]] = [[] for _ in LISTS]
        for hit in hits:
            for place in hit.meanings.lists:
                kinds[place].append(hit)
        self.fixed, self.heads, self.people, self.groups, self.forms, self.places, self.speech = kinds
        self.at = {hit.start: hit for hit in hits}
        self.till = {hit.end: hit for hit in hits}

    def gap(self, word: int) -> str:
        """The original text before a word: back to the word before it, or to the beginning."""
        if 0 < word < len(self.starts):
            return self.source[self.ends[word - 1] : self.starts[word]]
        count = len(self.words)
        if word >= count:
            return self.source[self.ends[-1] :] if count and word == count else ("" if count else self.source)
        return self.source[: self.starts[0]]

    def near(self, word: int) -> bool:
        """Whether nothing but space, hyphen or apostrophe stands between a word and the one before it."""
        return 0 < word < len(self.links) and self.links[word]

    def comma(self, word: int) -> bool:
        """Whether a comma, and nothing stronger, stands before a word."""
        if self.near(word):
            return False
        gap = self.gap(word)
        return ("," in gap or "،" in gap) and _BREAKS.isdisjoint(gap)

    def opens(self, word: int) -> bool:
        """Whether a word begins the field, a sentence, a line or a quotation."""
        return word == 0 or self.stops[word]

    def whole(self, first: int, last: int) -> bool:
        """Whether no sentence, line or quotation begins at words first to last, both included."""
        return True not in self.stops[first : last + 1]

    def upper(self, word: int) -> bool:
        """Whether a word is written with a capital first letter."""
        return self.uppers[word]

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
        return self.taken.find(1, start, end) < 0

    def take(self, start: int, end: int) -> None:
        """Mark words as belonging to a decided mention."""
        self.taken[start:end] = b"\1" * (end - start)


def passages(document: Document, grammar: Grammar, language: str) -> list[Passage]:
    """Title and body, read at once: a short title costs nearly as much as a body."""
    title, body = document.folded_title, document.folded_body
    first, last = document.folded.word_bounds
    starts, ends = document.folded.source_bounds
    codes = np.minimum(document.folded.codes, len(_UPPER) - 1)
    near, stopped = _gaps(codes, starts, ends)
    upper = _UPPER[codes[starts]]
    paired = last - first == 1
    paired[:-1] |= near[1:-1] & upper[1:]
    pairs: list[int] = np.flatnonzero(paired & upper).tolist()
    links: list[bool] = near.tolist()
    stops: list[bool] = stopped.tolist()
    uppers: list[bool] = upper.tolist()
    count, behind = len(title.words), len(document.title) + 1
    parted = bisect_left(pairs, count)
    above = Layout(
        starts[:count].tolist(),
        ends[:count].tolist(),
        [*links[:count], False],
        [*stops[:count], _stopped(document.title[int(ends[count - 1]) if count else 0 :])],
        uppers[:count],
        pairs[:parted],
    )
    head = document.body[: int(starts[count]) - behind] if count < len(starts) else document.body
    below = Layout(
        (starts[count:] - behind).tolist(),
        (ends[count:] - behind).tolist(),
        [False, *links[count + 1 :]],
        [_stopped(head), *stops[count + 1 :]],
        uppers[count:],
        [word - count for word in pairs[parted:]],
    )
    return [
        Passage("title", document.title, title, language, grammar, above),
        Passage("body", document.body, body, language, grammar, below),
    ]


def _stopped(gap: str) -> bool:
    return not _STOPS.isdisjoint(gap)


def _gaps(
    codes: NDArray[np.uint32], starts: NDArray[np.int32], ends: NDArray[np.int32]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Of what stands before every word and behind the last: whether it keeps two words together (space, hyphen,
    apostrophe), and whether it ends a sentence, line or quotation."""
    sums = np.zeros(len(codes) + 1, np.int64)
    np.cumsum(_UNITS[codes], out=sums[1:])
    first, last = np.zeros(len(starts) + 1, np.int64), np.full(len(starts) + 1, len(codes), np.int64)
    first[1:], last[:-1] = ends, starts
    told, size = sums[last] - sums[first], last - first
    near = (size < 4) & (told % _STOP_UNIT == 0) & ((size < 2) | (told < _HYPHEN_UNIT))
    near[0] = near[-1] = False
    return near, (told % _HYPHEN_UNIT) >= _STOP_UNIT


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
