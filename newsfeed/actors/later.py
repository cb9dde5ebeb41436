"""What needs the whole article: people once more by surname or title alone, bare institutions by the country named before."""

from __future__ import annotations

from itertools import compress, repeat
from typing import TYPE_CHECKING

from newsfeed.actors import shortened
from newsfeed.actors.arabic_names import bears
from newsfeed.actors.entry import Claim
from newsfeed.actors.grammar import Grammar
from newsfeed.actors.institutions import Found
from newsfeed.actors.passage import Passage
from newsfeed.actors.people import Person
from newsfeed.actors.surnames import stem
from newsfeed.actors.titles import describe

if TYPE_CHECKING:
    from newsfeed.actors.join import Joiner, Somebody

_BACK = 400
_OPEN = frozenset({"fr", "es", "de"})  # a ministry is written with its full portfolio, so it needs no capital to be one
_FEDERAL = frozenset({"AT", "CH"})  # they have a Bundesminister or Bundesrat too
_ANYBODY = frozenset({"government", "presidency", "monarchy", "parliament", "army", "police", "embassy"})
_ABROAD = "foreign"  # its country is rarely the one that is spoken of
_RELIEF = frozenset({"red_cross", "red_crescent"})  # with no country beside them they are nobody's
Holders = dict[tuple[str, str], set[str]]
_ARABIC_DEFINITE = ("ال", "وال", "بال", "لل", "فال", "كال", "ولل")
_CLITICS = ("", "و", "ل", "ب", "ف", "ول", "وب", "ك", "فل")


def attach(joiner: Joiner, passages: list[Passage], grammar: Grammar) -> None:
    """Decide everything that needs the whole article."""
    consumed: set[int] = set()
    _one_word(joiner)
    for passage, person, actor in joiner.spans:
        somebody = joiner.people[actor]
        describe(joiner, passage, person, somebody, consumed)
    for passage, person, actor in joiner.spans:
        _mention(joiner, passage, person.start, person.end, person.skip, actor, person.row, person.rule)
    holders = _holders(joiner)
    for passage, found in joiner.offices:
        if id(found) in consumed:
            for country, start, end, _, row in found.countries:
                joiner.add(passage, Claim(country, start, end, 0, "actor", row, "country of an office"))
        else:
            _office(joiner, holders, passage, found)
    shortened.again(joiner, passages)
    _surnames_alone(joiner, passages, grammar)
    holders = _holders(joiner)
    for passage, found in joiner.bare:
        if passage.free(found.start, found.end) and id(found) not in consumed:
            _bare(joiner, holders, passage, found)


def _one_word(joiner: Joiner) -> None:
    """'Mr Gusarov' and 'A. Gusarov' are the Alexander Gusarov of the same article, where there is exactly one, or one so far."""
    full: dict[str, set[str]] = {}
    named: dict[str, tuple[bool, int]] = {}  # where a person is first named in full
    for passage, person, actor in joiner.spans:
        if not _one(passage, person) and "initials" not in person.rule:
            full.setdefault(joiner.people[actor].surname, set()).add(actor)
            named[actor] = min(named.get(actor, (True, person.start)), _place(passage, person))
    for number, (passage, person, actor) in enumerate(joiner.spans):
        somebody = joiner.people[actor]
        others = full.get(somebody.surname, set())
        if "initials" in person.rule:
            letter = passage.words[person.given][:1]
            others = {other for other in others if joiner.initial.get(other) == letter}
        elif not _one(passage, person):
            continue
        if len(others) > 1:
            others = {other for other in others if named[other] < _place(passage, person)}
        if somebody.entity.subtype == "unknown" and len(others) == 1:
            joiner.spans[number] = (passage, person, next(iter(others)))
    used = {actor for _, _, actor in joiner.spans}
    for actor in [actor for actor in joiner.people if actor not in used]:
        del joiner.people[actor]


def _one(passage: Passage, person: Person) -> bool:
    """Whether a name is one word, or a double surname with a hyphen: "Mme Marchand-Dubois"."""
    return all(passage.gap(word) == "-" for word in range(person.start + 1, person.end))


def _place(passage: Passage, person: Person) -> tuple[bool, int]:
    return passage.name != "title", person.start


def _mention(
    joiner: Joiner, passage: Passage, start: int, end: int, skip: int, actor: str, row: str, rule: str
) -> None:
    somebody = joiner.people[actor]
    claim = Claim(somebody.entity, start, end, skip, "actor", row or somebody.entity.row, rule)
    claim.person_role, claim.organisation = somebody.role, somebody.organisation
    joiner.add(passage, claim)


