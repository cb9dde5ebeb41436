"""People nobody listed, in scripts with capitals: by given name, title, apposition, speech verb or the form of a surname."""

from __future__ import annotations

from itertools import compress, islice

from newsfeed.actors.beside import (
    apposed,
    compound_title,
    presented,
    speaks,
    speech_beside,
    title_before,
    title_further,
    titled,
)
from newsfeed.actors.entry import Hit, Reading
from newsfeed.actors.grammar import Grammar
from newsfeed.actors.ordinary import ordinary
from newsfeed.actors.passage import Passage
from newsfeed.actors.people import NAMES, Person, names_a_thing
from newsfeed.actors.quotes import quoted
from newsfeed.actors.surnames import FAMILY_RU, PATRONYMIC, SURNAME_RU

_LONGEST = 7  # words of a run
_ROMAN = frozenset("ivx")  # German numbers parts and volumes so: rarely an initial


def cased(passage: Passage, grammar: Grammar) -> list[Person]:
    """Unknown people of a field in a script with capitals."""
    if passage.shouting:
        return []
    out: list[Person] = []
    done = 0
    russian, german = passage.language == "ru", passage.language == "de"
    at, till, taken, words = passage.at, passage.till, passage.taken, passage.words
    for word in passage.capitals if russian else _beginnings(passage, grammar.particle):
        if word < done or taken[word]:
            continue
        if word in at and _breaks(passage, word):
            done = at[word].end  # no name begins inside "Health Secretary"
            continue
        if word + 1 in till and till[word + 1].start < word and till[word + 1].meanings.parts:
            continue  # "ministre des Finances Liis Tamm"
        done = end = _run(passage, word, grammar.particle)
        if not russian and word not in till:
            if end == word + 1:
                continue  # one capitalised word with nothing known beside it is nobody
            unknown = german and len(words[word]) > 1 and at.keys().isdisjoint(range(word, end))
            if unknown and not _behind_title(passage, word, end) and not presented(passage, word, end):
                continue  # German nouns are capitalised: only what is known begins a name
        person = _decide(passage, word, end, grammar)
        if person is None or names_a_thing(passage, word, end):
            continue
        if person.start == word or not names_a_thing(passage, person.start, person.end):
            out.append(person)
            done = max(person.end, word + 1)
    return out


def _beginnings(passage: Passage, particle: frozenset[str]) -> list[int]:
    """The capitalised words that do not stand alone, as most of a German text do: an initial, or with something known
    before or a capital or particle behind."""
    words, links, uppers = passage.words, passage.links, passage.uppers
    found = set(passage.paired)
    found.update(passage.till.keys() & passage.capitals)
    small = compress(range(1, len(words)), map(particle.__contains__, islice(words, 1, None)))
    found.update([word - 1 for word in small if links[word] and uppers[word - 1]])
    return sorted(found)


def _breaks(passage: Passage, word: int) -> bool:
    hit = passage.at.get(word)
    if hit is None or not hit.meanings.parts:
        return False
    if (
        hit.end == word + 1
        and passage.links[word]
        and (before := passage.till.get(word)) is not None
        and before.meanings.given
    ):
        place = hit.of("name", "surname", "city", "capital")
        if place is not None and (place.entity is None or place.entity.type in ("person", "organisation", "group")):
            return False
        if place is not None and (
            titled(passage, before.start) or apposed(passage, hit.end) or presented(passage, before.start, hit.end)
        ):
            return False  # "Prof Ewan Israel", "der Ökonom Friedrich Oman"
    return not (hit.of("given", "weak") is not None and hit.meanings.place and _bears_a_country(passage, hit))


def _bears_a_country(passage: Passage, hit: Hit) -> bool:
    """Whether a given name that is a country's as well begins a person's name: "Manager Chad Holloway", "Israel Montes"."""
    word = hit.end
    if not passage.near(word) or not passage.upper(word) or passage.taken[word]:
        return False
    behind = passage.at.get(word)
    if behind is None:
        return titled(passage, hit.start)
    return behind.of("surname") is not None and NAMES.issuperset(behind.meanings.kinds)


def _initial(passage: Passage, word: int) -> bool:
    return len(passage.words[word]) == 1 and passage.upper(word)


def _linked(passage: Passage, word: int) -> bool:
    return passage.near(word) or (_initial(passage, word - 1) and passage.gap(word) in (". ", ".", ".\u00a0", ". -"))


