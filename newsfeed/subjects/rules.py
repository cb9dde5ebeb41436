"""Rules: which patterns speak for which topic, with what weight, and what must not stand beside them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from newsfeed.data import text as data_text
from newsfeed.subjects.conditions import check
from newsfeed.subjects.errors import RuleError
from newsfeed.subjects.forms import FORM, forms
from newsfeed.subjects.pattern import Pattern, parse_pattern
from newsfeed.subjects.stems import LANGUAGES
from newsfeed.subjects.terms import Term, Terms, shipped_terms

NOTHING = "-"  # a rule that only takes its words away from others: "trade war" said of shirts
NOT_NEWS = "not:"  # a rule for what is not news, as in not:horoscope
NOT_NEWS_KINDS = ("horoscope", "listing", "recipe", "programme", "advertisement", "classified")
HEAVIEST = 20.0
_NEW_ID = re.compile(r"nf:[a-z0-9][a-z0-9._-]{0,119}")  # what a query can ask for


@dataclass(frozen=True, slots=True)
class Rule:
    """One row.

    Attributes:
        topics: ids of the topics it speaks for, ``not:…`` for what is not news, ``form:…`` for how it speaks, empty for a rule that only takes words away.
        weight: of each pattern that has none of its own; negative speaks against.
        patterns: any of them counts. unless: any of them in the article silences the rule.
        actors: conditions on the article's actors, all of which hold (see ``conditions``); with no patterns, their mentions are the evidence.
        where: "title" for a rule that only counts there. languages: which texts it is for.
        file, line: where it stands. source: where it is from.
    """

    topics: tuple[str, ...]
    weight: float
    patterns: tuple[Pattern, ...]
    unless: tuple[Pattern, ...] = ()
    actors: tuple[str, ...] = ()
    where: str = ""
    languages: tuple[str, ...] = LANGUAGES
    file: str = ""
    line: int = 0
    source: str = "own"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row and where it stands in the file, for messages; parts: those of a YAML list."""

    value: str
    column: int
    line: int
    parts: tuple[Cell, ...] = ()