def _holders(joiner: Joiner) -> Holders:
    """Who holds an office: (portfolio, country) and (portfolio, "") -> people of the article."""
    out: Holders = {}
    for actor, somebody in joiner.people.items():
        for portfolio, country in sorted(somebody.offices):
            out.setdefault((portfolio, country), set()).add(actor)
            out.setdefault((portfolio, ""), set()).add(actor)
    return out


def _holder(holders: Holders, portfolio: str, country: str) -> str | None:
    found = holders.get((portfolio, country), set())
    return next(iter(found)) if len(found) == 1 else None


def _office(joiner: Joiner, holders: Holders, passage: Passage, found: Found) -> None:
    left = Found(found.start, found.end, found.head, True, found.portfolios, [], found.skip, found.row)
    for country in found.countries:
        holder = _holder(holders, found.portfolios[0], country[0].country) if len(found.countries) == 1 else None
        if holder is None:
            left.countries.append(country)
        else:
            _mention(joiner, passage, found.start, found.end, found.skip, holder, found.row, "title alone")
            joiner.add(
                passage, Claim(country[0], country[1], country[2], 0, "actor", country[4], "country of an office")
            )
    joiner.compose(passage, left)


def _definite(passage: Passage, found: Found) -> bool:
    word = passage.words[found.start]
    if passage.language == "ar":
        return word.startswith(_ARABIC_DEFINITE) or passage.words[found.head[1] - 1].startswith("ال")
    if passage.language == "ru":
        return True
    if passage.upper(found.start) and not passage.opens(found.start) and passage.language != "de":
        return True
    return found.start > 0 and passage.words[found.start - 1] in passage.grammar.definite and passage.near(found.start)


def _bare(joiner: Joiner, holders: Holders, passage: Passage, found: Found) -> None:
    """ "وزارة الخارجية", "the foreign ministry", "президент" without a country: the one the article has named, if it is only one."""
    if not _definite(passage, found) or len(found.portfolios) != 1:
        return
    behind = found.end
    if (
        behind < len(passage.words)
        and passage.near(behind)
        and passage.words[behind] in ("of", "de", "du", "des", "del", "von", "der")
    ):
        return
    portfolio = found.portfolios[0]
    if found.office:
        beside = [c for word in range(behind, behind + 3) for c in joiner.starting.get((passage.name, word), ())]
        if any(claim.entity.type == "person" and passage.whole(behind, claim.start) for claim in beside):
            return  # a title beside its name is no mention of its own
        holder = _holder(holders, portfolio, "")
        if holder is not None:
            _mention(joiner, passage, found.start, found.end, found.skip, holder, found.row, "title alone")
        elif portfolio not in _ANYBODY and passage.language in _OPEN:
            _of_the_article(joiner, passage, found)
        return
    named = joiner.named.get(f"nf:{portfolio.replace('_', '-')}", {})
    if len(named) == 1:
        entity = next(iter(named.values()))
        joiner.claim(
            passage, Claim(entity, found.start, found.end, found.skip, "actor", found.row, "institution named before")
        )
    elif (
        not named
        and portfolio not in _RELIEF
        and (passage.language == "ru" or (portfolio not in _ANYBODY and passage.language in _OPEN))
    ):
        _of_the_article(joiner, passage, found)


def _of_the_article(joiner: Joiner, passage: Passage, found: Found) -> None:
    """An institution without country ("МВД", "le ministère de l'Intérieur"): of the country the article is most about."""
    raw = passage.raw(found.start)
    proper = (raw.isupper() and len(raw) > 1) or (raw[:1].isupper() and not passage.opens(found.start))
    if passage.language == "ru" and not proper:
        return
    if joiner.home is None:
        counts: dict[str, int] = {}
        for claims in joiner.claims.values():
            for claim in claims:
                if claim.entity.country and claim.entity.type in ("country", "organisation"):
                    counts[claim.entity.country] = counts.get(claim.entity.country, 0) + 1
        ranked = sorted(counts, key=lambda country: (-counts[country], country))
        clear = bool(ranked) and (len(ranked) == 1 or counts[ranked[0]] > counts[ranked[1]])
        clear = clear and (passage.language == "ru" or counts[ranked[0]] > 1)  # one mention may be a bystander
        joiner.home = ranked[0] if clear else ""
    home = joiner.home
    if found.portfolios[0] == _ABROAD and not _has_bodies(joiner, home):
        return
    if passage.language == "de" and passage.words[found.start].startswith("bundes") and home not in _FEDERAL:
        home = "DE"
    entity = joiner.gazetteer.composed(found.portfolios[0], home)
    if entity is not None:
        joiner.claim(
            passage,
            Claim(
                entity, found.start, found.end, found.skip, "actor", found.row, "institution of the article's country"
            ),
        )


