"""From a field's text to its forms: the automaton's matches, less what the spelling, the language or a rule refuses."""

from __future__ import annotations

from newsfeed.actors.automaton import Automaton
from newsfeed.actors.entry import LANGUAGES, Hit, Meanings, Reading, Rule
from newsfeed.actors.passage import Passage

_WORDS = frozenset({"speech", "role", "office", "body", "tail", "head_body", "head_office", "nationality", "form"})
_LATIN = frozenset({"en", "fr", "es", "de"})
_NEAR_WORDS = 12


class Reader:
    """Reads fields with one automaton; keeps, per language, which readings of a form are at home there."""

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton
        self._by_language: dict[str, dict[int, Meanings]] = {language: {} for language in LANGUAGES}
        self._parts: dict[tuple[str, int, tuple[int, ...]], Meanings] = {}

    def read(self, passage: Passage) -> None:
        """Put the hits of a field into it."""
        cache = self._by_language[passage.language]
        words, uppers = passage.words, passage.uppers
        hits: list[Hit] = []
        ruled = False
        for number, start, end in self._automaton.find(passage.folded):
            meanings = cache.get(number)
            if meanings is None:
                meanings = cache[number] = Meanings(_at_home(self._automaton.readings[number], passage.language))
            if not meanings.readings:
                continue
            if meanings.titled:
                if not uppers[start]:
                    continue
            elif meanings.spelled:
                kept = tuple(
                    [n for n, reading in enumerate(meanings.readings) if _written_so(passage, reading, start, end)]
                )
                if not kept:
                    continue
                if len(kept) < len(meanings.readings):
                    part = (passage.language, number, kept)
                    if part not in self._parts:
                        self._parts[part] = Meanings(tuple(meanings.readings[n] for n in kept))
                    meanings = self._parts[part]
            ruled = ruled or meanings.ruled
            hits.append(Hit(start, end, meanings, meanings.prefixed and words[start][0] == "و"))
        passage.put(hits)
        if ruled:
            passage.put([kept_hit for hit in hits for kept_hit in [_ruled(passage, hit)] if kept_hit.readings])


def _at_home(readings: tuple[Reading, ...], language: str) -> tuple[Reading, ...]:
    """Words of a language only in it; names also where another language writes them so in the same script."""
    out: list[Reading] = []
    home = {reading.entity.id for reading in readings if reading.entity is not None and language in reading.languages}
    for reading in readings:
        if reading.entity is not None and reading.entity.id in home and language not in reading.languages:
            continue  # the language's own reading has the rules that hold here
        if language in reading.languages:
            out.append(reading)
        elif reading.kind in ("given", "weak", "surname"):
            out.append(reading) if language in _LATIN and reading.languages & _LATIN else None
        elif reading.kind not in _WORDS and reading.surface != "any" and _foreign(reading, language):
            out.append(reading)
    return tuple(out)


def _foreign(reading: Reading, language: str) -> bool:
    if language in _LATIN and not reading.languages & _LATIN:
        return False
    letters = sum(char.isalpha() for char in reading.written)
    if language not in _LATIN and "\u0400" <= reading.written[:1] <= "\u06ff":
        return False
    return (letters >= 5 or (reading.surface == "exact" and letters >= 3)) and reading.kind not in ("blocked", "city")


def _written_so(passage: Passage, reading: Reading, start: int, end: int) -> bool:
    if reading.surface == "any":
        return True
    if reading.surface == "exact":
        raw = passage.source[passage.starts[start] : passage.ends[end - 1]]
        if passage.shouting and len(raw) < 4:
            return False
        return raw.isupper() or raw == reading.written
    if not passage.upper(start) or (reading.surface == "capitals" and not passage.upper(end - 1)):
        return False
    return reading.surface != "middle" or not passage.opens(start)


def _with_another(passage: Passage, hit: Hit) -> bool:
    """ "Мали и Нигер …": a sentence's first word is a name where another country is joined to it."""
    other = passage.at.get(hit.end + 1)
    return (
        other is not None
        and hit.end < len(passage.words)
        and len(passage.words[hit.end]) < 4
        and other.of("name", "capital") is not None
    )


def _ruled(passage: Passage, hit: Hit) -> Hit:
    if not hit.meanings.ruled:
        return hit
    readings = tuple(
        reading for reading in hit.readings if all(_holds(passage, hit, reading, rule) for rule in reading.rules)
    )
    return hit if len(readings) == len(hit.readings) else Hit(hit.start, hit.end, Meanings(readings), hit.joined)


def _holds(passage: Passage, hit: Hit, reading: Reading, rule: Rule) -> bool:
    words = passage.words
    if rule.kind == "never":
        return False
    if rule.kind == "after":
        return any(word in rule.words for word in words[max(0, hit.start - 2) : hit.start])
    if rule.kind == "before":
        return any(word in rule.words for word in words[hit.end : hit.end + 2])
    if rule.kind == "not_after":
        return not any(word in rule.words for word in words[max(0, hit.start - 1) : hit.start])
    if rule.kind == "not_before":
        return not any(word in rule.words for word in words[hit.end : hit.end + 1])
    if rule.kind == "near":
        around = words[max(0, hit.start - _NEAR_WORDS) : hit.start] + words[hit.end : hit.end + _NEAR_WORDS]
        return any(word in rule.words for word in around)
    if rule.kind == "anywhere":
        return not rule.words.isdisjoint(passage.vocabulary)
    if rule.kind == "not_anywhere":
        return rule.words.isdisjoint(passage.vocabulary)
    if rule.kind in ("raw", "not_raw"):
        raw = passage.source[passage.starts[hit.start] : passage.ends[hit.end - 1]]
        return any(word in raw for word in rule.words) == (rule.kind == "raw")
    if rule.kind == "middle":
        return passage.upper(hit.start) and (not passage.opens(hit.start) or _with_another(passage, hit))
    if rule.kind == "exact":
        return (
            passage.source[passage.starts[hit.start] : passage.ends[hit.end - 1]] == reading.written
            and not passage.shouting
        )
    if rule.kind == "hyphen":
        return passage.gap(hit.end) == "-"
    if rule.kind == "bracket":
        return passage.gap(hit.start)[-1:] in ("(", "/", "-") or passage.gap(hit.end)[:1] in (")", "/")
    raise ValueError(f"{rule.row}: no rule of kind {rule.kind!r}")
