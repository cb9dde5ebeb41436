"""Organisations nobody listed, by the form of their name: "شركة …", "компания «…»", "Association of …", "… GmbH"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsfeed.actors.entry import Claim, Entity, Hit, Reading
from newsfeed.actors.grammar import Grammar
from newsfeed.actors.latin import label, slug
from newsfeed.actors.passage import Passage

if TYPE_CHECKING:
    from newsfeed.actors.join import Joiner
    from newsfeed.actors.model import Model

_OPEN, _CLOSE = '«„“"”', '»“”"'
_GENITIVE = re.compile(r"(?:ого|его|ой|ей|ых|их|ов|ев|ий|ии|ия|ы|и|а|я|ству|ию|ям|ам|ным|ским|ому)$")
_CYRILLIC_ACRONYM = re.compile(r"[А-ЯЁ]{3,7}\Z")
_LONGEST = 8
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
    spans = {"ar": _arabic, "ru": _russian}.get(passage.language, _latin)
    for start, end, name_start, hit, reading in spans(passage, grammar):
        if end > start and passage.free(start, end):
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


def _quoted(passage: Passage, word: int) -> int:
    """The word behind a quotation that opens before a word, or the word itself where none opens."""
    if word >= len(passage.words) or not any(char in _OPEN for char in passage.gap(word)):
        return word
    for end in range(word + 1, min(word + _LONGEST, len(passage.words)) + 1):
        if any(char in _CLOSE for char in passage.gap(end)):
            return end
    return word


# --- Russian ------------------------------------------------------------------------------------------
def _russian(passage: Passage, grammar: Grammar) -> Iterator[Found]:
    count = len(passage.words)
    blocked = Reading("form", "NGO.acronym", row="forms.tsv")
    for hit in passage.hits:
        reading = hit.meanings.kinds.get("form")
        if reading is None or reading.key == "-.none" or not passage.free(hit.start, hit.end):
            continue
        place = reading.key.partition(".")[2]
        end = hit.end
        close = _quoted(passage, end)
        if close > end:
            if passage.free(end, close) and not (place == "lead" and _sentence(passage, end, close)):
                yield hit.start, close, end, hit, reading
            continue
        if place == "legal" or end >= count:
            continue
        if (
            place == "lead"
            and passage.near(end)
            and passage.upper(end)
            and passage.at.get(end) is None
            and passage.free(end, end + 1)
        ):
            last = end + 1
            while (
                last < count
                and last - end < 3
                and passage.near(last)
                and passage.upper(last)
                and passage.at.get(last) is None
            ):
                last += 1
            latin = "a" <= passage.words[end][0] <= "z"
            if latin or (not _GENITIVE.search(passage.words[end]) and len(passage.words[end]) > 3):
                yield hit.start, last, end, hit, reading
        elif place == "open":
            last = _genitives(passage, hit.end, grammar)
            if last > hit.end and (
                (passage.upper(hit.start) and not passage.opens(hit.start))
                or any(passage.upper(w) for w in range(hit.end, last))
            ):
                yield hit.start, last, hit.start, hit, reading
    for word in passage.capitals:
        raw = passage.raw(word) if not passage.taken[word] else ""
        if (
            len(raw) > 2
            and _CYRILLIC_ACRONYM.match(raw)
            and passage.at.get(word) is None
            and "-" not in passage.gap(word + 1)[:1] + passage.gap(word)[-1:]
        ):
            yield word, word + 1, word, None, blocked


def _sentence(passage: Passage, start: int, end: int) -> bool:
    return not passage.upper(start) or end - start > 5


def _genitives(passage: Passage, word: int, grammar: Grammar) -> int:
    """Past the words in the genitive that complete a name like "Комитет по делам …"."""
    start, last = word, word
    while word < len(passage.words) and word - start < 7 and passage.near(word):
        text = passage.words[word]
        hit = passage.at.get(word)
        if hit is not None and hit.of("speech") is not None:
            break
        if text in ("и", "по", "для"):
            word += 1
            continue
        if text in grammar.common or not (_GENITIVE.search(text) or (passage.raw(word).isupper() and len(text) < 5)):
            break
        word += 1
        last = word
        if passage.upper(word - 1) and (word >= len(passage.words) or not passage.upper(word)):
            break
    return last


# --- Latin scripts ------------------------------------------------------------------------------------
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
            close = _quoted(passage, hit.end)
            if close > hit.end and not _sentence(passage, hit.end, close) and passage.free(hit.end, close):
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


# --- Arabic ---------------------------------------------------------------------------------------------
def _arabic(passage: Passage, grammar: Grammar) -> Iterator[Found]:
    for hit in passage.hits:
        reading = hit.meanings.kinds.get("form")
        if reading is None or not passage.free(hit.start, hit.end):
            continue
        lead = reading.key.endswith("lead")
        close = _quoted(passage, hit.end)
        if close > hit.end and close - hit.end < 5 and lead and passage.free(hit.end, close):
            yield hit.start, close, hit.start, hit, reading
            continue
        end = _definite(passage, hit.end, grammar, lead=lead)
        if (
            reading.key == "SPT.lead"
            and end == hit.end + 1
            and hit.end not in passage.at
            and not passage.words[hit.end].startswith("ال")
        ):
            continue
        if end > hit.end:
            if not lead and end - hit.end == 1 and not passage.words[hit.end].endswith(("ي", "يه")):
                continue  # "المعهد التحقوا": one definite word behind a definite one may be anything
            yield hit.start, end, hit.start, hit, reading


def _definite(passage: Passage, word: int, grammar: Grammar, *, lead: bool) -> int:
    """Past the definite words and names that complete an Arabic organisation's name."""
    start, count = word, len(passage.words)
    while word < count and word - start < 5 and passage.near(word) and not passage.taken[word]:
        text = passage.words[word]
        hit = passage.at.get(word)
        if (
            hit is not None
            and hit.of("speech", "role", "office", "body", "tail", "blocked", "head_office") is not None
            and not text.startswith(("ال", "لل", "وال"))
        ):
            break
        if word == start and lead and text in ("مدينه", "قريه", "صوت", "محلي") and passage.near(word + 1):
            word += 1  # "بلدية مدينة …", "إذاعة صوت …"
            start += 1
            continue
        definite = text.startswith(("ال", "لل", "وال")) and len(text) > 4
        named = (
            hit is not None and not hit.joined and hit.of("nationality", "name", "city", "capital", "given") is not None
        )
        if word == start:
            if text in grammar.common and not (
                lead and definite and passage.words[start - 1] in ("جامعه", "حزب", "صحيفه", "جريده", "قناه")
            ):
                break
            if not lead and not (definite and text.startswith("ال")):
                break
            if (
                lead
                and not definite
                and not named
                and (
                    hit is not None
                    or len(text) < 3
                    or (text[0] in "وبلف" and text[1:] in grammar.common)
                    or passage.raw(word).endswith(("ة", "ات", "ية", "ين", "ون", "ا"))
                )
            ):
                break
        elif (not definite and not (named and text not in grammar.common)) or (
            text in grammar.common and not named and not text.endswith(("يه", "ي"))
        ):
            break
        word += 1
        if hit is not None and hit.end > word:
            word = hit.end
    return word