def read_table(content: str, file: str, terms: Terms, *, language: str | None = None) -> tuple[list[Rule], list[Term]]:
    """Read a TSV file of rules: header row, ``#`` comments, columns in any order.

    Columns: ``topics`` (ids or keys, comma between), ``terms`` (comma between); optional ``weight`` (default 2), ``unless``,
    ``actors``, ``where`` (``title``), ``language`` (default: all, or the one given), ``source``, and ``name`` with ``broader`` for a new ``nf:`` topic.

    Raises:
        RuleError: with line, column and reason.
    """
    rules: list[Rule] = []
    new: list[Term] = []
    header: list[str] = []
    for number, line in enumerate(content.replace("\r\n", "\n").split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells, column = [], 1
        for value in line.split("\t"):
            cells.append(Cell(value, column, number))
            column += len(value) + 1
        if not header:
            header = [cell.value.strip() for cell in cells]
            _check_header(header, cells, file, number)
            continue
        if len(cells) > len(header):
            raise RuleError(
                f"{len(cells)} cells where the header has {len(header)}",
                file=file,
                line=number,
                column=cells[len(header)].column,
            )
        row = dict(zip(header, cells, strict=False))
        if term := new_term(row, file, number, terms):
            new.append(term)
            terms = terms.extended([term])
        rules.append(read_rule(row, file, number, terms, language=language))
    if not header:
        raise RuleError("no header row", file=file)
    return rules, new


COLUMNS = ("topics", "terms", "weight", "unless", "actors", "where", "language", "source", "name", "broader")


def _check_header(header: list[str], cells: list[Cell], file: str, line: int) -> None:
    for name, cell in zip(header, cells, strict=True):
        if name not in COLUMNS:
            raise RuleError(
                f"unknown column {name!r}; known: {', '.join(COLUMNS)}", file=file, line=line, column=cell.column
            )
    for name in ("topics", "terms"):
        if name not in header:
            raise RuleError(f"no column {name!r}", file=file, line=line)


def new_term(row: dict[str, Cell], file: str, line: int, terms: Terms) -> Term | None:
    """The topic a row makes anew (it has a name), or None."""
    name = row.get("name")
    if name is None or not name.value.strip():
        return None
    code = row.get("topics", Cell("", 1, line))
    if not _NEW_ID.fullmatch(code.value.strip()):
        raise RuleError(
            "a new topic has one id of the form nf:name, of lower-case letters, digits, '.', '_' and '-'",
            file=file,
            line=code.line,
            column=code.column,
        )
    broader = row.get("broader", Cell("", 1, line))
    path: tuple[str, ...] = ()
    if broader.value.strip():
        above = terms.find(broader.value.strip())
        if above is None:
            raise RuleError(
                f"unknown broader topic {broader.value.strip()!r}", file=file, line=broader.line, column=broader.column
            )
        path = (*above.path, above.id)
    return Term(id=code.value.strip(), key=code.value.strip(), path=path, name=name.value.strip())


def read_rule(row: dict[str, Cell], file: str, line: int, terms: Terms, *, language: str | None = None) -> Rule:
    """One row to one rule.

    Raises:
        RuleError: with line, column and reason.
    """

    def cell(name: str) -> Cell:
        return row.get(name, Cell("", 1, line))

    def refuse(reason: str, at: Cell) -> RuleError:
        return RuleError(reason, file=file, line=at.line, column=at.column)

    topics: list[str] = []
    for name in _split(cell("topics")):
        if name.value == NOTHING:
            continue
        if name.value.startswith(NOT_NEWS):
            if name.value[len(NOT_NEWS) :] not in NOT_NEWS_KINDS:
                raise refuse(f"unknown kind {name.value!r}; known: {', '.join(NOT_NEWS_KINDS)}", name)
            topics.append(name.value)
            continue
        if name.value.startswith(FORM):
            if name.value[len(FORM) :] not in forms():
                raise refuse(f"unknown form {name.value!r}; known: {', '.join(forms())}", name)
            topics.append(name.value)
            continue
        term = terms.find(name.value)
        if term is None:
            raise refuse(f"unknown topic {name.value!r}", name)
        topics.append(term.id)
    if not cell("topics").value.strip():
        raise refuse("no topic", cell("topics"))
    weight = 2.0
    if cell("weight").value.strip():
        try:
            weight = float(cell("weight").value)
        except ValueError:
            raise refuse(f"weight {cell('weight').value!r} is not a number", cell("weight")) from None
        if not -HEAVIEST <= weight <= HEAVIEST:
            raise refuse(f"weight must be from {-HEAVIEST:g} to {HEAVIEST:g}", cell("weight"))
    patterns, unless = (_patterns(cell(name), refuse) for name in ("terms", "unless"))
    actors = tuple(part.value for part in _split(cell("actors")))
    if not patterns and not actors:
        raise refuse("no terms", cell("terms"))
    for part in _split(cell("actors")):
        try:
            check(part.value)
        except ValueError as error:
            raise refuse(str(error), part) from None
    named = [part.value for part in _split(cell("language"))] or [language or "*"]
    for name_of in named:
        if name_of != "*" and name_of not in LANGUAGES:
            raise refuse(f"unknown language {name_of!r}; known: {', '.join(LANGUAGES)}, *", cell("language"))
    where = cell("where").value.strip()
    if where not in ("", "title"):
        raise refuse(f"unknown place {where!r}; known: title", cell("where"))
    return Rule(
        topics=tuple(topics),
        weight=weight,
        patterns=patterns,
        unless=unless,
        actors=actors,
        where=where,
        languages=LANGUAGES if "*" in named else tuple(named),
        file=file,
        line=line,
        source=cell("source").value.strip() or "own",
    )


def _split(cell: Cell) -> list[Cell]:
    """The parts between commas, each with its own column."""
    if cell.parts:
        return list(cell.parts)
    out, column = [], cell.column
    for part in cell.value.split(","):
        if part.strip():
            out.append(Cell(part.strip(), column + len(part) - len(part.lstrip()), cell.line))
        column += len(part) + 1
    return out


def _patterns(cell: Cell, refuse: Callable[[str, Cell], RuleError]) -> tuple[Pattern, ...]:
    out = []
    for part in _split(cell):
        try:
            out.append(parse_pattern(part.value))
        except ValueError as error:
            raise refuse(str(error), part) from None
    return tuple(out)


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """The rules of the package data: one file a language, and the weights learned from openly licensed text."""
    out: list[Rule] = []
    for language in LANGUAGES:
        name = f"patterns/{language}.tsv"
        out += read_table(data_text(f"subjects/{name}"), name, shipped_terms(), language=language)[0]
    for name in ("patterns/actors.tsv", "patterns/not_news.tsv", "patterns/forms.tsv"):
        out += read_table(data_text(f"subjects/{name}"), name, shipped_terms())[0]
    out += read_table(data_text("subjects/weights/ar.tsv"), "weights/ar.tsv", shipped_terms(), language="ar")[0]
    return tuple(out)
