"""What the article says of a person beside the name: a title before it, an apposition behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.actors.institutions import Found
from newsfeed.actors.passage import Passage
from newsfeed.actors.people import Person

if TYPE_CHECKING:
    from newsfeed.actors.join import Joiner, Somebody

_ROLE_WORDS = 18
_CLAUSE = frozenset(
    [
        "who",
        "which",
        "that",
        "который",
        "которая",
        "которые",
        "qui",
        "que",
        "quien",
        "que",
        "der",
        "die",
        "das",
        "dass",
        "whose",
        "الذي",
        "التي",
        "والذي",
        "заявил",
        "сообщил",
    ]
)
_LINKS = frozenset(["of", "the", "for", "de", "du", "des", "la", "le", "l", "los", "del", "von", "der", "an", "in"])


def describe(joiner: Joiner, passage: Passage, person: Person, somebody: Somebody, consumed: set[int]) -> None:
    """Give a person the role and organisation that the words beside the name tell; offices used so go to ``consumed``."""
    found = next(
        (f for p, f in joiner.offices if p is passage and f.end == person.start and passage.near(person.start)), None
    )
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
            found = next((f for p, f in joiner.offices if p is passage and start <= f.start and f.end <= end), None)
            if found is not None and found.start <= start + 2:
                consumed.add(id(found))
                _hold(joiner, passage, found, somebody, start, end)
            else:
                _serve(joiner, passage, somebody, start, end)
            return
    _before(joiner, passage, person, somebody)


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
    for claim in joiner.claims[passage.name]:
        if (
            start <= claim.start
            and claim.end <= end
            and claim.entity.type in ("organisation", "group")
            and not somebody.organisation
        ):
            somebody.organisation = claim.entity.id


def _clause_end(passage: Passage, start: int) -> int:
    end = start + 1
    while end < len(passage.words) and end - start < _ROLE_WORDS:
        gap = passage.gap(end)
        if any(char in ',،.;:!?()[]«»"“”\n—–؛؟' for char in gap):
            break
        hit = passage.at.get(end)
        if passage.words[end] in _CLAUSE or (
            hit is not None and (verb := hit.of("speech")) is not None and verb.key == "say"
        ):
            break
        end += 1
    return end


def _before(joiner: Joiner, passage: Passage, person: Person, somebody: Somebody) -> None:
    """A role directly before the name, or before the organisation directly before the name."""
    end = person.start
    if end and passage.comma(end):
        _before_comma(passage, somebody, end, joiner)
        return
    if not end or (not passage.near(end) and passage.gap(end) not in (". ",)):
        return
    word = end
    organisation = ""
    for _ in range(3):
        claim = next(
            (
                c
                for c in joiner.claims[passage.name]
                if c.end == word and c.entity.type in ("organisation", "group", "country")
            ),
            None,
        )
        if claim is None or not passage.near(word):
            break
        organisation = organisation or (claim.entity.id if claim.entity.type != "country" else "")
        word = claim.start
    while word < end and word > 1 and passage.near(word) and passage.words[word - 1] in _LINKS:
        word -= 1
    hit = passage.till.get(word)
    role = hit.of("role", "office", "head_office") if hit is not None and (passage.near(word) or word == end) else None
    if hit is None or role is None:
        return
    start = hit.start
    claim = next(
        (
            c
            for c in joiner.claims[passage.name]
            if c.end == start and c.entity.type == "organisation" and passage.near(start)
        ),
        None,
    )
    if claim is not None:
        organisation = organisation or claim.entity.id
        start = claim.start
    if (not somebody.role and role.key != "title") or (
        not somebody.role
        and role.key == "title"
        and hit.end - hit.start >= 1
        and sum(map(len, passage.words[hit.start : hit.end])) > 4
    ):
        first, last = passage.span(start, end, 0)
        somebody.role = passage.source[first:last]
    if organisation and not somebody.organisation:
        somebody.organisation = organisation


def _before_comma(passage: Passage, somebody: Somebody, end: int, joiner: Joiner) -> None:
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
            found = next((f for p, f in joiner.offices if p is passage and word <= f.start and f.end <= end), None)
            if found is not None:
                _hold(joiner, passage, found, somebody, word, end)
            else:
                _serve(joiner, passage, somebody, word, end)
            return
