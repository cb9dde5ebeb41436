"""Proof in code points: the shared passages of two articles, and what a new version changed."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

from newsfeed.copies.bounds import end_of, start_of
from newsfeed.copies.compare import Passage, Words
from newsfeed.copies.entry import Entry, Passed
from newsfeed.records import Article, Change

Field = Literal["title", "body"]
Place = tuple[Field, int, int]

MATCHER_WORDS = 400  # a longer rewritten stretch is told as a whole: difflib is quadratic


def _cuts(passage: Passage, here_title: int, there_title: int) -> list[Passage]:
    """The passage cut where a title ends on either side."""
    marks = [
        mark for mark in (here_title, there_title - passage.other + passage.start) if passage.start < mark < passage.end
    ]
    if not marks:
        return [passage]
    points = sorted({passage.start, passage.end, *marks})
    return [Passage(start, end, passage.other + start - passage.start) for start, end in pairwise(points)]


def _place(bounds: bytes, title_words: int, start: int, end: int) -> Place:
    field: Field = "title" if start < title_words else "body"
    return field, start_of(bounds, start), end_of(bounds, end - 1)


def evidence(article: Article, entry: Entry, shared: list[Passage], *, most: int, shortest: int) -> list[Passed]:
    """Up to ``most`` of the longest shared passages of at least ``shortest`` words, in the order of this text."""
    here, there = article.word_bounds, entry.word_bounds
    found = sorted(shared, key=lambda passage: passage.start - passage.end)[:most]
    pieces = [piece for passage in found for piece in _cuts(passage, article.title_words, entry.title_words)]
    longest = sorted(pieces, key=lambda piece: (-piece.length, piece.start))[:most]
    chosen = [piece for piece in longest if piece.length >= shortest] or longest[:1]
    out = []
    for piece in sorted(chosen, key=lambda piece: piece.start):
        field, start, end = _place(here, article.title_words, piece.start, piece.end)
        there_field, there_start, there_end = _place(there, entry.title_words, piece.other, piece.other + piece.length)
        out.append(Passed(entry.article_id, field, (start, end), there_field, (there_start, there_end)))
    return out


def changes(article: Article, here: Words, entry: Entry, shared: list[Passage]) -> list[Change]:
    """What this version inserted (code points here) and removed (code points in the version before), word by word."""
    there = entry.words
    here_bounds, there_bounds = article.word_bounds, entry.word_bounds
    inserted: list[tuple[int, int]] = []
    removed: list[tuple[int, int]] = []
    for (a, b), (c, d) in _between(len(here), len(there), shared):
        for start, end, other, stop in _differences(here.hashes[a:b].tolist(), there.hashes[c:d].tolist()):
            if end > start:
                inserted.append((a + start, a + end))
            if stop > other:
                removed.append((c + other, c + stop))
    out = [
        _change("inserted", here_bounds, article.title_words, *span)
        for span in _by_field(inserted, article.title_words)
    ]
    out += [
        _change("removed", there_bounds, entry.title_words, *span) for span in _by_field(removed, entry.title_words)
    ]
    return out


def _between(here: int, there: int, shared: list[Passage]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The stretches outside the shared passages; a passage that moved is left where it is in this text."""
    kept: list[Passage] = []
    for passage in shared:
        if not kept or passage.other >= kept[-1].other + kept[-1].length:
            kept.append(passage)
    ends = [(0, 0), *((p.end, p.other + p.length) for p in kept)]
    starts = [*((p.start, p.other) for p in kept), (here, there)]
    return [((e[0], s[0]), (e[1], s[1])) for e, s in zip(ends, starts, strict=True)]


def _differences(mine: list[int], theirs: list[int]) -> list[tuple[int, int, int, int]]:
    if not mine or not theirs or len(mine) + len(theirs) > MATCHER_WORDS:
        return [(0, len(mine), 0, len(theirs))]
    matcher = SequenceMatcher(None, theirs, mine, autojunk=False)
    return [(j1, j2, i1, i2) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"]


def _by_field(spans: list[tuple[int, int]], title_words: int) -> list[tuple[int, int]]:
    out = []
    for start, end in spans:
        cut = min(max(start, title_words), end)
        out += [span for span in ((start, cut), (cut, end)) if span[1] > span[0]]
    return out


def _change(op: Literal["inserted", "removed"], bounds: bytes, title_words: int, start: int, end: int) -> Change:
    field, first, last = _place(bounds, title_words, start, end)
    return Change(op=op, field=field, start=first, end=last)
