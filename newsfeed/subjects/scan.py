"""One pass over the folded words of an article: where each pattern stands."""

from __future__ import annotations

from dataclasses import dataclass

from newsfeed.subjects.lexicon import Lexicon, Pointer, Word
from newsfeed.text import Document, Folded

_KEPT = 3  # places of a pattern that are remembered in each field


@dataclass(slots=True)
class Hit:
    """Where one pattern stands: how often, and its first places as (field, first word, last word + 1)."""

    pointer: Pointer
    title: int
    lead: int
    body: int
    places: list[tuple[str, int, int]]


def scan(document: Document, lexicon: Lexicon, lead_words: int) -> dict[int, Hit]:
    """All patterns of a lexicon in an article, by the pattern's number.

    A phrase takes its words away from shorter patterns that begin inside it: the longest at a place wins.
    Linear in the number of words (the look-ahead of a phrase or ``~`` is bounded).
    """
    hits: dict[int, Hit] = {}
    for name, _, folded in document.fields():
        _scan_field(name, folded, lexicon, lead_words, hits)
    return hits


def _scan_field(name: str, folded: Folded, lexicon: Lexicon, lead_words: int, hits: dict[int, Hit]) -> None:
    found = lexicon.words(folded.words)
    free = 0  # the first word no phrase has taken
    title = name == "title"
    last = len(found)
    for start, word in enumerate(found):
        if word is None:
            continue
        for distance, other, pointer in word.near:
            for beside in found[start + 1 : start + distance + 1]:
                if beside is not None and other in beside.parts:
                    end = found.index(beside, start + 1) + 1
                    _note(hits, pointer, name, start, end, title, start < lead_words)
                    break
        if start < free:
            continue
        if word.phrases and start + 1 < last:
            following = found[start + 1]
            if following is not None and not word.seconds.isdisjoint(following.parts):
                longest = 0
                for length, rest, pointer in word.phrases:
                    if length < longest:
                        break
                    if _follows(found, start, rest):
                        _note(hits, pointer, name, start, start + length, title, start < lead_words)
                        if not pointer.unless:
                            longest = length
                if longest:
                    free = start + longest
                    continue
        for pointer in word.single:
            _note(hits, pointer, name, start, start + 1, title, start < lead_words)


def _follows(found: list[Word | None], start: int, rest: tuple[int, ...]) -> bool:
    place = start
    for number in rest:
        place += 1
        if place >= len(found):
            return False
        word = found[place]
        if word is None or number not in word.parts:
            return False
    return True


def _note(hits: dict[int, Hit], pointer: Pointer, name: str, start: int, end: int, title: bool, lead: bool) -> None:
    hit = hits.get(pointer.number)
    if hit is None:
        place = [(name, start, end)]
        hits[pointer.number] = Hit(pointer, 1, 0, 0, place) if title else Hit(pointer, 0, int(lead), 1, place)
        return
    if title:
        hit.title += 1
    else:
        hit.body += 1
        hit.lead += lead
    if len(hit.places) < _KEPT:
        hit.places.append((name, start, end))
