"""Russian organisations nobody listed: a noun and a name in quotation marks, a genitive behind a noun, an acronym, a Latin name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsfeed.actors.entry import Hit, Reading
from newsfeed.actors.grammar import Grammar
from newsfeed.actors.passage import Passage
from newsfeed.actors.quotes import is_sentence, quoted

Found = tuple[int, int, int, "Hit | None", Reading]

_GENITIVE = re.compile(r"(?:ого|его|ой|ей|ых|их|ов|ев|ий|ии|ия|ы|и|а|я|ству|ию|ям|ам|ным|ским|ому)$")
_CYRILLIC_ACRONYM = re.compile(r"[А-ЯЁ]{3,7}\Z")
_RUN = 5  # words of a Latin name
_ROMAN = re.compile(r"\A[IVXLCM]+\Z")
_JOINED = re.compile(
    r"(?:Мин(?!ск|ут|ув|ус|им|ист|дал|ин|ер)|Рос(?!си|то|т|ы|ко|л)|Гос(?!под|т|пит|дум)|Мос(?!кв|ков|т|ин))[а-я]{4,}\Z"
)  # Минсвязи, Росавиация, Госстрой, Мосгордума


_OF_TOWN = re.compile(
    r"(?:ский|ского|скому|ским|ском|ская|ской|скую)\Z"
)  # "казанский «Барс»": a club or firm of a town


def find(passage: Passage, grammar: Grammar) -> Iterator[Found]:
    count = len(passage.words)
    blocked = Reading("form", "NGO.acronym", row="forms.tsv")
    for hit in passage.forms:
        reading = hit.meanings.kinds["form"]
        if reading.key == "-.none" or not passage.free(hit.start, hit.end):
            continue
        place = reading.key.partition(".")[2]
        end = hit.end
        close = quoted(passage, end)
        if close > end:
            if passage.free(end, close) and not (place == "lead" and is_sentence(passage, end, close)):
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
        if passage.taken[word] or word in passage.at:
            continue
        raw = passage.raw(word)
        alone = "-" not in passage.gap(word + 1)[:1] + passage.gap(word)[-1:]
        if len(raw) > 2 and alone and (_CYRILLIC_ACRONYM.match(raw) or _JOINED.match(raw)):
            if not _numbered(passage, word + 1) and not _heading(passage, word):
                yield word, word + 1, word, None, blocked
        elif "A" <= raw[0] <= "Z" and len(raw) > 1 and _company(passage, word, raw):
            end = _latin_run(passage, word)
            if not _numbered(passage, end):
                yield word, end, word, None, blocked
    yield from _quotes(passage)


def _company(passage: Passage, word: int, raw: str) -> bool:
    """Whether a Latin word may name a company: not a numeral, a person's other spelling or a thing ("браузер …")."""
    if passage.gap(word)[-1:] in ("(", ".", "@", "/", "-") or _ROMAN.match(raw) or any(char.isdigit() for char in raw):
        return False
    before = passage.till.get(word)
    if before is not None and before.of("given", "surname", "weak") is not None and passage.near(word):
        return False
    opening = passage.source.rfind("(", max(0, passage.starts[word] - 40), passage.starts[word])
    if opening >= 0 and ")" not in passage.source[opening : passage.starts[word]]:
        return False
    first = word
    while first and word - first < _RUN and passage.near(first) and "A" <= passage.raw(first - 1)[0] <= "z":
        first -= 1
        if passage.taken[first]:
            return False  # "Google Ads": the rest of a name that is known
    return not (first and passage.near(first) and passage.words[first - 1][:5] in passage.grammar.thing_begin)


def _numbered(passage: Passage, end: int) -> bool:
    """Whether a number or a hyphen with a small word follows: models, flights and modes ("GTA 5", "PvE-режим"), no companies."""
    if not passage.near(end):
        return False
    return passage.words[end][0].isdigit() or (passage.gap(end) == "-" and not passage.upper(end))


def _heading(passage: Passage, word: int) -> bool:
    """Whether a word in capitals stands before a sentence that begins behind it: "ТЕЛЕЦ Обратите внимание"."""
    return passage.opens(word) and passage.near(word + 1) and passage.upper(word + 1) and word + 1 not in passage.at


def _latin_run(passage: Passage, word: int) -> int:
    """The end of a run of Latin words: in a Russian text it names a company or a medium, rarely a person."""
    end = word + 1
    while (
        end < len(passage.words)
        and end - word < _RUN
        and passage.near(end)
        and "A" <= passage.raw(end)[0] <= "z"
        and not passage.taken[end]
    ):
        end += 1
    return end


def _quotes(passage: Passage) -> Iterator[Found]:
    """Quotations of one or two words behind a role ("солист «…»") or a verb of speech ("сообщает «…»")."""
    reading = Reading("form", "NGO.quoted", row="forms.tsv")
    for word in sorted(passage.quoted):
        if (
            word
            and passage.gap(word) == " «"
            and _OF_TOWN.search(passage.words[word - 1])
            and passage.words[word - 1] not in passage.grammar.no_town
        ):
            hit_before = passage.till.get(word)
            end = quoted(passage, word)
            if (
                (hit_before is None or hit_before.of("nationality", "speech") is None)
                and 0 < end - word <= 2
                and passage.upper(word)
                and passage.free(word, end)
            ):
                yield word, end, word, None, reading
    for hit in passage.hits:
        kinds = hit.meanings.kinds
        if "role" not in kinds and not ("speech" in kinds and kinds["speech"].key == "say"):
            continue
        for start in (hit.end, hit.end + 1):
            if start > hit.end and not passage.near(hit.end):
                break
            end = quoted(passage, start)
            if (
                end > start
                and end - start <= 3
                and passage.upper(start)
                and passage.free(start, end)
                and (start == hit.end or "role" in kinds)
            ):
                if "," in passage.gap(end) and "speech" in kinds:
                    break
                yield start, end, start, None, reading
                break


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
