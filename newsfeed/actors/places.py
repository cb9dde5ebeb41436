"""Countries, by name, nationality, city or seat of government, and whether they act or are only the scene."""

from __future__ import annotations

import re

from newsfeed.actors.entry import Hit, Reading
from newsfeed.actors.grammar import Grammar
from newsfeed.actors.passage import Passage

_STAND = frozenset({"stand", "talks"})
_OBJECTS = frozenset({"en", "fr", "es"})  # the object stands right behind the verb
_DATELINE = 4  # words of a town before its country
# the rest of a dateline: a day, an agency in brackets or slashes, a dash
_FILED = re.compile(
    r"\)?(?:, ?[^()\n\d]{0,12}\d{1,2}[^()\n\d]{0,12})?(?:,? ?[(/][^()/\n]{2,30}[)/])?[.,]?(?: ?[–—]| -|-(?= )) ?(?=\S)"
)
_AUXILIARY = 5  # letters of the longest verb that only helps another: "could"


def reading_of(passage: Passage, hit: Hit) -> Reading | None:
    """The country this hit stands for, or None where it is part of a person's name or refused by its rules."""
    reading = hit.of("name", "nationality", "seat", "capital", "city")
    if reading is None or reading.entity is None:
        return None
    if reading.kind == "name":
        place = [
            r
            for r in hit.readings
            if r.kind == "name" and r.entity is not None and r.entity.type in ("country", "region")
        ]
        if not place:
            return None
        reading = place[0]
    if _in_a_name(passage, hit, reading) or _in_a_state(passage, hit, reading):
        return None
    return reading


def _in_a_state(passage: Passage, hit: Hit, reading: Reading) -> bool:
    """ "Paris, Texas": a town that shares its name with a city of another country than the state named behind it."""
    behind = passage.at.get(hit.end)
    if (
        behind is None
        or reading.kind not in ("capital", "city")
        or passage.language == "ar"
        or not passage.comma(hit.end)
    ):
        return False
    state = behind.of("city")
    return (
        state is not None
        and state.entity is not None
        and reading.entity is not None
        and state.entity.subtype == "region"
        and state.entity.country != reading.entity.country
    )


def _in_a_name(passage: Passage, hit: Hit, reading: Reading) -> bool:
    """ "Michael Jordan", "Chad Smith", "كمال الجزائري": a word of a person's name is no country."""
    if hit.end - hit.start > 1:
        return False
    before = passage.till.get(hit.start)
    if (
        before is not None
        and passage.near(hit.start)
        and before.of("given") is not None
        and passage.words[before.start] != "osten"  # the east, and the folded name "Östen"
        and not passage.taken[before.start]
        and not before.of("name", "city", "capital", "seat", "nationality", "speech")
    ):
        return True
    if reading.kind == "nationality" or passage.language == "ar":
        return False
    if (
        hit.of("given", "weak") is not None
        and hit.end < len(passage.words)
        and passage.near(hit.end)
        and passage.upper(hit.end)
    ):
        behind = passage.at.get(hit.end)
        return behind is None or behind.of("surname", "given") is not None
    return False


def role_of(passage: Passage, hit: Hit, reading: Reading, grammar: Grammar) -> tuple[str, str]:
    """(role, why): ``actor`` where the government or people act, ``location`` where something happens there."""
    kind = reading.kind
    if kind == "nationality":
        return "actor", "nationality"
    if kind == "city":
        return "location", "city"
    scene = _scene(passage, hit, reading, grammar)
    dateline = _filed(passage, hit) if kind == "name" else _dateline(passage, hit)
    if dateline and not scene:
        return "location", "dateline"
    if kind == "name":
        return ("location", "name behind a word of place") if scene else ("actor", "name")
    if kind == "seat":
        return ("location", "seat of government behind a word of place") if scene else ("actor", "seat of government")
    if scene:
        return "location", "capital behind a word of place"
    return ("actor", "capital for its government") if _acts(passage, hit, grammar) else ("location", "capital")


def _scene(passage: Passage, hit: Hit, reading: Reading, grammar: Grammar) -> bool:
    word = hit.start
    if passage.language == "ar" and reading.skip:
        letter = passage.words[word][reading.skip - 1]
        if letter == "ب":
            return True
        if letter == "ل" and passage.words[word][:1] != "و":
            return False
    if not word or not passage.near(word):
        return False
    before = passage.words[word - 1]
    if before in grammar.article and word > 1 and passage.near(word - 1):
        before = passage.words[word - 2]
    if word > 1 and passage.words[word - 2] in grammar.each:
        return (
            word > 2 and passage.words[word - 3] in grammar.inside
        )  # "أدانت كل من مصر والأردن" against "في كل من مصر والأردن"
    start = word - 1
    while start > 0 and passage.words[start] in grammar.article and word - start < 3:
        start -= 1
    if before in grammar.inside and not (start and passage.words[start - 1] in grammar.weight):
        return True
    if passage.language in ("ru", "de") and before in grammar.direction:
        return True
    start = word - 1
    while (
        start > 0
        and word - start < 4
        and passage.near(start)
        and any(passage.words[start] in small for small in (grammar.of, grammar.article, grammar.across))
    ):
        start -= 1
    return start < word - 1 and passage.words[start] in grammar.direction


