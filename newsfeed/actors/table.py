"""The rows of actor tables, ours or a desk's, read strictly: a bad file is refused with the file, row and column that is wrong."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from newsfeed import data
from newsfeed.actors.entry import LANGUAGES
from newsfeed.text import fold_text

MAX_BYTES = 64 * 1024 * 1024
MAX_CELL = 4000
MOST_WORDS = 40  # of one name; a step of the automaton looks no further
TYPES = frozenset({"country", "region", "organisation", "group", "person", "city"})
REQUIRED = ("id", "type")
OPTIONAL = (
    "subtype", "country", "code", *(f"name_{x}" for x in LANGUAGES), *(f"alias_{x}" for x in LANGUAGES), "role", "from", "to", "source",
)  # fmt: skip
_ID = re.compile(r"(?:wd:Q[1-9][0-9]{0,14}|nf:[a-z0-9][a-z0-9._-]{0,119})\Z")
_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?\Z")
_CODE = re.compile(r"[A-Z0-9]{2,24}\Z")
_COUNTRY = re.compile(r"[A-Z]{2}\Z")


class ActorDataError(ValueError):
    """A file of names cannot be used; the message says file, row, column and what is wrong."""

    def __init__(self, file: str, row: int | None, column: str | None, reason: str) -> None:
        place = file + (f", row {row}" if row is not None else "") + (f", column {column!r}" if column else "")
        super().__init__(f"{place}: {reason}")
        self.file, self.row, self.column, self.reason = file, row, column, reason


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column, and where it stands (``file:line``)."""

    cells: dict[str, str]
    place: str

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def own(name: str) -> list[Row]:
    """The rows of a table of the package (``actors/<name>``), each with its place."""
    return [Row(cells, f"{name}:{number}") for number, cells in data.numbered(f"actors/{name}")]


def _clean(text: str) -> bool:
    return not any(unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn") for char in text)


def read(path: Path) -> list[Row]:
    """The rows of a desk's own file of names: UTF-8, tab separated, columns of the package's tables (``id`` and ``type`` required).

    Raises:
        ActorDataError: the file cannot be read, is too large, or a cell is not what its column holds.
    """
    name = path.name
    try:
        if not path.is_file():
            raise ActorDataError(name, None, None, "is not a regular file")
        if path.stat().st_size > MAX_BYTES:
            raise ActorDataError(name, None, None, f"is larger than {MAX_BYTES} bytes")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ActorDataError(name, None, None, f"cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise ActorDataError(name, None, None, f"is not UTF-8 (byte {error.start})") from None
    header: list[str] | None = None
    out: list[Row] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if header is None:
            header = _header(name, number, cells)
            continue
        if len(cells) != len(header):
            raise ActorDataError(name, number, None, f"{len(cells)} cells where the header has {len(header)}")
        row = dict(zip(header, cells, strict=True))
        _check(name, number, row)
        out.append(Row(row, f"{name}:{number}"))
    if header is None:
        raise ActorDataError(name, None, None, "has no header row")
    return out


def _header(name: str, number: int, cells: list[str]) -> list[str]:
    for cell in cells:
        if cell not in REQUIRED and cell not in OPTIONAL:
            raise ActorDataError(name, number, cell[:60], "is no column of an actor table")
        if cells.count(cell) > 1:
            raise ActorDataError(name, number, cell, "stands twice in the header")
    for column in REQUIRED:
        if column not in cells:
            raise ActorDataError(name, number, column, "is missing from the header")
    return cells


def _check(name: str, number: int, row: dict[str, str]) -> None:
    for column, cell in row.items():
        if len(cell) > MAX_CELL:
            raise ActorDataError(name, number, column, f"is longer than {MAX_CELL} characters")
        if not _clean(cell):
            raise ActorDataError(name, number, column, "holds a control character or an unassigned one")
    tests = (("id", _ID, "must be wd:Q… or nf:… (lower case, no spaces)"), ("country", _COUNTRY, "must be two capital letters (ISO 3166-1 alpha-2)"),
             ("code", _CODE, "must be capitals and digits"), ("from", _DATE, "must be YYYY, YYYY-MM or YYYY-MM-DD"), ("to", _DATE, "must be YYYY, YYYY-MM or YYYY-MM-DD"))  # fmt: skip
    for column, pattern, reason in tests:
        cell = row.get(column, "")
        if (cell or column == "id") and not pattern.match(cell):
            raise ActorDataError(name, number, column, f"{cell[:60]!r}: {reason}")
    first, last = row.get("from", ""), row.get("to", "")
    if first and last and last < first[: len(last)]:
        raise ActorDataError(name, number, "to", f"{last!r} lies before {first!r}")
    if row["type"] not in TYPES:
        raise ActorDataError(name, number, "type", f"{row['type'][:60]!r} is none of {', '.join(sorted(TYPES))}")
    names = [row.get(f"{part}_{language}", "") for part in ("name", "alias") for language in LANGUAGES]
    if not any(names):
        raise ActorDataError(name, number, None, "has no name in any language")
    for column in (f"{part}_{language}" for part in ("name", "alias") for language in LANGUAGES):
        for alias in row.get(column, "").split("|"):
            if alias and not any(char.isalnum() for char in alias):
                raise ActorDataError(name, number, column, f"{alias[:60]!r} has no letter")
            if alias and sum(char.isalnum() for char in alias) < 2:
                raise ActorDataError(name, number, column, f"{alias!r} is a single letter")
            if len(alias) > MOST_WORDS and len(fold_text(alias).split()) > MOST_WORDS:
                raise ActorDataError(name, number, column, f"{alias[:60]!r}… has more than {MOST_WORDS} words")
