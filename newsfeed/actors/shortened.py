"""Organisations once more, as an article shortens them: the acronym in brackets behind the name, the name without its legal form."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING

from newsfeed.actors.entry import Claim, Entity
from newsfeed.actors.passage import Passage

if TYPE_CHECKING:
    from newsfeed.actors.join import Joiner

_FORM = "form of a name"
_LETTERS = 8  # of the longest acronym
_ALONE = 4  # letters of a word that stands for a company by itself
Names = dict[str, list[tuple[tuple[str, ...], Entity]]]  # folded first word -> short names as they are written


def again(joiner: Joiner, passages: list[Passage]) -> None:
    """Claim what stands for an organisation that the article names in full; people's surnames are nobody's company."""
    if passages and passages[0].language == "ar":
        return  # without capitals a short name is a word like others
    names: Names = {}
    surnames = {somebody.surname for somebody in joiner.people.values()}
    for passage in passages:
        for claim in list(joiner.claims.get(passage.name, ())):
            if claim.entity.type == "organisation":
                _acronym(joiner, passage, claim, names)
                if claim.rule == _FORM and passage.language != "ru":
                    _without_form(passage, claim, names, surnames)
    if not names:
        return
    for passage in passages:
        if not passage.shouting:
            _claim(joiner, passage, names)


def _raw(passage: Passage, start: int, end: int) -> tuple[str, ...]:
    return tuple(passage.raw(word) for word in range(start, end))


def _acronym(joiner: Joiner, passage: Passage, claim: Claim, names: Names) -> None:
    """ "Comisión Nacional del Mercado de Valores (CNMV)"."""
    word = claim.end
    if word >= len(passage.words) or passage.gap(word).strip() != "(" or passage.gap(word + 1).lstrip()[:1] != ")":
        return
    for other in joiner.starting.get((passage.name, word), ()):
        if other.end == word + 1 and other.entity.type == "organisation" and other.entity.id != claim.entity.id:
            _same(joiner, claim.entity, other.entity)
    short, hit = passage.raw(word), passage.at.get(word)
    lettered = 2 <= len(short) <= _LETTERS and short.isupper() and short.isalpha()
    if lettered and not passage.taken[word] and (hit is None or not hit.meanings.place):
        names.setdefault(passage.words[word], []).append(((short,), claim.entity))


def _same(joiner: Joiner, long: Entity, short: Entity) -> None:
    """Of a name and its acronym the one no table knows is the other: an unlisted spelling, or an unlisted acronym."""
    if long.subtype != "unknown" and short.subtype != "unknown":
        return
    old, new = (short, long) if short.subtype == "unknown" else (long, short)
    for claims in joiner.claims.values():
        for claim in claims:
            if claim.entity.id == old.id:
                claim.entity = new


def _without_form(passage: Passage, claim: Claim, names: Names, surnames: set[str]) -> None:
    """ "Warnke Stahl" for "Warnke Stahl AG", "Halden" for "Halden Holdings", and the name itself where "the firm" led to it."""
    start, end = claim.start, claim.end
    whole = end - start > 1
    while end - start > 1 and passage.words[end - 1] in passage.grammar.legal:
        end -= 1
    short = _raw(passage, start, end)
    alone = end - start == 1
    word = passage.words[start]
    if alone and (
        not whole
        or len(word) < _ALONE
        or start in passage.at
        or word in passage.grammar.common
        or word in passage.small
        or word in surnames
    ):
        return
    if all(part[:1].isupper() for part in short):
        names.setdefault(word, []).append((short, claim.entity))


def _goes_on(passage: Passage, word: int) -> bool:
    """Whether another capitalised word follows: "Reliance Power" is not the Reliance Capital of before."""
    return passage.near(word) and passage.upper(word) and passage.language != "de"


def _claim(joiner: Joiner, passage: Passage, names: Names) -> None:
    capitals, words = passage.capitals, passage.words
    for word in compress(capitals, map(names.__contains__, map(words.__getitem__, capitals))):
        found = sorted(names[words[word]], key=lambda one: -len(one[0]))
        for short, entity in found:
            end = word + len(short)
            if (
                passage.free(word, end)
                and _raw(passage, word, min(end, len(passage.words))) == short
                and all(map(passage.near, range(word + 1, end)))
                and (short[0].isupper() or not _goes_on(passage, end))
            ):
                joiner.claim(passage, Claim(entity, word, end, 0, "actor", entity.row, "organisation named before"))
                break