def follows_scene(passage: Passage, hit: Hit, scene_end: int, grammar: Grammar) -> bool:
    """Whether a place is joined to one before it that is only a scene: "in Germany and Italy"."""
    word = hit.start
    if word == scene_end:
        return hit.joined or passage.comma(word)
    small = word - 1
    while small > scene_end and (passage.words[small] in grammar.article or passage.words[small] in grammar.of):
        small -= 1
    if small != scene_end:
        return False
    if passage.words[small] in grammar.joins:
        return passage.near(small)
    # "En Espagne, la France a promis" is no list; "sur l'Espagne, l'Italie et la Grèce" is one
    return passage.comma(small) and hit.end < len(passage.words) and passage.words[hit.end] in grammar.joins


def _dateline(passage: Passage, hit: Hit) -> bool:
    """A city at the head of the text or of a line, followed by a bracket, dash, comma or slash, is where it was written."""
    if passage.name == "title" or not (hit.start == 0 or "\n" in passage.gap(hit.start)):
        return False
    gap = passage.gap(hit.end)
    if gap == "-":
        return False  # "Moscow-backed"
    return any(char in gap for char in "(-–—,،/") or gap.startswith((". ", ".-"))


def _filed(passage: Passage, hit: Hit) -> bool:
    """Whether a country stands in the dateline: "BERGEN, Norway (Reuters) -", "Ciudad de Panamá (AP) -", "صور (لبنان) -"."""
    if passage.name == "title" or hit.start > _DATELINE:
        return False
    behind = passage.at.get(hit.end)
    if behind is not None and behind.meanings.place and "(" not in passage.gap(hit.end):
        return False  # "France - Germany 2:1"
    town = range(hit.start) if passage.language != "ar" else range(max(hit.start - 2, 0))
    if not all(passage.upper(word) or passage.words[word] in passage.grammar.of for word in town):
        return False
    if hit.start and passage.gap(hit.start).strip() not in ("", ",", "("):
        return False
    return _FILED.match(passage.source, passage.ends[hit.end - 1]) is not None


def _acts(passage: Passage, hit: Hit, grammar: Grammar) -> bool:
    behind = passage.at.get(hit.end)
    gap = passage.gap(hit.end)
    if gap.strip() in (":", " :") and passage.opens(hit.start):
        return True
    if gap == "-" and hit.end < len(passage.words) and passage.words[hit.end] in grammar.backed:
        return True  # "Moscow-backed", "moskautreue"
    if hit.start and passage.words[hit.start - 1] in grammar.that and passage.near(hit.start):
        return True
    if hit.end < len(passage.words) and passage.near(hit.end):
        word_behind = passage.words[hit.end]
        if word_behind in grammar.negation:
            return True
        if passage.language == "ar" and word_behind.startswith(("ست", "سي")) and len(word_behind) > 3:
            return True
    if (
        behind is not None
        and passage.near(hit.end)
        and (verb := behind.of("speech")) is not None
        and verb.key in ("say", "act", "meet")
        and passage.language != "ar"
    ):
        return True
    if hit.end < len(passage.words) and passage.language == "en" and passage.words[hit.end] == "s" and "'" in gap + "’":
        after = passage.at.get(hit.end + 1)
        if after is not None and (stand := after.of("speech")) is not None and stand.key in _STAND:
            return True
    before = passage.till.get(hit.start)
    if before is not None and passage.near(hit.start) and (verb := before.of("speech")) is not None:
        if passage.language == "ar" and verb.key in ("say", "act", "meet", "stand"):
            return True
        if verb.key in _STAND and passage.language != "de":
            return True
        if verb.key == "act" and passage.language in _OBJECTS and len(passage.words[hit.start - 1]) > _AUXILIARY:
            return True  # "a accusé Pékin d'espionnage"
    word = hit.start
    if word and passage.near(word):
        previous = passage.words[word - 1]
        if previous in grammar.partner or previous in grammar.between:
            return True
        if passage.language in ("ru",) and before is not None and before.of("speech") is not None:
            return True
        if previous in grammar.of and word > 1:
            noun = passage.till.get(word - 1)
            if noun is not None and (stand := noun.of("speech")) is not None and stand.key in _STAND:
                return True
    if passage.language == "ar":
        if (
            behind is not None
            and passage.near(hit.end)
            and (verb := behind.of("speech")) is not None
            and verb.key in ("say", "act")
        ):
            return True
        return _joined(passage, hit, grammar)
    return _joined(passage, hit, grammar)


def _joined(passage: Passage, hit: Hit, grammar: Grammar) -> bool:
    """ "Moscow and Washington": two capitals joined, or a capital joined to a country, act unless something says otherwise."""
    word = hit.end
    if word + 1 < len(passage.words) and passage.words[word] in grammar.joins and passage.near(word):
        other = passage.at.get(word + 1)
        if other is not None and other.of("capital", "seat") is not None and not _scene_before(passage, hit, grammar):
            return True
    other = passage.at.get(word)
    if (
        other is not None
        and other.joined
        and other.of("capital", "seat") is not None
        and not _scene_before(passage, hit, grammar)
    ):
        return True
    word = hit.start
    back = (
        passage.till.get(word - 1)
        if word and passage.words[word - 1] in grammar.joins
        else (passage.till.get(word) if hit.joined else None)
    )
    return back is not None and back.of("capital", "seat") is not None and not _scene_before(passage, back, grammar)


def _scene_before(passage: Passage, hit: Hit, grammar: Grammar) -> bool:
    word = hit.start
    if (
        passage.language == "ar"
        and hit.readings
        and hit.readings[0].skip
        and passage.words[word][hit.readings[0].skip - 1] == "ب"
    ):
        return True
    return bool(word and passage.near(word) and passage.words[word - 1] in grammar.inside)
