"""Organisations nobody listed, by the form of their name: "شركة …", "компания «…»", "Association of …", "… GmbH"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsfeed.actors import unlisted_arabic, unlisted_russian
from newsfeed.actors.entry import Claim, Entity, Hit, Reading
from newsfeed.actors.grammar import Grammar
from newsfeed.actors.latin import label, slug
from newsfeed.actors.passage import Passage
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
            joiner.claim(passage, Claim(entity, start, end, skip, "actor", reading.row, "form of a name"))


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
        label(words, joiner.spellings),
        home,
        code,
        row=reading.row,
    )


Found = tuple[int, int, int, "Hit | None", Reading]


def _latin(passage: Passage, grammar: Grammar) -> Iterator[Found]:
    for hit in passage.hits:
        if not hit.meanings.form or not passage.free(hit.start, hit.end):
            continue
        yield from _latin_hit(passage, grammar, hit)


def _latin_hit(passage: Passage, grammar: Grammar, hit: Hit) -> Iterator[Found]:
    for reading in hit.readings:
        if reading.kind != "form":
            continue
        place = reading.key.partition(".")[2]
        if place == "end" and passage.upper(hit.start):
            start = _back(passage, hit.start, grammar)
            if hit.start - start >= 1 and not (start and passage.near(start) and passage.taken[start - 1]):
                yield start, hit.end, start, None, reading
        elif place == "open" and passage.upper(hit.start):
            last = _forward(passage, hit.end, grammar)
            if last > hit.end:
                start = hit.start
                yield start, last, start, None, reading
        elif place == "lead" and hit.end < len(passage.words):
            close = quoted(passage, hit.end)
            if close > hit.end and not is_sentence(passage, hit.end, close) and passage.free(hit.end, close):
                yield hit.end, close, hit.end, None, reading
            elif (
                close == hit.end
                and passage.near(hit.end)
                and passage.upper(hit.end)
                and passage.at.get(hit.end) is None
                and passage.language != "de"
            ):
                last = hit.end + 1
                while (
                    last < len(passage.words)
                    and last - hit.end < 3
                    and passage.near(last)
                    and passage.upper(last)
                    and passage.at.get(last) is None
                ):
                    last += 1
                if last > hit.end + 1 or len(passage.words[hit.end]) > 1:  # "groupe D" is a table
                    yield hit.end, last, hit.end, None, reading


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
        ):
            break
        start = hit.start if hit is not None and hit.end == start else before
    while start < word and passage.words[start] in ("of", "and", "for"):
        start += 1
    return start


def _forward(passage: Passage, word: int, grammar: Grammar) -> int:
    """Past "of …", "des …", "de la …" with at least one capitalised word (German: the capitalised words that follow)."""
    last, start = word, word
    while word < len(passage.words) and word - start < 8 and passage.near(word) and not passage.taken[word]:
        text = passage.words[word]
        hit = passage.at.get(word)
        if hit is not None and hit.of("speech", "blocked") is not None:
            break
        if passage.upper(word) and text not in grammar.common:
            word += 1
            last = word
            continue
        small = (
            text in grammar.of
            or text in grammar.article
            or text in ("for", "pour", "para", "and", "et", "y", "für", "d", "l")
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
