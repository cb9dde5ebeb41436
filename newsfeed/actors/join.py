"""Joins the mentions of an article: surnames and titles that stand alone find the person, bare institutions the country named before."""

from __future__ import annotations

from dataclasses import dataclass, field

from newsfeed.actors.arabic_names import short_names
from newsfeed.actors.entry import FORM, Claim, Entity, Hit, Reading
from newsfeed.actors.gazetteer import Gazetteer
from newsfeed.actors.grammar import Grammar
from newsfeed.actors.institutions import Found
from newsfeed.actors.latin import Spellings, label, slug
from newsfeed.actors.passage import Passage
from newsfeed.actors.people import Person
from newsfeed.actors.surnames import PATRONYMIC, nominative, stem

_OFFICES = (
    ("prime minister", "government"), ("head of government", "government"), ("chancellor", "government"), ("foreign minister", "foreign"),
    ("secretary of state", "foreign"), ("defence minister", "defence"), ("head of state", "presidency"), ("king", "monarchy"), ("queen", "monarchy"),
    ("emir", "monarchy"), ("sultan", "monarchy"), ("crown prince", "monarchy"), ("president", "presidency"),
)  # fmt: skip


@dataclass(slots=True)
class Somebody:
    """A person of the article: who, by which surname, in which offices; first: a name that stands for them as well; middle: the
    word before the surname."""

    entity: Entity
    surname: str
    offices: set[tuple[str, str]] = field(default_factory=set)
    role: str = ""
    organisation: str = ""
    first: str = ""
    middle: str = ""