def _has_bodies(joiner: Joiner, country: str) -> bool:
    """Whether the article names a body of a country. One that it only speaks of has none: "МИД: переговоры с Турцией"."""
    return any(
        claim.entity.country == country and claim.entity.type == "organisation"
        for claims in joiner.claims.values()
        for claim in claims
    )


def _surnames_alone(joiner: Joiner, passages: list[Passage], grammar: Grammar) -> None:
    by_stem: dict[str, list[str]] = {}
    for actor, somebody in joiner.people.items():
        arabic = (
            somebody.surname.startswith("ال")
            and somebody.entity.subtype == "unknown"
            and not somebody.surname.endswith("ي")
        )
        if len(somebody.surname) > 2 and somebody.surname not in grammar.common and not (arabic and not somebody.role):
            by_stem.setdefault(somebody.surname, []).append(actor)
        if len(somebody.first) > 2 and somebody.first not in grammar.common:
            by_stem.setdefault(somebody.first, []).append(actor)
    for passage, person in joiner.alone:
        actors = by_stem.get(
            stem(passage.words[person.end - 1])
            if passage.language != "ar"
            else passage.words[person.end - 1][person.skip :],
            [],
        )
        assert person.entity is not None
        if actors and person.entity.id not in actors:
            _mention(
                joiner,
                passage,
                person.start,
                person.end,
                person.skip,
                _nearest(joiner, passage, person.start, actors),
                person.row,
                "surname alone",
            )
            continue
        if person.entity.id not in joiner.people:
            from newsfeed.actors.join import somebody_of

            joiner.people[person.entity.id] = somebody_of(person.entity, passage.words[person.end - 1])
        _mention(joiner, passage, person.start, person.end, person.skip, person.entity.id, person.row, person.rule)
    if not by_stem:
        return
    for passage in passages:
        if passage.language == "ar":
            _arabic_alone(joiner, passage, by_stem, grammar)
        else:
            _cased_alone(joiner, passage, by_stem)


def _nearest(joiner: Joiner, passage: Passage, word: int, actors: list[str]) -> str:
    """Of people with one surname, the one named last before a word (at most some hundred words back), else the first."""
    if len(actors) > 1:
        for before in range(word - 1, max(word - _BACK, -1), -1):
            for claim in joiner.starting.get((passage.name, before), ()):
                if claim.entity.id in actors:
                    return claim.entity.id
    return actors[0]


def _arabic_alone(joiner: Joiner, passage: Passage, by_stem: dict[str, list[str]], grammar: Grammar) -> None:
    spelled = {clitic + surname: (len(clitic), actors) for surname, actors in by_stem.items() for clitic in _CLITICS}
    for word in compress(range(len(passage.words)), map(spelled.__contains__, passage.words)):
        if not passage.taken[word]:
            found = spelled[passage.words[word]]
            hit = passage.at.get(word)
            if hit is not None and hit.of("speech", "body", "office", "role", "tail", "nationality") is not None:
                continue
            if bears(passage, word, grammar):
                continue
            _mention(
                joiner,
                passage,
                word,
                word + 1,
                found[0],
                _nearest(joiner, passage, word, found[1]),
                "",
                "surname alone",
            )
            passage.take(word, word + 1)


def _cased_alone(joiner: Joiner, passage: Passage, by_stem: dict[str, list[str]]) -> None:
    prefixes = tuple({surname[:3] for surname in by_stem})
    capitals, words = passage.capitals, passage.words
    for word in compress(capitals, map(str.startswith, map(words.__getitem__, capitals), repeat(prefixes))):
        text = words[word]
        if not passage.taken[word]:
            actors = by_stem.get(stem(text))
            if actors is None and passage.language == "de" and text.endswith("s"):
                actors = by_stem.get(text[:-1])  # "Weils Anwältin"
            if actors is None:
                continue
            actor = _nearest(joiner, passage, word, actors)
            start, end = _whole(passage, word, joiner.people[actor])
            _mention(joiner, passage, start, end, 0, actor, "", "surname alone")
            passage.take(start, end)


def _whole(passage: Passage, word: int, somebody: Somebody) -> tuple[int, int]:
    """Both words of a surname of two, or of one with its particle: "Olivera Paz", "von Thurn"."""
    words, middle = passage.words, somebody.middle
    if middle and words[word] == middle and passage.near(word + 1) and not passage.taken[word + 1]:
        return (word, word + 2) if stem(words[word + 1]) == somebody.surname else (word, word + 1)
    before = middle and word and passage.near(word) and words[word - 1] == middle and not passage.taken[word - 1]
    before = before and (passage.upper(word - 1) or middle not in passage.grammar.article)  # "Le Pen", but "la Caf"
    return (word - 1, word + 1) if before else (word, word + 1)
