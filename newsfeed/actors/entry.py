"""What the gazetteer knows about a form: who it can be, in which languages, how it must be written, and from which row it comes."""

from __future__ import annotations

from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition on an ambiguous form (``contexts.tsv``).

    Attributes:
        kind: never | after | before | near | middle | exact | full.
        words: folded words the condition asks for.
        row: ``file:line`` of the data.
    """

    kind: str
    words: frozenset[str]
    row: str


@dataclass(frozen=True, slots=True)
class Reading:
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


@dataclass(slots=True)
class Hit:
    """A form found in a field, with the readings its spelling and language allow."""

    start: int
    end: int
    readings: tuple[Reading, ...]
    kinds: frozenset[str] = field(default=frozenset())
    joined: bool = False  # an Arabic "and" stands before it

    def of(self, *kinds: str) -> Reading | None:
        """The first reading of one of these kinds."""
        for reading in self.readings:
            if reading.kind in kinds:
                return reading
        return None


@dataclass(slots=True)
class Claim:
    """A mention that was decided: words [start, end) of a field stand for an entity."""

    entity: Entity
    start: int
    end: int
    skip: int
    role: str
    row: str
    rule: str
    subject: bool = False
    person_role: str = ""
    organisation: str = ""
    surname: str = ""
    source: tuple[int, int] | None = None
