"""The people of the tables, and what every rule about people returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsfeed.actors.entry import Entity, Hit, Reading
from newsfeed.actors.passage import Passage

TITLES = ("role", "office", "head_office")
NAMES = frozenset({"given", "weak", "surname"})  # kinds of a form that is a person's name and nothing else


@dataclass(slots=True)
class Person:
    """A span that names a person: words [start, end), with the proof that decided.

    Attributes:
        entity: the row of the gazetteer, None for a person nobody listed. given: index of the given name, -1 for none.
        alone: one word only: it names a person only where somebody of that surname is known or named in full.
    """

    start: int
    end: int
    skip: int
    entity: Entity | None
    rule: str
    row: str = ""
    given: int = -1
    alone: bool = False


def known(passage: Passage, hit: Hit, published: str | None) -> Person | None:
    """A person of the gazetteer, or None. One name of one word is asked for more: no other name may stand beside it."""
    readings = hit.meanings.person
    if not readings:
        return None
    reading = _in_office(readings, published)
    alone = hit.end - hit.start == 1
    if (alone and _beside_a_name(passage, hit)) or names_a_thing(passage, hit.start, hit.end):
        return None
    return Person(hit.start, hit.end, reading.skip, reading.entity, "person of the tables", reading.row, alone=alone)


def names_a_thing(passage: Passage, start: int, end: int) -> bool:
    """Whether a person's name stands for what bears it: "USS Gerald Ford", "aéroport Charles de Gaulle", "Ben Gurion airport",
    "Tony Blair Institute", "Willy-Brandt-Haus"."""
    grammar, words = passage.grammar, passage.words
    first = start - 1 if passage.near(start) or _shortened(passage, start) else start
    if not grammar.named_place.isdisjoint(words[first : start + 1]):
        return True
    if not passage.near(end):
        return not grammar.bearer.isdisjoint(words[start + 1 : end])
    if not grammar.bearer.isdisjoint(words[start + 1 : end + 1]) or _ends_a_body(passage, end):
        return True
    return end - start > 1 and passage.gap(end) == "-" and "-" in passage.gap(start + 1)


def _shortened(passage: Passage, word: int) -> bool:
    """Whether "St." or the like stands before a word."""
    return word > 0 and passage.gap(word)[:1] == "." and len(passage.words[word - 1]) < 3


def _ends_a_body(passage: Passage, word: int) -> bool:
    """Whether a word closes the name of an organisation: "Institute", "Foundation"."""
    if not passage.upper(word) or (hit := passage.at.get(word)) is None:
        return False
    return any(reading.kind == "form" and reading.key.endswith(".end") for reading in hit.readings)


def _in_office(readings: Sequence[Reading], published: str | None) -> Reading:
    """Of several who share a name, the one in office on the article's day, else the first."""
    day = (published or "9999")[:10]
    for reading in readings:
        entity = reading.entity
        if (
            entity is not None
            and (not entity.first or entity.first <= day)
            and (not entity.last or day[: len(entity.last)] <= entity.last)
        ):
            return reading
    return readings[0]


def _beside_a_name(passage: Passage, hit: Hit) -> bool:
    before = hit.start - 1
    if before >= 0 and passage.near(hit.start) and not passage.taken[before]:
        other = passage.till.get(hit.start)
        if (
            other is not None
            and (reading := other.of("given", "surname")) is not None
            and reading is not None
            and not other.of(*TITLES)
        ):
            return True
        cased = passage.source[passage.starts[before]].isupper()
        if cased and other is None and not passage.opens(before) and passage.language != "de":
            return True
    behind = hit.end
    if behind < len(passage.words) and passage.near(behind):
        if (
            passage.upper(behind)
            and passage.at.get(behind) is None
            and passage.language != "de"
            and not passage.shouting
            and passage.name != "title"
        ):
            return True
        other = passage.at.get(behind)
        if (
            passage.language == "ar"
            and other is not None
            and other.of("given") is not None
            and not other.of("name", "speech", "body")
        ):
            return True
    return False
