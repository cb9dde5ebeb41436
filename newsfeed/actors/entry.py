"""What the gazetteer knows about a form: who it can be, in which languages, how it must be written, and from which row it comes."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct

LANGUAGES = ("en", "ar", "ru", "fr", "es", "de")


@dataclass(frozen=True, slots=True)
class Entity:
    """One actor of the tables (or composed of a portfolio and a country).

    Attributes:
        id: ``wd:Q…`` or ``nf:…``. type, subtype, name, country, code: as in the record ``Actor``.
        role: the offices of a person as the table says them.
        first, last: the first and last day it is valid (``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``), "" where open.
        row: ``file:line`` of the data.
    """

    id: str
    type: str
    subtype: str
    name: str
    country: str
    code: str
    role: str = ""
    first: str = ""
    last: str = ""
    row: str = ""


class Rule(Struct, frozen=True, gc=False):
    """A condition on an ambiguous form (``contexts.tsv``).

    Attributes:
        kind: what is asked for; the head of ``contexts.tsv`` lists the kinds.
        words: folded words the condition asks for.
        row: ``file:line`` of the data.
    """

    kind: str
    words: frozenset[str]
    row: str


class Reading(Struct, frozen=True, gc=False):
    """One meaning of a form.

    Attributes:
        kind: name | nationality | city | capital | seat | composed | body | office | tail | head_body | head_office | role | speech |
            given | surname | form | blocked.
        key: portfolio, role, class of organisation, language-free name of a given name … by kind.
        entity: the actor (names), or the country (nationalities, cities, seats).
        languages: where the form is at home.
        surface: any | capital (first letter) | exact (as ``written``) | middle (capital, not at a sentence's start).
        skip: folded characters before the name proper (Arabic clitics).
        rules: conditions of contexts.tsv, all must hold.
        row: ``file:line`` of the data.
    """

    kind: str
    key: str = ""
    entity: Entity | None = None
    languages: frozenset[str] = frozenset()
    surface: str = "any"
    written: str = ""
    skip: int = 0
    rules: tuple[Rule, ...] = ()
    row: str = ""


_HEADS = frozenset({"body", "office", "head_body", "head_office", "tail"})
_PLACES = frozenset({"name", "nationality", "seat", "capital", "city"})
FORM = "form of a name"  # the rule of a claim: a word that tells an organisation led to its name
LISTS = (
    "fixed",
    "head",
    "person",
    "group",
    "form",
    "place",
    "speech",
)  # what rules ask a field for, see ``Passage.put``
_NO_NAME = frozenset({"blocked", "speech", "body"})
STOPS = (
    _PLACES | _HEADS | {"composed", "speech", "form", "blocked", "role"}
)  # kinds that end a person's name, in every script


class Meanings:
    """The readings a form has in one language, and the first of every kind.

    Attributes:
        readings: all. kinds: kind -> first reading of it. spelled: one asks for a spelling. titled: all ask for a
            capital. ruled: one has rules.
        head: an institution may begin here. place: may be a country. person, group: a person's, an organisation's name.
        form: a word that tells an organisation. speech: a verb or noun of speech or meeting.
        prefixed: Arabic small words stand before the name proper. fixed: blocked, or the proper name of a composed institution. given: can be a given name.
        parts: it parts the words of a name (unless a given name stands before it). lists: which of ``LISTS`` hold it.
    """

    __slots__ = (
        "fixed",
        "form",
        "given",
        "group",
        "head",
        "kinds",
        "lists",
        "parts",
        "person",
        "place",
        "prefixed",
        "readings",
        "ruled",
        "speech",
        "spelled",
        "titled",
    )

    def __init__(self, readings: tuple[Reading, ...]) -> None:
        self.readings = readings
        self.kinds: dict[str, Reading] = {}
        for reading in readings:
            self.kinds.setdefault(reading.kind, reading)
        self.prefixed = bool(readings) and readings[0].skip > 0
        self.spelled = any(reading.surface != "any" for reading in readings)
        self.titled = all(reading.surface == "capital" for reading in readings)
        self.ruled = any(reading.rules for reading in readings)
        self.head = not _HEADS.isdisjoint(self.kinds)
        self.place = not _PLACES.isdisjoint(self.kinds)
        self.form = "form" in self.kinds
        self.fixed = "blocked" in self.kinds or "composed" in self.kinds
        self.given = "given" in self.kinds
        self.parts = not STOPS.isdisjoint(self.kinds) and not (self.given and _NO_NAME.isdisjoint(self.kinds))
        self.speech = self.kinds.get("speech")
        named = [reading for reading in readings if reading.kind == "name" and reading.entity is not None]
        self.person = tuple(
            reading for reading in named if reading.entity is not None and reading.entity.type == "person"
        )
        self.group = next(
            (r for r in named if r.entity is not None and r.entity.type in ("organisation", "group")), None
        )
        self.lists = tuple(number for number, name in enumerate(LISTS) if getattr(self, name))


class Hit(Struct):
    """A form found in a field, with the readings its spelling and language allow; joined: an Arabic "and" stands before it."""

    start: int
    end: int
    meanings: Meanings
    joined: bool = False

    @property
    def readings(self) -> tuple[Reading, ...]:
        """All readings."""
        return self.meanings.readings

    @property
    def leads(self) -> bool:
        """Whether it is a common noun that leads to an organisation's name: "the chipmaker"."""
        return any(reading.key.endswith(".lead") for reading in self.readings)

    def of(self, *kinds: str) -> Reading | None:
        """The first reading of the first of these kinds that the form has."""
        found = self.meanings.kinds
        for kind in kinds:
            if kind in found:
                return found[kind]
        return None


class Claim(Struct):
    """A mention that was decided: words [start, end) of a field stand for an entity."""

    entity: Entity
    start: int
    end: int
    skip: int
    role: str
    row: str
    rule: str
    person_role: str = ""
    organisation: str = ""
