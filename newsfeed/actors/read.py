"""From a field's text to its forms: the automaton's matches, less what the spelling, the language or a rule refuses."""

from __future__ import annotations

from itertools import compress

from newsfeed.actors.automaton import Automaton
from newsfeed.actors.entry import LANGUAGES, Hit, Meanings, Reading, Rule
from newsfeed.actors.passage import Passage

_WORDS = frozenset({"speech", "role", "office", "body", "tail", "head_body", "head_office", "nationality", "form"})
_LATIN = frozenset({"en", "fr", "es", "de"})
_NEAR_WORDS = 12


_MOST_WORDS = 1 << 17  # words of texts whose meaning is remembered; then the memory starts afresh
_LONGEST_WORD = 40  # letters of a word that is remembered


class _Language:
    """What the forms mean in one language, remembered as texts ask for it."""

    def __init__(self, automaton: Automaton, language: str) -> None:
        self.begins = _Begins(self)
        self.automaton = automaton
        self.language = language
        self._meanings: dict[int, Meanings] = {}
        self._parts: dict[tuple[Meanings, tuple[int, ...]], Meanings] = {}

    def meanings(self, number: int) -> Meanings:
        """What a form can mean."""
        found = self._meanings.get(number)
        if found is None:
            found = self._meanings[number] = Meanings(_at_home(self.automaton.readings[number], self.language))
        return found

    def part(self, meanings: Meanings, kept: tuple[int, ...]) -> Meanings:
        """Some of the readings of a form."""
        found = self._parts.get((meanings, kept))
        if found is None:
            found = self._parts[meanings, kept] = Meanings(tuple(meanings.readings[n] for n in kept))
        return found


class _Begins(dict[str, tuple[Meanings | None, frozenset[str]] | None]):
    """Word -> what it means alone, and the second words of longer forms; None for a word that begins no form."""

    def __init__(self, language: _Language) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, word: str) -> tuple[Meanings | None, frozenset[str]] | None:
        if len(self) >= _MOST_WORDS:
            self.clear()
        automaton = self._language.automaton
        number, seconds = automaton.numbers.get(word, -1), automaton.seconds.get(word, frozenset())
        meanings = self._language.meanings(number) if number >= 0 else None
        alone = meanings if meanings is not None and meanings.readings else None
        found = (alone, seconds) if alone is not None or seconds else None
        if len(word) <= _LONGEST_WORD:
            self[word] = found
        return found


class Reader:
    """Reads fields with one automaton."""

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton
        self._languages = {language: _Language(automaton, language) for language in LANGUAGES}

    def read(self, passage: Passage) -> None:
        """Put the hits of a field into it. A longer form that is not at home in the language still hides the shorter ones in it."""
        language = self._languages[passage.language]
        words, uppers = passage.words, passage.uppers
        begins = list(map(language.begins.__getitem__, words))
        hits: list[Hit] = []
        ruled = False
        done, last = 0, len(words) - 1
        for start in compress(range(len(words)), begins):
            if start < done:
                continue
            begin = begins[start]
            assert begin is not None
            meanings, seconds = begin
            end = start + 1
            if seconds and start < last and words[end] in seconds:
                number, behind = self._automaton.longest(words, start)
                if number >= 0:
                    meanings, end = language.meanings(number), behind
                    done = end
                    if not meanings.readings:
                        continue
            if meanings is None:
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
                    meanings = language.part(meanings, kept)
            ruled = ruled or meanings.ruled
            hits.append(Hit(start, end, meanings, meanings.prefixed and words[start][0] == "و"))
        if ruled:
            passage.at = {hit.start: hit for hit in hits}  # the rules look at what stands beside
            for hit in hits:
                if hit.meanings.ruled:
                    hit.meanings = _ruled(passage, hit, language)
            hits = [hit for hit in hits if hit.meanings.readings]
        passage.put(hits)


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


def _ruled(passage: Passage, hit: Hit, language: _Language) -> Meanings:
    """Of a hit's readings those whose rules hold. Rules look at hits to the right only, which have all their readings yet."""
    kept = tuple(
        [
            n
            for n, reading in enumerate(hit.readings)
            if not reading.rules or all(_holds(passage, hit, reading, rule) for rule in reading.rules)
        ]
    )
    return hit.meanings if len(kept) == len(hit.readings) else language.part(hit.meanings, kept)


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
