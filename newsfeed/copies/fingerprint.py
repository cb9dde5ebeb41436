"""Fingerprints: a hash a word, a hash a word 4-gram, and the few of those that are looked up.

Winnowing (Schleimer, Wilkerson and Aiken, 2003) keeps the smallest of every WINDOW neighbouring 4-grams. Two texts
that share GUARANTEE words in a row share at least one kept 4-gram, so every such passage is found.
"""

from __future__ import annotations

import re
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from newsfeed.articles.identity import id_from_url
from newsfeed.copies.bounds import pack_bounds, start_of, unpack_bounds
from newsfeed.records import Article
from newsfeed.text import fold, fold_text

Hashes = NDArray[np.uint32]


def _splitmix(count: int) -> NDArray[np.uint64]:
    """The first numbers of SplitMix64 (Steele, Lea and Flood, 2014): the same on every machine and numpy."""
    state = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


SHINGLE = 4  # words
WINDOW = 8  # shingles
GUARANTEE = SHINGLE + WINDOW - 1  # words: 11
DENSE_TITLE = 12  # shingles of a title: all of so many are looked up, so that a headline alone is found in its article
DENSE_TEXT = 28  # shingles: all of a text of no more, about 30 words
TITLE_TAILS = 6  # words of a mark before a title
SHORT_TITLE = 4  # words: a shorter title names nothing
_NOTICE = 1_000  # code points of a text in which it names what it corrects or withdraws
_QUOTED = re.compile('["“„«]([^"“”„«»\n]{8,300})["“”»]')
MAX_WORDS = 60_000  # what lies behind is not compared: about 350 kB of text
MAX_FINGERPRINTS = (
    2_048  # of one article, so that a book cannot flush the index; the smallest hashes, the same in every copy
)

_LETTER = _splitmix(65_536)  # fixed: hashes stand in the log
_PLACES = 1_024  # of a longer word the powers begin again
_BASE = 0x9E3779B97F4A7C15
_ALL = (1 << 64) - 1


def _powers(base: int, count: int) -> NDArray[np.uint64]:
    """``base`` to the power of 1 to ``count``, modulo 2**64."""
    return np.cumprod(np.full(count, base, np.uint64), dtype=np.uint64)


_POWER = _powers(_BASE, 1 << 16)
_BACK = _powers(pow(_BASE, -1, 1 << 64), 1 << 16) * np.uint64(_BASE)  # _BASE to the power of 0, -1, -2, ...
_POWERS: list[int] = _POWER[:_PLACES].tolist()
_STEP = np.array([pow(0xD6E8FEB86659FD93, power, 2**64) for power in (3, 2, 1, 0)], np.uint64)
# Arrays without a dimension: numpy takes them up quicker than its scalars.
_ONE_STEP, _TWO_STEPS = np.array(_STEP[2]), np.array(_STEP[1])
_MIX = np.array(0xC2B2AE3D27D4EB4F, np.uint64)
_PLACES_OF_SHINGLE = np.arange(SHINGLE)
_HIGH = np.array(32, np.uint64)
_LOW, _EVEN, _ODD = np.array(0xFFFF, np.uint32), np.array(0xFFFFFFFE, np.uint32), np.array(1, np.uint32)
_SPACE, _ZERO, _NINE = np.array(32, np.uint32), np.array(48, np.uint32), np.array(9, np.uint32)


def word_hashes(text: str) -> Hashes:
    """One hash a word of a folded text; bit 0 says whether the word has a digit. uint32, shape (words,)."""
    if not text:
        return np.zeros(0, np.uint32)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    gaps = (codes == _SPACE).nonzero()[0]
    start = np.zeros(len(gaps) + 1, np.int64)
    np.add(gaps, 1, out=start[1:])
    letters = _LETTER.take(codes & _LOW)
    letters[gaps] = 0
    if len(codes) <= len(_POWER) and _longest(start, len(codes)) <= _PLACES:
        # Each letter times the power of its place in the text, each word divided by the power of its first place.
        letters *= _POWER[: len(codes)]
        mixed = np.add.reduceat(letters, start)
        mixed *= _BACK.take(start)
    else:
        place = np.arange(len(codes)) - np.repeat(start, np.diff(start, append=len(codes)))
        mixed = np.add.reduceat(letters * _POWER[place % _PLACES], start)
    mixed ^= mixed >> _HIGH
    mixed *= _MIX
    mixed >>= _HIGH
    hashes = mixed.astype(np.uint32)
    hashes &= _EVEN
    digits = (codes - _ZERO <= _NINE).nonzero()[0]
    hashes[start.searchsorted(digits, "right") - 1] |= _ODD
    return hashes


def _longest(start: NDArray[np.int64], end: int) -> int:
    """Letters of the longest word, the space behind it counted."""
    return max(end - int(start[-1]), int((start[1:] - start[:-1]).max(initial=0)))


def has_digit(hashes: Hashes) -> NDArray[np.bool_]:
    """Which words have a digit."""
    return (hashes & _ODD).astype(bool)


