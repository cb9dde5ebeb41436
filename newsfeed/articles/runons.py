"""Paragraphs that run others together are taken apart: the pieces that stand elsewhere, and what is left between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ahocorasick_rs

from newsfeed.articles import paragraphs
from newsfeed.articles.paragraphs import LEAST_LETTERS, Paragraph
from newsfeed.text import fold_text

MOSTLY = 0.5  # share of a run-on that known paragraphs must cover, where the rest is whole sentences
FEW = 64  # beginnings that are quicker looked for one by one
LENGTHS_TRIED = 16  # of paragraphs with one beginning
SENTENCE_END = frozenset('.!?…؟。"»”’)]')
_DOUBLED_FROM = 80  # squeezed letters of a text that may stand twice in one paragraph
_DOUBLED_SEED = 40
_DOUBLED_SHARE = 0.5  # how much of the second copy must be there


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int
    known: int | None  # number of the paragraph it is


def take_apart(title: Paragraph, found: list[Paragraph]) -> list[Paragraph]:
    """The paragraphs, with every run-on replaced by its pieces. Linear in the length of the text."""
    found = [piece for paragraph in found for piece in _halves(title, paragraph)]
    known = _Known([title, *found])
    apart: dict[int, list[Paragraph]] = {}
    hits = known.hits()
    for number in sorted(
        hits, key=lambda at: (len(known.paragraphs[at].squeezed), at)
    ):  # the shorter may be pieces of the longer
        pieces = _pieces(number, known, hits[number])
        if (written := _written(known.paragraphs, apart, number, pieces)) is not None:
            apart[number] = written
    return [piece for at, paragraph in enumerate(found, 1) for piece in apart.get(at, [paragraph])]


class _Known:
    """The long paragraphs by how they begin, to be found again inside others."""

    def __init__(self, known: Sequence[Paragraph]) -> None:
        self.paragraphs = known
        self._texts: dict[str, int] = {}
        lengths: dict[str, set[int]] = {}
        for at, paragraph in enumerate(known):
            if paragraph.long:
                self._texts.setdefault(paragraph.squeezed, at)
                lengths.setdefault(paragraph.squeezed[:LEAST_LETTERS], set()).add(len(paragraph.squeezed))
        self._long = sum(paragraph.long for paragraph in known)
        self._begins = list(lengths)
        self._lengths = [sorted(lengths[begin], reverse=True) for begin in self._begins]
        self._budget = 4 * sum(len(paragraph.squeezed) for paragraph in known) + 10_000  # letters compared

    def hits(self) -> dict[int, list[tuple[int, int]]]:
        """By paragraph, where in it shorter ones may begin, with the number of their beginning."""
        if not self._begins:
            return {}
        everything = "\n".join(paragraph.squeezed for paragraph in self.paragraphs)
        starts, total = [], 0
        for paragraph in self.paragraphs:
            starts.append(total)
            total += len(paragraph.squeezed) + 1
        if len(self._begins) <= FEW and sum(map(everything.count, self._begins)) == self._long:
            return {}
        machine = ahocorasick_rs.AhoCorasick(self._begins)
        found: dict[int, list[tuple[int, int]]] = {}
        at = 0
        for name, start, _ in machine.find_matches_as_indexes(everything, overlapping=True):
            while at + 1 < len(starts) and starts[at + 1] <= start:
                at += 1
            if at and self._lengths[name][-1] < len(self.paragraphs[at].squeezed):
                found.setdefault(at, []).append((start - starts[at], name))
        return found

    def at(self, whole: str, start: int, name: int) -> int | None:
        """Number of the longest paragraph that stands in ``whole`` at ``start``."""
        tried = 0
        for length in self._lengths[name]:
            if length >= len(whole) or length > len(whole) - start:
                continue
            tried += 1
            self._budget -= length
            if self._budget < 0 or tried > LENGTHS_TRIED:
                return None
            end = start + length
            if end < len(whole) and whole[end - 1].isdigit() and whole[end].isdigit():  # half a number
                continue
            if (number := self._texts.get(whole[start:end])) is not None:
                self._budget += length
                return number
        return None


def _pieces(number: int, known: _Known, hits: Sequence[tuple[int, int]]) -> list[_Piece]:
    whole = known.paragraphs[number].squeezed
    pieces: list[_Piece] = []
    behind = 0
    for start, name in hits:
        if start < behind or (other := known.at(whole, start, name)) is None:
            continue
        if start > behind:
            pieces.append(_Piece(behind, start, None))
        behind = start + len(known.paragraphs[other].squeezed)
        pieces.append(_Piece(start, behind, other))
        behind = _short_ones(number, known.paragraphs, other, behind, pieces)
    if behind < len(whole):
        pieces.append(_Piece(behind, len(whole), None))
    return pieces


def _short_ones(number: int, known: Sequence[Paragraph], other: int, behind: int, pieces: list[_Piece]) -> int:
    """Short lines (subheadings) that follow a known piece here as they do there."""
    for at in range(other + 1, len(known)):
        text = known[at].squeezed
        if at == number or known[at].long or not text or not known[number].squeezed.startswith(text, behind):
            break
        pieces.append(_Piece(behind, behind + len(text), at))
        behind += len(text)
    return behind


def _written(
    known: Sequence[Paragraph], apart: dict[int, list[Paragraph]], number: int, pieces: Sequence[_Piece]
) -> list[Paragraph] | None:
    """What a run-on holds; None where it is none: its rest would be torn out of a sentence, or its numbers are others."""
    sure = [piece for piece in pieces if piece.known is not None]
    rest = len(pieces) - len(sure)
    covered = sum(piece.end - piece.start for piece in sure) / len(known[number].squeezed)
    if len(sure) < 2 or covered < (MOSTLY if rest else 1.0):
        return None
    texts = paragraphs.cut(known[number].text, [piece.start for piece in pieces])
    out: list[Paragraph] = []
    for at, (piece, text) in enumerate(zip(pieces, texts, strict=True)):
        if piece.known is None:
            if not _whole_sentences(texts, at):
                return None
            out.append(paragraphs.of(text, fold_text(text), run_on=True))
            continue
        same = known[piece.known]
        if paragraphs.numbers_of(text) != paragraphs.numbers_of(same.text):
            return None
        better = text if text.count(" ") > same.spacing else same.text
        out += apart.get(piece.known) or [Paragraph(better, same.squeezed, same.words, run_on=True)]
    return out


def _whole_sentences(texts: Sequence[str], at: int) -> bool:
    """Whether a piece begins behind the end of a sentence and ends with one."""
    before = texts[at - 1] if at else "."
    here = texts[at] if at + 1 < len(texts) else "."
    return before[-1:] in SENTENCE_END and here[-1:] in SENTENCE_END


def _halves(title: Paragraph, paragraph: Paragraph) -> list[Paragraph]:
    """A paragraph that holds its text twice, also behind the title, cut in two (the title apart)."""
    whole, name = paragraph.squeezed, title.squeezed
    begin = 0
    while title.long and whole.startswith(name, begin):
        begin += len(name)
    second = whole.find(whole[begin : begin + _DOUBLED_SEED], begin + _DOUBLED_FROM)
    places = [0, begin] if begin else [0]
    if second > 0:
        first, rest = second - begin, len(whole) - second
        again = name if title.long and whole.endswith(name, begin, second) else ""  # title, body, title, body
        first -= len(again)
        if first * _DOUBLED_SHARE <= rest <= first and whole.startswith(whole[second:], begin):
            places += [second - len(again), second] if again else [second]
            begin = 2 * len(name)
    if len(places) == 1 or (begin < 2 * len(name) and len(places) == 2) or places[-1] >= len(whole):
        return [paragraph]
    return [paragraphs.of(text, fold_text(text)) for text in paragraphs.cut(paragraph.text, places) if text]