class Joiner:
    """Collects the decisions of both fields and joins them at the end."""

    def __init__(self, gazetteer: Gazetteer, spellings: Spellings, published: str | None) -> None:
        self.gazetteer = gazetteer
        self.spellings = spellings
        self.published = published
        self.claims: dict[str, list[Claim]] = {}
        self.offices: list[tuple[Passage, Found]] = []
        self.bare: list[tuple[Passage, Found]] = []
        self.people: dict[str, Somebody] = {}
        self.spans: list[tuple[Passage, Person, str]] = []
        self.ending: dict[tuple[str, int], Claim] = {}
        self.starting: dict[tuple[str, int], list[Claim]] = {}
        self.named: dict[str, dict[str, Entity]] = {}
        self.office_at: dict[tuple[str, int], Found] = {}
        self.office_till: dict[tuple[str, int], Found] = {}
        self._named: dict[tuple[str, ...], Entity] = {}
        self._namesakes: dict[tuple[str, str, str], bool] = {}
        self.initial: dict[str, str] = {}
        self.home: str | None = None  # the country the article is most about, once it was asked for
        self.heads: set[tuple[str, int]] = set()  # words of institutions without a country: "وزارة المالية" is no Mali
        self.alone: list[tuple[Passage, Person]] = []

    def open(self, passage: Passage) -> None:
        """Begin a field."""
        self.claims[passage.name] = []

    def claim(self, passage: Passage, claim: Claim) -> None:
        """Add a mention and take its words."""
        self.add(passage, claim)
        passage.take(claim.start, claim.end)

    def add(self, passage: Passage, claim: Claim) -> None:
        """Add a mention whose words are taken already."""
        self.claims[passage.name].append(claim)
        self.ending.setdefault((passage.name, claim.end), claim)
        self.starting.setdefault((passage.name, claim.start), []).append(claim)
        if claim.entity.subtype == "institution":
            self.named.setdefault(claim.entity.id[:-3], {})[claim.entity.id] = claim.entity

    # --- institutions ---------------------------------------------------------------------------
    def institution(self, passage: Passage, found: Found) -> None:
        """A composed institution; an office waits until it is known whether its holder is named beside it."""
        if not found.countries:
            self.bare.append((passage, found))
            self.heads.update((passage.name, word) for word in range(*found.head))
            return
        passage.take(found.start, found.end)
        if found.office:
            self.offices.append((passage, found))
            self.office_at[passage.name, found.start] = found
            self.office_till[passage.name, found.end] = found
        else:
            self.compose(passage, found)

    def office_between(self, passage: Passage, start: int, end: int) -> Found | None:
        """The first office phrase with a country inside words [start, end)."""
        for word in range(start, end):
            found = self.office_at.get((passage.name, word))
            if found is not None and found.end <= end:
                return found
        return None

    def compose(self, passage: Passage, found: Found) -> None:
        """One mention for every portfolio and country of a phrase."""
        for portfolio in found.portfolios:
            for country, start, end, side, row in found.countries:
                entity = self.gazetteer.composed(portfolio, country.country)
                if entity is None:
                    continue
                first, last = (found.head[0], end) if side > 0 else (start, found.head[1])
                skip = found.skip if first == found.head[0] else 0
                rule = "office" if found.office else "composition"
                place = f"{found.row} + {row}"
                self.add(passage, Claim(entity, first, max(last, found.head[1]), skip, "actor", place, rule))

    # --- people ---------------------------------------------------------------------------------
    def person(self, passage: Passage, person: Person) -> None:
        """A person's name; one that stands alone waits for the whole article."""
        if person.alone:
            self.alone.append((passage, person))
            passage.take(person.start, person.end)
            return
        entity = person.entity or self._unknown(passage, person)
        if entity.id not in self.people:
            last = person.start if person.rule.startswith("surname") and person.given > person.start else person.end - 1
            self.people[entity.id] = somebody_of(entity, passage.words[last])
            if entity.subtype == "unknown" and 0 <= person.given < last - 1:
                self.people[entity.id].middle = middle = passage.words[last - 1]
                hit = passage.at.get(last - 1)
                if passage.language == "es" and (hit is None or hit.of("given") is None):
                    self.people[entity.id].first = stem(middle)  # "Wilmer Zelaya Cruz" is Zelaya
            if passage.language == "ar" and entity.subtype == "unknown":
                self.people[entity.id].surname, self.people[entity.id].first = short_names(
                    passage.words[person.start : person.end], person.skip, passage.grammar
                )
        if person.given >= 0 and "initials" not in person.rule:
            self.initial.setdefault(entity.id, passage.words[person.given][:1])
        passage.take(person.start, person.end)
        self.spans.append((passage, person, entity.id))

    def _unknown(self, passage: Passage, person: Person) -> Entity:
        words = []
        given = passage.at.get(person.given) if person.given >= 0 else None
        reading = given.of("given") if given is not None else None
        feminine = bool(reading is not None and reading.key[-1:] in "ая")
        inflected = bool(
            reading is not None
            and passage.language == "ru"
            and reading.key
            and reading.key != passage.raw(person.given)
        )
        for word in range(person.start, person.end):
            raw = passage.raw(word)
            if word == person.start and person.skip:
                start, _ = passage.span(word, word + 1, person.skip)
                raw = passage.source[start : passage.ends[word]]
            if word == person.given and reading is not None and passage.language == "ru" and reading.key:
                raw = reading.key
            elif passage.language == "ru" and (inflected or feminine):
                raw = nominative(raw, feminine)
            words.append(raw)
        if (
            passage.language == "ru"
            and len(words) > 2
            and (kept := [word for word in words if not PATRONYMIC.search(word.lower())])
            and len(kept) > 1
        ):
            words = kept
        if person.given > person.start and person.rule.startswith("surname"):
            words = [*words[1:], words[0]]
        key = tuple(words)
        if key not in self._named:
            latin = slug(words, self.spellings)
            listed = self.gazetteer.by_slug(latin, self.spellings)
            self._named[key] = listed or Entity(
                f"nf:person-{latin}", "person", "unknown", label(words, self.spellings), "", "", row=person.row
            )
        return self._named[key]

    def namesake(self, passage: Passage, hit: Hit, country: Entity) -> bool:
        """Whether a country's name is rather the surname of somebody named before: the field has no other word for that country."""
        word = passage.words[hit.start]
        if passage.language == "ar" or hit.end - hit.start > 1 or hit.of("name") is None:
            return False
        key = (passage.name, word, country.country)
        if key not in self._namesakes:  # a field names the same country many times, and people as often
            surname = stem(word)
            borne = any(body.surname == surname and body.entity.subtype == "unknown" for body in self.people.values())
            self._namesakes[key] = borne and not any(
                reading.entity is not None and reading.entity.country == country.country
                for other in passage.places
                if passage.words[other.start] != word
                for reading in other.readings
            )
        return self._namesakes[key]

    def place(self, passage: Passage, hit: Hit, reading: Reading, role: str, why: str) -> None:
        """A country mention; cities and nationalities stand for their country."""
        entity = reading.entity
        assert entity is not None
        if entity.type == "city":
            home = self.gazetteer.countries.get(entity.country)
            if home is None:
                return
            entity = home
        self.claim(passage, Claim(entity, hit.start, hit.end, reading.skip, role, reading.row, why))

    # --- the whole article ----------------------------------------------------------------------
    def finish(self, passages: list[Passage], grammar: Grammar) -> list[list[Claim]]:
        """All mentions of every field in reading order."""
        from newsfeed.actors.later import attach

        attach(self, passages, grammar)
        if passages and passages[0].language == "ru":
            self._nominatives()
        out = []
        for passage in passages:
            found = self.claims.get(passage.name, [])
            out.append(sorted(found, key=lambda claim: (claim.start, claim.end, claim.entity.id)))
        return out

    def _nominatives(self) -> None:
        """ "Северу" beside "Север": a Russian name of one word in another case is the shorter one of the same article."""
        one = {
            claim.entity.name: claim.entity
            for claims in self.claims.values()
            for claim in claims
            if claim.rule == FORM and " " not in claim.entity.name
        }
        for claims in self.claims.values():
            for claim in claims:
                name = claim.entity.name
                short = next((one[name[:-cut]] for cut in (1, 2) if len(name) - cut > 3 and name[:-cut] in one), None)
                if short is not None and claim.rule == FORM:
                    claim.entity = short


def somebody_of(entity: Entity, surname: str) -> Somebody:
    """A person as the article's first mention shows them."""
    return Somebody(entity, stem(surname), _offices_of(entity))


def _offices_of(entity: Entity) -> set[tuple[str, str]]:
    out = set()
    for part in entity.role.split(";"):
        text, _, country = part.partition(",")
        if "former" in text or "until" in part:
            continue
        for word, portfolio in _OFFICES:
            if word in text.lower():
                out.add((portfolio, country.strip()[:2] or entity.country))
                break
    return out
