"""Capitalised words that are the language's own and no name: "Capital Economics", "Child Health", "Save Our Rivers"."""

from __future__ import annotations

from newsfeed.actors.passage import Passage


def ordinary(passage: Passage, start: int, end: int, *, introduced: bool) -> bool:
    """Whether words [start, end), of which no table knows a given name, are a body or a thing rather than a person.

    introduced: ", chief executive of …" follows, so a surname that is a word too ("Brown") says nothing.
    """
    words, grammar = passage.words, passage.grammar
    before = words[start - 1] if passage.near(start) else ""
    if before in grammar.article or (
        before in grammar.common and passage.upper(start - 1) and not passage.opens(start - 1)
    ):
        return True  # "the Arctic Monkeys", "Just Stop Oil"
    if len(words[end - 1]) < 2 or not grammar.thing.isdisjoint(words[start:end]):
        return True  # "Sizewell C", "Southern Water"
    if any(word in grammar.common and word not in grammar.particle for word in words[start + 1 : end]):
        return True
    asked = words[start : start + 1] if introduced else words[start:end]
    return any(len(word) > 2 and word in passage.small for word in asked)
