"""Organisations nobody listed, by the form of their name: "شركة …", "компания «…»", "Association of …", "… GmbH"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsfeed.actors import unlisted_arabic, unlisted_russian
from newsfeed.actors.entry import FORM, Claim, Entity, Hit, Reading
from newsfeed.actors.grammar import Grammar
from newsfeed.actors.labels_arabic import english
from newsfeed.actors.latin import label, slug
from newsfeed.actors.passage import Passage
from newsfeed.actors.people import NAMES
from newsfeed.actors.quotes import is_sentence, quoted

if TYPE_CHECKING:
    from newsfeed.actors.join import Joiner
    from newsfeed.actors.model import Model

_BLOCKING = ("speech", "office", "body", "role", "blocked", "head_body", "head_office")


def modelled(passage: Passage, joiner: Joiner, model: Model) -> None:
    """Claim the organisations a name model finds where nothing is decided yet."""
    reading = Reading("form", "NGO.model", row="natasha")
    for span in model.spans(passage):
        if span.kind == "ORG" and passage.free(span.start, span.end):
            joiner.claim(
                passage,
                Claim(
                    _entity(passage, joiner, span.start, span.end, reading),
                    span.start,
                    span.end,
                    0,
                    "actor",
                    "natasha",
                    "name model natasha",
                ),
            )


def find(passage: Passage, joiner: Joiner, grammar: Grammar) -> None:
    """Claim the organisations of a field that are told by form alone; what is already decided stays."""
    if passage.shouting:
        return
    bare = {found.start for field, found in joiner.bare if field is passage and passage.language in ("fr", "es", "de")}
    spans = {"ar": unlisted_arabic.find, "ru": unlisted_russian.find}.get(passage.language, _latin)
    for start, end, name_start, hit, reading in spans(passage, grammar):
        if end > start and passage.free(start, end) and start not in bare:
            skip = reading.skip if hit is not None and start == hit.start else 0
            entity = _entity(passage, joiner, name_start, end, reading, skip if name_start == start else 0)
            joiner.claim(passage, Claim(entity, start, end, skip, "actor", reading.row, FORM))


def _entity(passage: Passage, joiner: Joiner, start: int, end: int, reading: Reading, skip: int = 0) -> Entity:
    words = [passage.raw(word) for word in range(start, end)]
    if skip:
        words[0] = passage.source[passage.span(start, start + 1, skip)[0] : passage.ends[start]]
        words[0] = "ال" + words[0][2:] if words[0].startswith("لل") else words[0]
    kind = reading.key.partition(".")[0]
    home = ""
    for word in range(start, end):
        place = passage.at.get(word)
        found = place.of("nationality", "name", "capital", "city") if place is not None else None
        if found is not None and found.entity is not None and found.entity.type in ("country", "city"):
            home = found.entity.country
    country = joiner.gazetteer.countries.get(home)
    code = (country.code if country is not None else "") + (kind if kind.isupper() else "")
    return Entity(
        f"nf:org-{slug(words, joiner.spellings)}",
        "organisation",
        "unknown",
        (passage.language == "ar" and english(passage, start, words, joiner.spellings))
        or label(words, joiner.spellings),
        home,
        code,
        row=reading.row,
    )


Found = tuple[int, int, int, "Hit | None", Reading]


def _latin(passage: Passage, grammar: Grammar) -> Iterator[Found]:
    for hit in passage.forms:
        if not passage.free(hit.start, hit.end):
            continue
        yield from _latin_hit(passage, grammar, hit)


def _latin_hit(passage: Passage, grammar: Grammar, hit: Hit) -> Iterator[Found]:
    forms = [reading for reading in hit.readings if reading.kind == "form"]
    if passage.upper(hit.start):  # with a capital it begins a name rather than leads to one: "Agencia Espacial …"
        forms.sort(key=lambda reading: not reading.key.endswith((".open", ".of")))
    for reading in forms:
        place = reading.key.partition(".")[2]
        if place == "end" and passage.upper(hit.start):
            start = _back(passage, hit.start, grammar)
            if hit.start - start >= 1 and not (start and passage.near(start) and passage.taken[start - 1]):
                yield start, hit.end, start, None, reading
        elif place in ("open", "of", "adjective") and passage.upper(hit.start):
            last = max(_forward(passage, hit.end, grammar), _described(passage, hit, grammar))
            start = hit.start
            if place == "of":
                if not _goes_on(passage, hit.end, grammar):
                    continue  # "Arts Council England" is told by its end, "Partei Mitglieder" is none
                if passage.language == "en":
                    start = _back(passage, hit.start, grammar)
                if start and passage.near(start) and passage.taken[start - 1]:
                    start = hit.start
            elif place == "adjective" and not passage.words[last - 1].endswith(grammar.body_end):
                continue
            lettered = last == hit.end + 1 and len(passage.words[hit.end]) < 2  # "Groupe B" is a table
            if last > hit.end and not lettered:
                yield start, last, start, None, reading
        elif place == "lead" and hit.end < len(passage.words) and not _named_so(passage, hit):
            close = quoted(passage, hit.end)
            if close > hit.end and not is_sentence(passage, hit.end, close) and passage.free(hit.end, close):
                yield hit.end, close, hit.end, None, reading
            elif close == hit.end:
                start, last = _apposed(passage, hit, grammar)
                if last > start + 1 or (last > start and len(passage.words[start]) > 1):  # "groupe D" is a table
                    yield start, last, start, None, reading


_ADJECTIVE = {
    "fr": re.compile(r"(?:enne|ien|ique|ale|aire|aise|oise|aine|ière|ive|elle)s?\Z"),
    "es": re.compile(r"(?:ic[ao]|al|ari[ao]|er[ao]|iv[ao]|dora|ane?[ao]|ola?|esa)s?\Z"),
}


def _named_so(passage: Passage, hit: Hit) -> bool:
    """Whether a common noun is part of a name: "the Credit Union National"."""
    return passage.language == "en" and passage.upper(hit.start) and not passage.opens(hit.start)


def _apposed(passage: Passage, hit: Hit, grammar: Grammar) -> tuple[int, int]:
    """The name behind a common noun: "the chipmaker Xyz", "la compagnie aérienne Xyz", "the company, Xyz Works,"."""
    word, count = hit.end, len(passage.words)
    definite = bool(hit.start) and passage.near(hit.start) and passage.words[hit.start - 1] in grammar.article
    if word < count and passage.language in _ADJECTIVE and definite:
        word = _complement(passage, word, grammar)
    if word >= count or not passage.upper(word):
        return word, word
    if passage.comma(word) and definite and passage.language != "de":
        last = _capitals(passage, word, grammar)
        closed = last < count and passage.comma(last)
        return (word, last) if closed and last > word + 1 else (word, word)
    if not passage.near(word):
        return word, word
    last = _capitals(passage, word, grammar)
    if passage.language == "de" and "&" not in passage.source[passage.starts[word] : passage.ends[max(last - 1, word)]]:
        # any German noun has a capital: only a word that stands between the noun and the verb can be its name
        single = definite and last == word + 1 and not passage.opens(last) and len(passage.words[word]) > 3
        single = single and not passage.words[word].endswith(grammar.noun_end)
        return (word, last) if single and passage.at.get(hit.end) is None and passage.near(last) else (word, word)
    return word, last


def _complement(passage: Passage, word: int, grammar: Grammar) -> int:
    """Past an adjective or "de …" in lower case between a noun and the name in apposition."""
    last = word
    adjective = _ADJECTIVE[passage.language]
    while last < len(passage.words) and last - word < 4 and passage.near(last) and not passage.upper(last):
        hit = passage.at.get(last)
        text = passage.words[last]
        chained = last > word and passage.words[word] in ("de", "d")
        if hit is not None and hit.of("nationality") is None:
            return word
        if not (adjective.search(text) or text in ("de", "d") or (chained and text not in grammar.common)):
            return word
        last += 1
    return word if passage.words[last - 1] in ("de", "d") else last  # "un groupe d'États"


def _capitals(passage: Passage, word: int, grammar: Grammar) -> int:
    """The end of up to three capitalised words no table knows; "&" joins whatever they are."""
    last = word
    while (
        last < len(passage.words) and last - word < 4 and passage.upper(last) and (last == word or passage.near(last))
    ):
        last += 1
    if last > word + 1 and "&" in passage.source[passage.starts[word] : passage.ends[last - 1]]:
        return last if passage.free(word, last) else word
    last = word
    while last < len(passage.words) and last - word < 3 and passage.upper(last):
        if last > word and not passage.near(last):
            break
        hit = passage.at.get(last)
        known = hit is not None and not NAMES.issuperset(hit.meanings.kinds)  # founders' names are companies' as well
        if last > word and hit is not None and passage.upper(last) and any(r.key == "BUS.end" for r in hit.readings):
            return hit.end  # "the shipbuilder Halvorsen Marine ASA"
        if known or passage.words[last] in grammar.common or passage.taken[last]:
            break
        last += 1
    return last


def _goes_on(passage: Passage, word: int, grammar: Grammar) -> bool:
    """Whether a name that asks for it goes on with "of", "für" or, in German, a town or "Deutscher"."""
    if not passage.near(word):
        return False
    if passage.language != "de":
        return passage.words[word] in grammar.of
    hit = passage.at.get(word)
    return (
        passage.words[word] in grammar.of
        or passage.words[word] == "fur"
        or (hit is not None and hit.of("city", "capital", "nationality") is not None and passage.upper(word))
    )


def _back(passage: Passage, word: int, grammar: Grammar) -> int:
    """Back over the capitalised words before an ending like "University"."""
    start = word
    while start > 0 and passage.near(start) and word - start < 5 and not passage.taken[start - 1]:
        before = start - 1
        hit = passage.till.get(start)
        if (
            passage.words[before] in ("of", "and", "for", "&")
            and passage.language == "en"
            and before > 0
            and passage.upper(before - 1)
            and passage.near(before)
        ):
            if passage.words[before] != "and":
                start = before
                continue
            break
        if (
            not passage.upper(before)
            or (passage.words[before] in grammar.common)
            or (hit is not None and hit.of(*_BLOCKING) is not None)
            or (hit is not None and (passage.language == "de" or passage.opens(before)) and hit.leads)
        ):
            break  # "Stahlkonzern Warnke Stahl AG"
        start = hit.start if hit is not None and hit.end == start else before
    while start < word and passage.words[start] in ("of", "and", "for"):
        start += 1
    return start


def _described(passage: Passage, hit: Hit, grammar: Grammar) -> int:
    """ "la Fédération française de handball", "l'Union des cheminots": a capital inside a sentence, then small words."""
    word, count = hit.end, len(passage.words)
    if passage.language not in ("fr", "es") or passage.opens(hit.start) or hit.start == 0 or word >= count:
        return word
    if passage.words[hit.start - 1] not in grammar.article and passage.words[hit.start - 1] not in grammar.of:
        return word
    adjective = passage.at.get(word)
    if (
        adjective is not None
        and passage.near(word)
        and (reading := adjective.of("nationality")) is not None
        and reading.key == "adj"
        and not passage.upper(word)
        and passage.gap(adjective.end) != "-"
    ):
        word = adjective.end
    elif not (
        passage.near(word) and passage.words[word] in ("des", "de") and passage.words[hit.start] in grammar.union
    ):
        return word
    if (
        word + 1 < count
        and passage.near(word)
        and passage.near(word + 1)
        and passage.words[word] in ("de", "des", "del", "du")
    ):
        noun = passage.words[word + 1]
        if len(noun) > 3 and word + 1 not in passage.at and noun not in grammar.common and not passage.upper(word + 1):
            word += 2
    return word if passage.words[word - 1] not in ("des", "de") else hit.end


def _forward(passage: Passage, word: int, grammar: Grammar) -> int:
    """Past "of …", "des …", "de la …" with at least one capitalised word (German: the capitalised words that follow)."""
    last, start = word, word
    while word < len(passage.words) and word - start < 8 and passage.near(word) and not passage.taken[word]:
        text = passage.words[word]
        hit = passage.at.get(word)
        if hit is not None and hit.of("speech", "blocked") is not None:
            break
        if text in grammar.joins and last > start and passage.words[word + 1 : word + 2] == ["the"]:
            break  # a second organisation begins
        if passage.upper(word) and text not in grammar.common:
            word += 1
            last = word
            continue
        small = (
            text in grammar.of
            or (text in grammar.article and passage.language != "de")  # "VfL Wolfsburg ein Fest", "Verein einen Scheck"
            or text in ("for", "pour", "para", "and", "et", "y", "fur", "d", "l")
        )
        adjective = (
            word == start
            and passage.language in ("fr", "es")
            and len(text) > 4
            and text not in grammar.common
            and hit is None
        )
        if small or adjective or (hit is not None and hit.of("nationality") is not None and word == start):
            word += 1
            continue
        break
    return last