def _run(passage: Passage, start: int, particle: frozenset[str]) -> int:
    """The end of the run of capitalised words (with particles between them) that begins at a word."""
    at, links, uppers, words, taken = passage.at, passage.links, passage.uppers, passage.words, passage.taken
    end, count = start + 1, len(words)
    last = min(count, start + _LONGEST)
    while end < last and not taken[end] and (links[end] or (len(words[end - 1]) == 1 and _linked(passage, end))):
        if uppers[end]:
            if end in at and _breaks(passage, end):
                break
            end += 1
            continue
        ahead = end
        while ahead < count and ahead - end < 3 and _linked(passage, ahead):
            if words[ahead] not in particle and (ahead == end or words[ahead] not in passage.grammar.behind_particle):
                break
            ahead += 1
        if not end < ahead < count or not uppers[ahead] or not _linked(passage, ahead) or _breaks(passage, ahead):
            break
        end = ahead + 1
    return end


def _behind_title(passage: Passage, start: int, end: int) -> int:
    """The word behind the last compound of a title before or in a German run; 0 for none."""
    return next((word for word in range(end - 1, start - 1, -1) if word and compound_title(passage, word)), 0)


def _decide(passage: Passage, start: int, end: int, grammar: Grammar) -> Person | None:
    words = passage.words
    if end - start > 1 and passage.opens(start) and quoted(passage, start) == end:
        return None  # a name that fills its quotation marks is a title, a ship, a brand
    if words[start] in grammar.common and len(words[start]) > 1:
        if words[start] in grammar.article and not passage.opens(start):
            return None  # "said The Long Winter was slow"
        start += 1
        if start >= end:
            return None
    if passage.language == "de":
        start = max(start, _behind_title(passage, start, end))
    given = next((w for w in range(start, end) if _given(passage, w) is not None), -1)
    if given < 0:
        given = next((w for w in range(start, end - 1) if _weak(passage, w) and _surname(passage, w + 1)), -1)
    behind = passage.at[given].end if given >= 0 else end  # "Heinz-Peter" is one name
    beside = passage.at.get(behind) if "-" in passage.gap(behind) else None
    if beside is not None and beside.of("nationality") is not None:
        return None  # "Franco-German"
    size = end - start
    hyphened = behind < end and "-" in passage.gap(behind) and _given(passage, behind) is None
    if behind < end and not _acronym(passage, behind) and not hyphened:
        return _named(passage, start, given, behind, end)
    if given > start and passage.language == "ru" and SURNAME_RU.search(words[given - 1]):
        return Person(given - 1, given + 1, 0, None, "surname and given name", given=given)
    if _initial(passage, start) and size >= 2 and "." in passage.gap(start + 1):
        if "°" in passage.gap(start) or (passage.language == "de" and words[start] in _ROMAN):
            return None  # "+8° С. Однако", "I. Teil"
        stop = start + 1
        while stop < end - 1 and _initial(passage, stop):
            stop += 1
        if len(words[stop]) > 2 and not _acronym(passage, stop):
            return Person(start, min(end, stop + 1), 0, None, "initials and surname", given=start)
        return None
    if passage.language == "ru" and 2 <= size <= 3 and _initial(passage, end - 1) and SURNAME_RU.search(words[start]):
        return Person(start, end, 0, None, "surname and initials", given=end - 1)
    title = title_before(passage, start)
    if title is None and passage.language != "ru" and not 2 <= size <= 3:
        return None
    if any(_acronym(passage, w) for w in range(start, end)):
        return None
    return _by_context(passage, start, end, title)


def _named(passage: Passage, start: int, given: int, behind: int, end: int) -> Person:
    """A given name, words [given, behind), and what follows it: how many words belong to the name differs by language."""
    words = passage.words
    first = given
    closed = end == given + 1 or (end == given + 2 and PATRONYMIC.search(words[end - 1]))
    if passage.language == "ru" and given == start + 1 and closed and SURNAME_RU.search(words[start]):
        return Person(start, end, 0, None, "surname and given name", given=given)
    stop = behind
    while stop < end and (
        _given(passage, stop) is not None or _initial(passage, stop) or PATRONYMIC.search(words[stop])
    ):
        stop += 1
    limit = 1 if passage.language in ("de", "ru") else 2
    plain = 0
    while stop < end and plain < limit:
        if passage.upper(stop):
            plain += 1
            if passage.language in ("de", "ru") and stop + 1 < end and "-" in passage.gap(stop + 1):
                plain -= 1
        if _acronym(passage, stop) and stop > behind:
            break
        stop += 1
    while stop > behind and not passage.upper(stop - 1):
        stop -= 1
    reading = _given(passage, given)
    return Person(first, stop, 0, None, "given name and surname", reading.row if reading else "", given=given)


