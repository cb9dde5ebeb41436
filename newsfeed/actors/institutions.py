"""Institutions by composition: a ministry, army, parliament … and the country that stands beside it.

"МИД России и Франции", "the Russian and US foreign ministries", "وزارتي الخارجية الروسية والأمريكية" name two institutions each:
a head (with its portfolio), then to its right or left a chain of countries or nationalities. Which side, and which small words
may stand between, differs by language (``_SIDES``, ``grammar.tsv``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from newsfeed.actors.entry import Entity, Hit, Reading
from newsfeed.actors.grammar import Grammar
from newsfeed.actors.passage import Passage

# language: (nationality directly behind, name directly behind, name behind a connecting word, nationality or name before)
_SIDES = {
    "ar": (True, True, True, False),
    "en": (False, False, True, True),
    "ru": (False, True, False, True),
    "fr": (True, False, True, False),
    "es": (True, False, True, False),
    "de": (False, True, True, True),
}
_ALONE = frozenset(
    {"foreign", "defence", "interior", "health", "justice", "finance"}
)  # Arabic: "الخارجية الروسية" without the head


@dataclass(slots=True)
class Found:
    """A head with its portfolios and the countries that stand with it.

    Attributes:
        start, end: words of the whole phrase. head: words of head and portfolio. office: a person's office, not the institution.
        parts: (institution or country-less portfolio, country, first word, last word + 1) of every institution.
        skip: folded characters before the head proper.
    """

    start: int
    end: int
    head: tuple[int, int]
    office: bool
    portfolios: list[str]
    countries: list[tuple[Entity, int, int, int, str]] = field(default_factory=list)
    skip: int = 0
    row: str = ""


def place_of(hit: Hit | None, *, name: bool = True) -> Reading | None:
    """The country a hit can lend to an institution: a nationality, or the name of a country or of its capital."""
    if hit is None:
        return None
    for reading in hit.readings:
        if reading.kind == "nationality":
            return reading
        if name and reading.kind == "name" and reading.entity is not None and reading.entity.type == "country":
            return reading
    return None


def find(passage: Passage, grammar: Grammar) -> list[Found]:
    """Every institution head of a field, with its countries (maybe none), in reading order."""
    out: list[Found] = []
    done = -1
    for hit in passage.heads:
        if hit.start < done:
            continue
        found = _head(passage, hit, grammar)
        if found is None:
            continue
        if not found.countries:
            _right(passage, found, grammar)
        if not found.countries:
            _left(passage, found, grammar)
        done = found.end
        out.append(found)
    return out


def _head(passage: Passage, hit: Hit, grammar: Grammar) -> Found | None:
    language = passage.language
    reading = hit.of("body", "office")
    if reading is not None and reading.kind in ("body", "office"):
        office = reading.kind == "office"
        first = _first_half(passage, hit.start, grammar) if language == "de" else None
        start = first.start if first is not None else hit.start
        portfolios = [reading.key] if first is None else [first.meanings.kinds["first"].key, reading.key]
        return Found(start, hit.end, (start, hit.end), office, portfolios, skip=reading.skip, row=reading.row)
    reading = hit.of("head_body", "head_office")
    if reading is not None:
        found = Found(
            hit.start,
            hit.end,
            (hit.start, hit.end),
            reading.kind == "head_office",
            [],
            skip=reading.skip,
            row=reading.row,
        )
        position = hit.end
        if language in ("fr", "es"):
            position = _chain(passage, found, position, grammar, direct=True, connected=False)
        tail = passage.at.get(position)
        while (
            tail is not None
            and (part := tail.of("tail")) is not None
            and (passage.near(tail.start) or passage.comma(tail.start))
        ):
            if found.portfolios and not (
                tail.joined or passage.comma(tail.start) or passage.words[tail.start - 1] in grammar.joins
            ):
                break
            found.portfolios.append(part.key)
            found.end = tail.end
            position = tail.end
            tail = passage.at.get(position)
            if tail is None and position < len(passage.words) and passage.words[position] in grammar.joins:
                tail = passage.at.get(position + 1)
        if not found.portfolios:
            return None
        if language == "ar":
            found.end = _completed(passage, found.end)
        found.head = (hit.start, found.end)
        return found
    reading = hit.of("tail")
    if (
        reading is not None
        and language == "ar"
        and reading.key in _ALONE
        and passage.words[hit.end - 1].startswith(("ال", "لل", "وال", "بال"))
    ):
        before = hit.start - 1
        behind = place_of(passage.at.get(hit.end), name=False)
        if behind is None or not passage.near(hit.end) or not passage.words[hit.end].startswith("ال"):
            return None
        if (
            before >= 0
            and passage.near(hit.start)
            and not reading.skip
            and passage.words[before].startswith(("ال", "لل", "وال", "بال"))
        ):
            return None  # "السياسة الخارجية الروسية": an adjective
        return Found(hit.start, hit.end, (hit.start, hit.end), False, [reading.key], skip=reading.skip, row=reading.row)
    return None


def _first_half(passage: Passage, word: int, grammar: Grammar) -> Hit | None:
    """German: "Außen- und" before "Verteidigungsministerium", maybe with an article between."""
    article = word > 2 and passage.words[word - 1] in grammar.article
    place = word - 2 - article
    if place < 0 or passage.words[place + 1] not in grammar.joins or not passage.gap(place + 1).startswith("-"):
        return None
    hit = passage.at.get(place)
    return hit if hit is not None and hit.of("first") is not None else None


def _completed(passage: Passage, start: int) -> int:
    """Arabic: past "والتعاون الدولي" between a portfolio and the nationality, as in "وزارة الخارجية والتعاون الدولي الإماراتية"."""
    word, count = start, len(passage.words)
    while word < count and word - start < 4 and passage.near(word):
        hit, text = passage.at.get(word), passage.words[word]
        if place_of(hit, name=False) is not None:
            return word if word > start and hit is not None and not hit.joined and text.startswith("ال") else start
        if hit is not None and (hit.meanings.head or hit.meanings.form):
            return start  # "وزارة الدفاع والقوات المسلحة المصرية": another institution
        if not text.startswith("وال" if word == start else ("ال", "وال")):
            return start
        word += 1
    return start


def elsewhere(passage: Passage, hit: Hit) -> Reading | None:
    """The nationality of another country before the proper name of an institution: "die österreichische Bundespolizei"."""
    before = passage.till.get(hit.start) if _SIDES[passage.language][3] and passage.near(hit.start) else None
    reading = place_of(before, name=False)
    named = hit.meanings.kinds["composed"].entity
    if (
        before is None
        or reading is None
        or reading.entity is None
        or named is None
        or not _attributive(before, reading)
    ):
        return None
    return reading if reading.entity.country != named.country else None


def _right(passage: Passage, found: Found, grammar: Grammar) -> None:
    _chain(passage, found, found.end, grammar, direct=_SIDES[passage.language][0], connected=True)


def _chain(passage: Passage, found: Found, position: int, grammar: Grammar, *, direct: bool, connected: bool) -> int:
    """Read countries from a word on; returns the word behind them (the given one where there is none)."""
    _, name_direct, name_behind, _ = _SIDES[passage.language]
    first = True
    end = position
    while position < len(passage.words):
        word = position
        steps = 0
        if not first:
            joined = passage.at.get(word)
            if passage.words[word] in grammar.joins and passage.near(word):
                word += 1
            elif not (passage.comma(word) or (joined is not None and joined.joined and passage.near(word))):
                break
        elif not passage.near(word):
            break
        while (
            word < len(passage.words)
            and steps < 3
            and passage.near(word)
            and (passage.words[word] in grammar.of or passage.words[word] in grammar.article)
        ):
            if place_of(passage.at.get(word)) is not None:
                break
            word += 1
            steps += 1
        hit = passage.at.get(word)
        reading = place_of(hit)
        if (
            hit is None
            or reading is None
            or reading.entity is None
            or (first and reading.skip and passage.language == "ar" and not connected)
        ):
            break
        if first and hit.joined:
            break
        adjective = reading.kind == "nationality"
        if first or not adjective:
            if adjective and not direct:
                break
            if not adjective and not (
                (steps and name_behind and connected) or (not steps and name_direct and connected) or not first
            ):
                break
        if passage.language == "ar" and adjective and _indefinite(passage, hit, found):
            break
        if not passage.free(hit.start, hit.end):
            break
        found.countries.append((reading.entity, hit.start, hit.end, 1, reading.row))
        end = position = hit.end
        first = False
    found.end = max(found.end, end)
    return end


def _indefinite(passage: Passage, hit: Hit, found: Found) -> bool:
    """Arabic: a definite head wants a definite nationality; "الجيش سوري" is a sentence, not an institution."""
    last = passage.words[found.head[1] - 1]
    definite = last.startswith(("ال", "وال", "بال", "لل", "فال", "كال", "ولل"))
    return (
        definite and "ال" not in passage.words[hit.start][:4] and not passage.words[hit.start].startswith(("لل", "ولل"))
    )


def _left(passage: Passage, found: Found, grammar: Grammar) -> None:
    """Nationalities before the head ("российский и американский МИД", "US-Regierung"), nearest last."""
    if not _SIDES[passage.language][3]:
        return
    word = found.start
    steps = 0
    if not passage.near(word) or not word:
        return
    while word > 0 and passage.near(word) and passage.words[word - 1] in grammar.deputy and steps < 2:
        word -= 1
        steps += 1
    if passage.language == "en" and word > 0 and passage.words[word - 1] == "s" and passage.near(word):
        word -= 1  # Russia's
    first = True
    chain: list[tuple[Entity, int, int, int, str]] = []
    while word > 0:
        if first:
            if not passage.near(word):
                break
        else:
            article = passage.words[word - 1] in grammar.article and passage.near(word)
            word -= article
            if word > 0 and passage.words[word - 1] in grammar.joins and passage.near(word):
                word -= 1
            elif article or not passage.comma(word):
                break  # "on Libya, the Egyptian ministry": another phrase
        hit = passage.till.get(word)
        if hit is None or not passage.free(hit.start, hit.end):
            break
        if not first and (passage.gap(word) and any(char in ".:;" for char in passage.gap(word))):
            break
        reading = place_of(hit, name=passage.language in ("en", "de"))
        if reading is None or reading.entity is None or not _attributive(hit, reading):
            break
        chain.append((reading.entity, hit.start, hit.end, -1, reading.row))
        word = hit.start
        first = False
    for entity, start, end, side, row in reversed(chain):
        found.countries.append((entity, start, end, side, row))
        found.start = min(found.start, start)


def _attributive(hit: Hit, reading: Reading) -> bool:
    """Whether a nationality can stand before a noun: "Schweizer" can, "Polen" (the people) cannot."""
    return reading.kind != "nationality" or any(
        other.kind == "nationality" and other.key == "adj" for other in hit.readings
    )