def shingles(words: Hashes) -> Hashes:
    """The hash of every word 4-gram in text order; a shorter text is one shingle. uint32, shape (words - 3,)."""
    if not len(words):
        return words
    wide = words.astype(np.uint64)
    if len(wide) < SHINGLE:
        mixed = (wide * _STEP[: len(wide)]).sum(keepdims=True, dtype=np.uint64) + np.uint64(len(wide))
    else:
        pairs = wide[:-1] * _ONE_STEP
        pairs += wide[1:]
        mixed = pairs[:-2] * _TWO_STEPS
        mixed += pairs[2:]
    return _mixed(mixed)


def shingles_at(words: Hashes, at: NDArray[np.intp]) -> Hashes:
    """The hashes of the word 4-grams that begin at these places."""
    mixed = words.take(at[:, None] + _PLACES_OF_SHINGLE) @ _STEP
    return _mixed(mixed)


def _mixed(mixed: NDArray[np.uint64]) -> Hashes:
    """32 bits of the sums; these are lost."""
    mixed ^= mixed >> _HIGH
    mixed *= _MIX
    mixed >>= _HIGH
    out: Hashes = mixed.astype(np.uint32)
    return out


def distinct(hashes: Hashes) -> Hashes:
    """Sorted, without repeats (faster than np.unique for a few hundred)."""
    ordered = np.sort(hashes)
    if len(ordered) < 2:
        return ordered
    keep = np.empty(len(ordered), bool)
    keep[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
    return ordered[keep]


def winnow(sequence: Hashes, title_words: int = 0) -> Hashes:
    """The distinct minima of every WINDOW shingles in a row, and all of a title; all of a short text. Sorted."""
    if len(sequence) <= DENSE_TEXT:
        return distinct(sequence)
    title = sequence[: min(max(0, title_words - SHINGLE + 1), DENSE_TITLE)]
    sequence = np.minimum(sequence[:-1], sequence[1:])
    sequence = np.minimum(sequence[:-2], sequence[2:])
    sequence = np.minimum(sequence[:-4], sequence[4:])
    return distinct(np.concatenate([title, sequence]))[:MAX_FINGERPRINTS]


def title_prints(title: Hashes) -> Hashes:
    """A fingerprint of the whole title, and of the title without its first words (as a notice puts its mark before it)."""
    words = title.tolist()
    tails = [words[at:] for at in range(min(TITLE_TAILS, max(0, len(words) - SHORT_TITLE + 1)))]
    return np.array([_whole(tail) for tail in tails], np.uint32)


def whole_title(title: Hashes) -> list[int]:
    """The fingerprint of the whole title alone; none where it is too short to name anything."""
    return [_whole(title.tolist())] if len(title) >= SHORT_TITLE else []


def quoted_titles(*texts: str) -> Hashes:
    """A fingerprint of each quotation that may be a title: a notice names so what it corrects or withdraws."""
    quoted = [word_hashes(fold_text(found)) for text in texts for found in _QUOTED.findall(text[:_NOTICE])]
    return np.array([name for words in quoted for name in whole_title(words)], np.uint32)


def _whole(words: list[int]) -> int:
    """One hash of some words in a row."""
    mixed = sum(word * _POWERS[place % _PLACES] for place, word in enumerate(words)) & _ALL
    return ((mixed ^ mixed >> 32) * int(_MIX) & _ALL) >> 32


def first_letter(article: Article, word: int) -> str:
    """The first letter of a hashed word as the article writes it: capital or small."""
    field = article.title if word < article.title_words else article.body
    return field[start_of(article.word_bounds, word)]


def fingerprint(article: Article) -> Article:
    """The article with the hashes, bounds and fingerprints of its folded words filled in."""
    folded = fold(f"{article.title}\n{article.body}")
    hashes = word_hashes(folded.text)[:MAX_WORDS]
    sequence = shingles(hashes)
    start, end = folded.source_bounds
    start, end = start[:MAX_WORDS], end[:MAX_WORDS]
    title_words = int(start.searchsorted(len(article.title)))
    # Each field counts from its own beginning.
    start[title_words:] -= len(article.title) + 1
    end[title_words:] -= len(article.title) + 1
    return msgspec.structs.replace(
        article,
        word_hashes=hashes.astype("<u4", copy=False).tobytes(),
        word_bounds=pack_bounds(start, end),
        title_words=title_words,
        prints=winnow(sequence, title_words).astype("<u4", copy=False).tobytes(),
        distinct_shingles=len(distinct(sequence)),
        url_id=id_from_url(article.url) if article.url else None,
    )


def lines_of(article: Article) -> list[tuple[int, int]]:
    """The lines of the body that hold hashed words, from and to, in words."""
    starts = unpack_bounds(article.word_bounds)[0][article.title_words :]
    breaks = [at for at, char in enumerate(article.body) if char == "\n"]
    edges = [0, *np.searchsorted(starts, breaks).tolist(), len(starts)]
    return [(article.title_words + a, article.title_words + b) for a, b in pairwise(edges) if a < b]
