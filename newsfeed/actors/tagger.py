"""The actor tagger: who is in an article, with the proof in the text and the rule that found it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from newsfeed.actors import institutions, names, people, persons, persons_arabic, places, unlisted
from newsfeed.actors.automaton import Automaton
from newsfeed.actors.entry import LANGUAGES, Claim
from newsfeed.actors.gather import gather
from newsfeed.actors.gazetteer import Gazetteer
from newsfeed.actors.grammar import Grammar, grammars
from newsfeed.actors.join import Joiner
from newsfeed.actors.latin import Spellings
from newsfeed.actors.passage import Passage, script
from newsfeed.actors.passage import passages as read_fields
from newsfeed.actors.read import Reader
from newsfeed.actors.relations import relations
from newsfeed.actors.table import own
from newsfeed.records import Actor, Relation
from newsfeed.text import Document


@dataclass(frozen=True, slots=True)
class Explained:
    """One mention and why it is there: actor, place in the text, data row (``file:line``) and rule."""

    id: str
    name: str
    field: str
    start: int
    end: int
    text: str
    role: str
    row: str
    rule: str


@dataclass(frozen=True, slots=True)
class ActorTags:
    """What ``ActorTagger.tag`` found; actors by falling salience."""

    actors: list[Actor] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)


class ActorTagger:
    """Finds actors in articles. Loading takes about a second; tagging is linear in the text.

    Args:
        extra: a desk's own files of names, in the form of ``data/actors/organisations.tsv``.
        people: ``natasha`` adds a Russian name model (slow; the extra ``people`` must be installed), None the rules alone.

    Raises:
        ActorDataError: an own file is bad; the message says file, row and column.
        ModuleNotFoundError: ``people`` names a model that is not installed.
    """

    def __init__(self, extra: Sequence[Path] = (), *, people: str | None = None) -> None:
        self._gazetteer = Gazetteer(extra)
        self._reader = Reader(Automaton(self._gazetteer.forms))
        self._grammars = grammars()
        self._spellings = Spellings(
            {w: row["key"] for row in own("spellings.tsv") for w in row["spellings"].split("|")}
        )
        self._model = None
        if people is not None:
            from newsfeed.actors.model import load

            self._model = load(people)

    def tag(self, document: Document) -> ActorTags:
        """The actors and relations of an article."""
        passages, claims = self._claims(document)
        if not any(claims):
            return ActorTags()
        actors = gather(passages, claims)
        return ActorTags(actors, relations(passages, claims, self._grammars))

    @property
    def country_codes(self) -> frozenset[str]:
        """The codes (ISO 3166-1 alpha-3) of all countries."""
        return frozenset(country.code for country in self._gazetteer.countries.values())

    def explain(self, document: Document) -> list[Explained]:
        """Every mention in reading order with the data row and the rule that made it."""
        passages, claims = self._claims(document)
        out = []
        for passage, found in zip(passages, claims, strict=True):
            for claim in found:
                start, end = passage.span(claim.start, claim.end, claim.skip)
                text = passage.source[start:end]
                out.append(
                    Explained(
                        claim.entity.id,
                        claim.entity.name,
                        passage.name,
                        start,
                        end,
                        text,
                        claim.role,
                        claim.row,
                        claim.rule,
                    )
                )
        return out

    def _claims(self, document: Document) -> tuple[list[Passage], list[list[Claim]]]:
        language = document.language or ""
        if language not in LANGUAGES:
            language = script(document.title + " " + document.body)
        grammar = self._grammars[language]
        passages = read_fields(document, grammar, language)
        joiner = Joiner(self._gazetteer, self._spellings, document.published)
        for passage in passages:
            if passage.words:
                self._reader.read(passage)
                self._field(passage, grammar, joiner, document)
        return passages, joiner.finish(passages, grammar)

    def _field(self, passage: Passage, grammar: Grammar, joiner: Joiner, document: Document) -> None:
        """One field's decisions, strongest first: composed institutions, people, names of organisations, countries."""
        joiner.open(passage)
        for hit in passage.fixed:
            kinds = hit.meanings.kinds
            if "blocked" in kinds:
                passage.take(hit.start, hit.end)
            else:
                reading = kinds["composed"]
                entity, other = reading.entity, institutions.elsewhere(passage, hit)
                if other is not None and other.entity is not None:
                    entity = self._gazetteer.composed(reading.key, other.entity.country)
                if entity is None:
                    continue
                claim = Claim(
                    entity,
                    hit.start,
                    hit.end,
                    reading.skip,
                    "actor",
                    reading.row,
                    "proper name of an institution",
                )
                joiner.claim(passage, claim)
        for found in institutions.find(passage, grammar):
            if passage.free(found.start, found.end):
                joiner.institution(passage, found)
        for hit in passage.people:
            if passage.free(hit.start, hit.end):
                person = people.known(passage, hit, document.published)
                if person is not None:
                    joiner.person(passage, person)
        names.find(passage, joiner)
        if self._model is not None and passage.language == "ru":
            for person in self._model.people(passage):
                joiner.person(passage, person)
        unknown = persons_arabic.find(passage, grammar) if passage.language == "ar" else persons.cased(passage, grammar)
        for person in unknown:
            firm = "&" in passage.source[passage.starts[person.start] : passage.ends[person.end - 1]]
            if not firm and passage.free(person.start, person.end):
                joiner.person(passage, person)
        unlisted.find(passage, joiner, grammar)
        if self._model is not None and passage.language == "ru":
            unlisted.modelled(passage, joiner, self._model)
        scene_end = -1
        for hit in passage.places:
            if passage.free(hit.start, hit.end) and (passage.name, hit.start) not in joiner.heads:
                place = places.reading_of(passage, hit)
                if place is not None and place.entity is not None and not joiner.namesake(passage, hit, place.entity):
                    role, why = places.role_of(passage, hit, place, grammar)
                    if (
                        role == "actor"
                        and place.kind != "nationality"
                        and places.follows_scene(passage, hit, scene_end, grammar)
                    ):
                        role, why = "location", "joined to a scene"
                    scene_end = hit.end if role == "location" and why != "dateline" else -1
                    joiner.place(passage, hit, place, role, why)
