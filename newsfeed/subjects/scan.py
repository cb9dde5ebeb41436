"""One pass over the folded words of an article: where each pattern stands."""

from __future__ import annotations

from dataclasses import dataclass

from newsfeed.subjects.lexicon import Lexicon, Word
from newsfeed.text import Document

_TOLD = 3  # places of a pattern that can be evidence

Place = tuple[str, int, int]  # field, first word, last word + 1


@dataclass(frozen=True, slots=True)
class Found:
    """By the number of a pattern: its places in the title, and in the body, in reading order."""

    title: dict[int, list[Place]]
    body: dict[int, list[Place]]

    def field(self, name: str) -> dict[int, list[Place]]:
        return self.title if name == "title" else self.body

    def places(self, number: int) -> list[Place]:
        """The first places of a pattern, the title's before the body's."""
        return (self.title.get(number, []) + self.body.get(number, []))[:_TOLD]


def scan(document: Document, lexicon: Lexicon) -> Found:
    """All patterns of a lexicon in an article.

    A phrase takes its words away from shorter patterns that begin inside it: the longest at a place wins.
    Linear in the number of words (the look-ahead of a phrase or ``~`` is bounded).
    """
    return Found(
        _scan_field("title", lexicon.words(document.folded_title.words)),
        _scan_field("body", lexicon.words(document.folded_body.words)),
    )


def _scan_field(name: str, words: list[Word | None]) -> dict[int, list[Place]]:
    found: dict[int, list[Place]] = {}
    near: list[tuple[int, Word]] = []
    free = 0  # the first word no phrase has taken
    words = [*words, None]  # each word has one behind it
    for start, word in enumerate(words):
        if word is None:
            continue
        if word.near:
            near.append((start, word))
        if start < free:
            continue
        following = words[start + 1]
        if following is not None and not word.seconds.isdisjoint(following.parts):
            longest = 0
            for length, rest, number, takes in word.phrases(following):
                if length < longest:
                    break
                if length == 2 or _follows(words, start + 2, rest):
                    found.setdefault(number, []).append((name, start, start + length))
                    if takes:
                        longest = length
            if longest:
                free = start + longest
                continue
        for number in word.single:
            if number in found:
                found[number].append((name, start, start + 1))
            else:
                found[number] = [(name, start, start + 1)]
    if len(near) > 1:
        _near(name, near, found)
    return found


def _near(name: str, near: list[tuple[int, Word]], found: dict[int, list[Place]]) -> None:
    """Two words of a ``~`` pattern; ``near`` has all words that are a side of one."""
    for place, (start, word) in enumerate(near):
        for distance, other, number in word.near:
            for end, beside in near[place + 1 : place + distance + 1]:
                if end > start + distance:
                    break
                if other in beside.parts:
                    found.setdefault(number, []).append((name, start, end + 1))
                    break


def _follows(words: list[Word | None], place: int, rest: tuple[int, ...]) -> bool:
    """The list of words ends with None, so no phrase runs beyond it."""
    for at, number in enumerate(rest, place):
        word = words[at]
        if word is None or number not in word.parts:
            return False
    return True
