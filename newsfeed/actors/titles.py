"""What the article says of a person beside the name: a title before it, an apposition behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.actors.institutions import Found
from newsfeed.actors.passage import Passage
from newsfeed.actors.people import Person

if TYPE_CHECKING:
    from newsfeed.actors.join import Joiner, Somebody

_ROLE_WORDS = 18
_TITLE_WORDS = 8


def describe(joiner: Joiner, passage: Passage, person: Person, somebody: Somebody, consumed: set[int]) -> None:
    """Give a person the role and organisation that the words beside the name tell; offices used so go to ``consumed``."""
    found = joiner.office_till.get((passage.name, person.start)) if passage.near(person.start) else None
    if found is not None:
        consumed.add(id(found))
        _hold(joiner, passage, found, somebody, found.start, found.end)
        return
    if passage.comma(person.end) or passage.gap(person.end).strip() in ("(", "-", "–", "—"):
        start = person.end
        if (
            start < len(passage.words)
            and passage.words[start]
            in ("the", "le", "la", "l", "el", "der", "die", "das", "ein", "eine", "un", "une", "a", "an")
            and _titled(passage, start + 1)
        ):
            start += 1
        if _titled(passage, start):
            end = _clause_end(passage, start)
            found = joiner.office_between(passage, start, end)
            if found is not None and found.start <= start + 2:
                consumed.add(id(found))
                _hold(joiner, passage, found, somebody, start, end)
            else:
                _serve(joiner, passage, somebody, start, end)
            return
    _before(joiner, passage, person, somebody, consumed)


def _titled(passage: Passage, word: int) -> bool:
    for place in (word, word + 1, word + 2):
        hit = passage.at.get(place)
        if hit is not None and (
            ((role := hit.of("role")) is not None and role.key != "title")
            or hit.of("office", "head_office") is not None
        ):
            return True
        if place >= len(passage.words) or (place + 1 < len(passage.words) and not passage.near(place + 1)):
            return False
    return False


def _hold(joiner: Joiner, passage: Passage, found: Found, somebody: Somebody, start: int, end: int) -> None:
    if not somebody.role:
        first, last = passage.span(start, end)
        somebody.role = passage.source[first:last]
    for portfolio in found.portfolios:
        for country, *_ in found.countries:
            somebody.offices.add((portfolio, country.country))
            entity = joiner.gazetteer.composed(portfolio, country.country)
            if entity is not None and not somebody.organisation:
                somebody.organisation = entity.id


def _serve(joiner: Joiner, passage: Passage, somebody: Somebody, start: int, end: int) -> None:
    if not somebody.role:
        first, last = passage.span(start, end)
        somebody.role = passage.source[first:last]
    inside = [claim for word in range(start, end) for claim in joiner.starting.get((passage.name, word), ())]
    for claim in inside:
        if claim.end <= end and claim.entity.type in ("organisation", "group") and not somebody.organisation:
            somebody.organisation = claim.entity.id


def _clause_end(passage: Passage, start: int) -> int:
    end = start + 1
    while end < len(passage.words) and end - start < _ROLE_WORDS:
        gap = passage.gap(end)
        if any(char in ',،.;:!?()[]«»"“”\n—–؛؟' for char in gap):
            break
        hit = passage.at.get(end)
        if passage.words[end] in passage.grammar.clause or (
            hit is not None and (verb := hit.of("speech")) is not None and verb.key == "say"
        ):
            break
        end += 1
    return end


def _before(joiner: Joiner, passage: Passage, person: Person, somebody: Somebody, consumed: set[int]) -> None:
    """A role directly before the name, or before the organisation directly before the name."""
    end = person.start
    if end and passage.comma(end):
        _before_comma(passage, somebody, end, joiner, consumed)
        return
    if not end or (not passage.near(end) and passage.gap(end) not in (". ",)):
        return
    found = _role_hit(joiner, passage, end)
    if found is None:
        _noun_before(passage, somebody, end)
        return
    start, _, organisation = found
    if not somebody.role and sum(map(len, passage.words[start:end])) > 4:
        opening = passage.at.get(start)
        first, last = passage.span(start, end, opening.readings[0].skip if opening is not None else 0)
        somebody.role = passage.source[first:last]
    if organisation and not somebody.organisation:
        somebody.organisation = organisation


def _role_hit(joiner: Joiner, passage: Passage, end: int) -> tuple[int, str, str] | None:
    """(first word, kind of role, organisation) of the title whose phrase ends directly before a name."""
    word, organisation = end, ""
    while word > 0 and end - word < _TITLE_WORDS and (passage.near(word) or word == end):
        hit = passage.till.get(word)
        if hit is not None and (role := hit.of("role", "office", "head_office")) is not None:
            return (
                _nationality_before(passage, hit.start),
                role.key,
                organisation or _before_role(joiner, passage, hit.start),
            )
        claim = joiner.ending.get((passage.name, word))
        if claim is not None and claim.entity.type != "person":
            organisation = organisation or (claim.entity.id if claim.entity.type in ("organisation", "group") else "")
            word = claim.start
            continue
        if (claim is not None or hit is not None) and (
            claim is not None or (hit is not None and hit.of("speech", "given") is not None)
        ):
            return None
        if word == end and passage.language in ("en", "de"):
            return None
        if passage.language != "ar" and passage.upper(word - 1) and passage.language != "de":
            return None
        word -= 1
    return None


def _before_role(joiner: Joiner, passage: Passage, start: int) -> str:
    """The organisation directly before a title: "SPD-Chefin", "Apple chief executive"."""
    claim = joiner.ending.get((passage.name, start))
    return claim.entity.id if claim is not None and claim.entity.type == "organisation" and passage.near(start) else ""


def _nationality_before(passage: Passage, start: int) -> int:
    """Back to a nationality or organisation at most three words before a title: "British fisheries minister"."""
    if passage.language not in ("en", "de", "ru"):
        return start
    for word in range(start, max(start - 3, 0), -1):
        if not passage.near(word):
            break
        hit = passage.till.get(word)
        if hit is not None and hit.of("nationality") is not None:
            return hit.start
        if hit is not None and hit.meanings.group is not None and word == start:
            return hit.start
        if passage.upper(word - 1) and passage.language != "de":
            break
    return start


def _noun_before(passage: Passage, somebody: Somebody, end: int) -> None:
    """ "die Vermittlerin Annegret Solheim", "el negociador guatemalteco Rodrigo Ixcoy": an article and a noun before the name."""
    if somebody.role or passage.language not in ("de", "fr", "es"):
        return
    word = end
    hit = passage.till.get(word)
    if hit is not None and hit.of("nationality") is not None and passage.language != "de":
        word = hit.start
    noun = word - 1
    if noun < 1 or not passage.near(word) or not passage.near(noun) or len(passage.words[noun]) < 5:
        return
    if (
        passage.words[noun - 1] in passage.grammar.noun_article
        and passage.upper(noun) == (passage.language == "de")
        and noun not in passage.at
    ):
        first, last = passage.span(noun, end)
        somebody.role = passage.source[first:last]


def _before_comma(passage: Passage, somebody: Somebody, end: int, joiner: Joiner, consumed: set[int]) -> None:
    """ "La ministra de Defensa, Margarita Robles": a title, a comma, the name and a comma or the end."""
    if somebody.role or passage.language == "ru":
        return
    start = end - 1
    while start > 0 and end - start < 10 and not any(char in ',،.;:!?()«»"“”\n' for char in passage.gap(start)):
        start -= 1
    for word in range(start, end):
        hit = passage.at.get(word)
        if hit is not None and hit.of("speech") is not None:
            return
        if hit is not None and (
            ((role := hit.of("role")) is not None and role.key == "head") or hit.of("office", "head_office") is not None
        ):
            if word - start > 2:
                return
            found = joiner.office_between(passage, word, end)
            if found is not None:
                consumed.add(id(found))
                _hold(joiner, passage, found, somebody, word, end)
            else:
                _serve(joiner, passage, somebody, word, end)
            return
