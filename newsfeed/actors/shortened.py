"""Organisations once more, as an article shortens them: the acronym in brackets behind the name, the name without its legal form."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING

from newsfeed.actors.entry import FORM, Claim, Entity
from newsfeed.actors.passage import Passage

if TYPE_CHECKING:
    from newsfeed.actors.join import Joiner

_LETTERS = 8  # of the longest acronym
_ALONE = 4  # letters of a word that stands for a company by itself
Names = dict[str, dict[tuple[str, ...], Entity]]  # folded first word -> short names as they are written
Same = dict[str, Entity]  # id -> whom it turned out to be


def again(joiner: Joiner, passages: list[Passage]) -> None:
    """Claim what stands for an organisation that the article names in full; people's surnames are nobody's company."""
    if passages and passages[0].language == "ar":
        return  # without capitals a short name is a word like others
    names: Names = {}
    same: Same = {}
    surnames = {somebody.surname for somebody in joiner.people.values()}
    for passage in passages:
        for claim in list(joiner.claims.get(passage.name, ())):
            if claim.entity.type == "organisation":
                _acronym(joiner, passage, claim, names, same)
                if claim.rule == FORM and passage.language != "ru":
                    _without_form(passage, claim, names, surnames)
    if same:
        for claims in joiner.claims.values():
            for claim in claims:
                claim.entity = _now(same, claim.entity)
    for passage in passages if names else ():
        if not passage.shouting:
            _claim(joiner, passage, names, same)


def _raw(passage: Passage, start: int, end: int) -> tuple[str, ...]:
    return tuple(passage.raw(word) for word in range(start, end))


def _acronym(joiner: Joiner, passage: Passage, claim: Claim, names: Names, same: Same) -> None:
    """ "Comisión Nacional del Mercado de Valores (CNMV)"."""
    word = claim.end
    if word >= len(passage.words) or passage.gap(word).strip() != "(" or passage.gap(word + 1).lstrip()[:1] != ")":
        return
    for other in joiner.starting.get((passage.name, word), ()):
        if other.end == word + 1 and other.entity.type == "organisation":
            _join(same, _now(same, claim.entity), _now(same, other.entity))
    short, hit = passage.raw(word), passage.at.get(word)
    lettered = 2 <= len(short) <= _LETTERS and short.isupper() and short.isalpha()
    if lettered and not passage.taken[word] and (hit is None or not hit.meanings.place):
        names.setdefault(passage.words[word], {}).setdefault((short,), claim.entity)


def _join(same: Same, long: Entity, short: Entity) -> None:
    """Of a name and its acronym the one no table knows is the other: an unlisted spelling, or an unlisted acronym."""
    if long.id == short.id or (long.subtype != "unknown" and short.subtype != "unknown"):
        return
    old, new = (short, long) if short.subtype == "unknown" else (long, short)
    same[old.id] = new


def _now(same: Same, entity: Entity) -> Entity:
    """Whom an organisation turned out to be in the end."""
    passed = []
    while entity.id in same:
        passed.append(entity.id)
        entity = same[entity.id]
    same.update(dict.fromkeys(passed, entity))
    return entity


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
        names.setdefault(word, {}).setdefault(short, claim.entity)


def _goes_on(passage: Passage, word: int) -> bool:
    """Whether another capitalised word follows: "Reliance Power" is not the Reliance Capital of before."""
    return passage.near(word) and passage.upper(word) and passage.language != "de"


def _claim(joiner: Joiner, passage: Passage, names: Names, same: Same) -> None:
    capitals, words = passage.capitals, passage.words
    sizes = {first: sorted(set(map(len, shorts)), reverse=True) for first, shorts in names.items()}
    for word in compress(capitals, map(names.__contains__, map(words.__getitem__, capitals))):
        for size in sizes[words[word]]:
            end = word + size
            if end > len(words) or not passage.free(word, end) or not all(map(passage.near, range(word + 1, end))):
                continue
            short = _raw(passage, word, end)
            entity = names[words[word]].get(short)
            if entity is not None and (short[0].isupper() or not _goes_on(passage, end)):
                known = _now(same, entity)
                joiner.claim(passage, Claim(known, word, end, 0, "actor", known.row, "organisation named before"))
                break
