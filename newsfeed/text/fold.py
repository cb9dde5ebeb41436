"""Folded text: one spelling for what a reader takes for the same word, with a way back to the original.

Every rule of newsfeed (copies, actors, topics, queries) works on folded text, and every answer points into
the original by code points. Folding drops what is not written consistently (case, accents, harakat, tatweel,
invisible characters), unifies letters that keyboards and agencies swap (أ إ آ ا, ى ي, ة ه, ё е, ß ss) and
turns everything that is neither letter nor digit into one space. Scripts without spaces (Han, Kana, Thai,
Lao, Khmer, Burmese) become one word a character.

Sources: Unicode NFKC and case folding (UAX #15, UAX #31); the Arabic unifications are the usual ones of
Arabic retrieval (Larkey, Ballesteros and Connell, 2002).
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

SPACE = 32
_SHORT = 256  # characters: beyond them arrays are faster than a table looked up for each character
_TABLE_SIZE = 0x10000  # the Basic Multilingual Plane; what lies beyond is looked up for each text

_UNIFIED = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ۃ": "ه",
        "ہ": "ه", "ھ": "ه", "ک": "ك", "ڪ": "ك", "ё": "е", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i",
    }
)  # fmt: skip
_KEEP_COMPOSED = frozenset("йїўќѓ")  # a letter of its own, not a letter with an accent
_OWN_WORD_BLOCKS = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x1B000, 0x1B16F), (0x20000, 0x3FFFF),
)  # fmt: skip
# Sorted: an odd number of them lies before what is inside a block.
_OWN_WORD_EDGES = [edge for low, high in _OWN_WORD_BLOCKS for edge in (low, high + 1)]


@lru_cache(maxsize=4096)
def _fold_character(char: str) -> str:
    """The folded form of one character: empty when it is dropped, a space when it separates words."""
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf", "Cs") or char == "ـ":
        return ""
    if category[0] not in "LN" and category != "Mc":
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(char))
    # Of two characters in three there is nothing to take apart.
    plain = category == "Lo" and not unicodedata.decomposition(char)
    folded = (char if plain else _take_apart(char)).translate(_UNIFIED)
    own_word = bisect_right(_OWN_WORD_EDGES, ord(char)) % 2
    return f" {folded} " if own_word else folded


def _take_apart(char: str) -> str:
    """Without case and accents."""
    folded = ""
    for part in unicodedata.normalize("NFKC", char).casefold().translate(_UNIFIED):
        if part in _KEEP_COMPOSED or "가" <= part <= "힣":
            folded += part
            continue
        for piece in unicodedata.normalize("NFD", part):
            kind = unicodedata.category(piece)
            if kind[0] in "LN" or kind == "Mc":
                folded += piece
            elif kind not in ("Mn", "Me", "Cf"):
                folded += " "
    return folded


def _build() -> tuple[NDArray[np.uint8], NDArray[np.uint32], NDArray[np.uint32]]:
    """length and start of every code point's folded form in one flat array of code points."""
    length = np.zeros(_TABLE_SIZE, np.uint8)
    start = np.zeros(_TABLE_SIZE, np.uint32)
    flat: list[int] = []
    seen: dict[str, int] = {}
    for code in range(_TABLE_SIZE):
        folded = _fold_character.__wrapped__(chr(code))
        if folded not in seen:
            seen[folded] = len(flat)
            flat.extend(map(ord, folded))
        length[code], start[code] = len(folded), seen[folded]
    flat.append(SPACE)  # a dropped character's start may lie behind the last one
    return length, start, np.array(flat, np.uint32)


_LENGTH, _START, _FLAT = _build()
_ONE = np.where(_LENGTH == 1, _FLAT[_START], 0)  # the folded form where it is one character