def _by_context(passage: Passage, start: int, end: int, title: Hit | None) -> Person | None:
    words = passage.words
    if end - start == 1 and len(words[start]) < 2:
        return None
    if passage.language == "ru" and "a" <= words[start][0] <= "z":
        return None  # a Latin name in a Russian text is more often a company's
    lead = passage.till.get(start) if passage.near(start) else None
    size = end - start
    russian = passage.language == "ru"  # "команда Алексея Гусарова" is a genitive
    if lead is not None and title is None and not russian and lead.leads:
        return None  # "the company Marlow Marine said"
    surname = bool(russian and SURNAME_RU.search(words[end - 1]) and len(words[end - 1]) > 3)
    if title is not None:
        honorific = (role := title.of("role")) is not None and role.key == "title"
        adjective = (
            russian
            and size == 1
            and "ск" in words[end - 1][-5:]
            and end < len(words)
            and passage.near(end)
            and ((behind := passage.at.get(end)) is None or behind.meanings.form or behind.meanings.head)
        )
        if size <= 3 and not adjective and (not russian or surname or size == 2):
            if (
                not russian
                and size == 1
                and not honorific
                and title.of("office", "head_office") is None
                and passage.language != "en"
            ):
                return None
            if passage.language == "de" and size > 2:
                return None
            return Person(
                start, end, 0, None, "title before", row=title.readings[0].row, given=start if size > 1 else -1
            )
    if size == 2 and compound_title(passage, start):
        return Person(start, end, 0, None, "title before", given=start)
    if size in (2, 3) and presented(passage, start, end) and not ordinary(passage, start, end, introduced=True):
        return Person(start, end, 0, None, "title and comma before", given=start)
    speech = speech_beside(passage, start, end)
    if size in (2, 3) and passage.language != "de":
        further = (
            russian
            and passage.near(start)
            and (bool(passage.taken[start - 1]) or passage.till.get(start) is not None or surname)
            and title_further(passage, start)
        )
        likely = not russian or surname or further or (speech and size == 2)
        told = speech and (russian or speaks(passage, start))
        introduced = likely and apposed(passage, end)
        known = introduced or (likely and (told or further))
        if known and (russian or not ordinary(passage, start, end, introduced=introduced)):
            return Person(start, end, 0, None, "apposition or speech verb", given=start)
    if (
        size == 2
        and russian
        and not passage.opens(start)
        and FAMILY_RU.search(words[end - 1])
        and not _place_word(passage, start)
        and re_name(passage.raw(start))
    ):
        return Person(start, end, 0, None, "form of a surname", given=start)
    if (
        size == 2
        and re_name(passage.raw(start))
        and passage.gap(end).strip() == "("
        and (home := passage.at.get(end)) is not None
        and home.of("name", "nationality")
    ):
        return Person(start, end, 0, None, "name and country in brackets", given=start)
    if size == 1 and russian and surname and speech and not passage.opens(start):
        return Person(start, end, 0, None, "surname and speech verb")
    if (
        size == 1
        and russian
        and not passage.opens(start)
        and FAMILY_RU.search(words[start])
        and len(words[start]) > 5
        and not _place_word(passage, start)
        and not (passage.near(end) and len(words[end]) > 2 and words[end][:5] in passage.grammar.place_begin)
        and not passage.gap(end).startswith("-")
    ):
        return Person(start, end, 0, None, "form of a surname")
    return None


def _place_word(passage: Passage, word: int) -> bool:
    """Whether a street, town, river or ship stands before the word, or it names a thing in quotation marks."""
    before = passage.words[word - 1] if word else ""
    gap = passage.gap(word)
    return before[:5] in passage.grammar.place_begin or any(char in '«"“„-' for char in gap)


def re_name(word: str) -> bool:
    """Whether a word is written like a name: a capital, then small letters."""
    return word[:1].isupper() and word[1:].islower()


def _given(passage: Passage, word: int) -> Reading | None:
    hit = passage.at.get(word)
    if hit is None or (hit.end > word + 1 and "-" not in passage.gap(word + 1)):
        return None
    return hit.of("given")


def _weak(passage: Passage, word: int) -> bool:
    hit = passage.at.get(word)
    return hit is not None and hit.of("weak") is not None


def _surname(passage: Passage, word: int) -> bool:
    hit = passage.at.get(word)
    return hit is not None and hit.of("surname") is not None


def _acronym(passage: Passage, word: int) -> bool:
    """ "FIFA", and "MPs" with its plural."""
    raw = passage.raw(word)
    return len(raw) > 1 and (raw.isupper() or (len(raw) > 2 and raw[-1] == "s" and raw[:-1].isupper()))