class Folded:
    """The folded words of a text, joined by single spaces, and where each character came from.

    Attributes:
        source: the original text.
        text: the folded text; no leading, trailing or double space.
        origin: int32, one entry a character of ``text``: the code-point offset in ``source`` it came from.
        codes: uint32, the code points of ``source``.
    """

    __slots__ = ("__dict__", "_spaces", "codes", "origin", "source", "text")

    def __init__(
        self,
        source: str,
        codes: NDArray[np.uint32],
        text: str,
        origin: NDArray[np.int32],
        spaces: NDArray[np.bool_],
    ) -> None:
        self.source = source
        self.codes = codes
        self.text = text
        self.origin = origin
        self._spaces = spaces

    @cached_property
    def words(self) -> list[str]:
        """The folded words in order."""
        return self.text.split(" ") if self.text else []

    @cached_property
    def word_bounds(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Start and end (exclusive) of every word in ``text``; int32, one entry a word."""
        if not self.text:
            return np.zeros(0, np.int32), np.zeros(0, np.int32)
        gaps = np.flatnonzero(self._spaces)
        start, end = np.zeros(len(gaps) + 1, np.int32), np.empty(len(gaps) + 1, np.int32)
        start[1:] = gaps + 1
        end[:-1] = gaps
        end[-1] = len(self.text)
        return start, end

    @cached_property
    def source_bounds(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Start and end (exclusive) of every word in ``source``; int32, one entry a word."""
        start, end = self.word_bounds
        if not len(start):
            return start, end
        return self.origin.take(start), self.origin.take(end - 1) + np.int32(1)

    def parted(self, place: int) -> tuple[Folded, Folded]:
        """What stands before and behind a separator of the source, each as if it had been folded alone."""
        text, behind = self.text, int(np.searchsorted(self.origin, place))
        before = behind - (text[behind - 1 : behind] == " ")
        behind += text[behind : behind + 1] == " "
        return (
            Folded(self.source[:place], self.codes[:place], text[:before], self.origin[:before], self._spaces[:before]),
            Folded(
                self.source[place + 1 :],
                self.codes[place + 1 :],
                text[behind:],
                self.origin[behind:] - np.int32(place + 1),
                self._spaces[behind:],
            ),
        )

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` (not empty, without outer spaces) stands in ``source``, marks behind it included."""
        first, last = int(self.origin[start]), int(self.origin[end - 1]) + 1
        while last < len(self.source) and unicodedata.category(self.source[last]) == "Mn":
            last += 1
        return first, last


def fold(source: str) -> Folded:
    """Fold a text. Linear in its length; about 40 us for 2,000 characters.

    Lone surrogates are dropped; every other string is accepted.
    """
    codes = np.frombuffer(source.encode("utf-32-le", "surrogatepass"), np.uint32)
    if codes.max(initial=0) >= _TABLE_SIZE:
        return _fold_rare(source, codes)
    lengths = _LENGTH.take(codes)
    if lengths.max(initial=0) <= 1:
        single = _ONE.take(codes)
        origin = np.flatnonzero(single)
        folded = single if len(origin) == len(single) else single.take(origin)
    else:
        folded, origin = _spread(codes, lengths, _START, _FLAT)
    return _joined(source, codes, folded, origin)


def _fold_rare(source: str, codes: NDArray[np.uint32]) -> Folded:
    """The same with tables that are longer by the characters of this text beyond them."""
    rare = np.unique(codes[codes >= _TABLE_SIZE])
    pieces = [[*map(ord, _fold_character(chr(code)))] for code in rare.tolist()]
    length = np.concatenate((_LENGTH, np.array([len(piece) for piece in pieces], np.uint8)))
    begin = np.cumsum([len(_FLAT), *map(len, pieces[:-1])], dtype=np.uint32)
    start = np.concatenate((_START, begin))
    flat = np.concatenate((_FLAT, np.array([code for piece in pieces for code in piece] + [SPACE], np.uint32)))
    placed = np.where(codes < _TABLE_SIZE, codes, _TABLE_SIZE + np.searchsorted(rare, codes)).astype(np.uint32)
    return _joined(source, codes, *_spread(placed, length.take(placed), start, flat))


def _spread(
    codes: NDArray[np.uint32], lengths: NDArray[np.uint8], start: NDArray[np.uint32], flat: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
    """The folded characters, and which code each came from, where one may become several or none."""
    origin = np.repeat(np.arange(len(codes)), lengths)
    begin = np.cumsum(lengths, dtype=np.int64) - lengths
    return flat[start[codes[origin]] + (np.arange(len(origin)) - begin[origin]).astype(np.uint32)], origin


def _joined(source: str, codes: NDArray[np.uint32], folded: NDArray[np.uint32], origin: NDArray[np.intp]) -> Folded:
    """Collapse runs of separators to one space and drop the outer ones."""
    gap = folded == SPACE
    keep = ~gap
    keep[1:] |= ~gap[:-1]  # the first separator behind a word
    if len(gap) and gap[0]:
        keep[0] = False
    kept = np.flatnonzero(keep)
    if len(kept) and gap[kept[-1]]:
        kept = kept[:-1]  # the separator behind the last word
    if not len(kept):
        return Folded(source, codes, "", np.zeros(0, np.int32), np.zeros(0, np.bool_))
    written = folded.take(kept).astype("<u4", copy=False)
    text = written.tobytes().decode("utf-32-le", "surrogatepass")
    return Folded(source, codes, text, origin.take(kept).astype(np.int32), written == SPACE)


class _Characters(dict[int, str]):
    """The folded form of every code point asked for; those of the Basic Multilingual Plane are remembered."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if code < _TABLE_SIZE:
            self[code] = folded
        return folded


_CHARACTERS = _Characters()


def fold_text(source: str) -> str:
    """Only the folded text, for names, patterns and query terms: the same as ``fold(source).text``, and faster for short ones."""
    if len(source) > _SHORT:
        return fold(source).text
    return " ".join(source.translate(_CHARACTERS).split())
