"""Mutated files of topic rules and of names: each is refused with file, place and reason, or read and compiled."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from newsfeed.actors import table
from newsfeed.subjects.desk import read_desk_file
from newsfeed.subjects.errors import RuleError
from newsfeed.subjects.lexicon import Lexicon
from newsfeed.subjects.stems import LANGUAGES
from newsfeed.subjects.terms import shipped_terms
from newsfeed.text import fold_text

ROWS: tuple[dict[str, str], ...] = (
    {"topics": "nf:hydrogen", "terms": "green hydrogen, electrolyser*, *wasserstoff*", "weight": "3", "unless": "water bomb",
     "where": "title", "language": "en, de", "name": "hydrogen economy", "broader": "renewable_energy"},
    {"topics": "earthquake", "terms": "زلزال, هزة ~5 أرضية, =quake^4", "weight": "-2.5", "language": "*"},
    {"topics": "diplomacy, not:recipe", "terms": "peace envoy, 10 # rules", "where": ""},
)  # fmt: skip
YAML = b"""# a desk's own
- topics: nf:hydrogen
  name: hydrogen economy
  broader: renewable_energy
  weight: 3
  terms: [green hydrogen, electrolyser*]
- {topics: [diplomacy, 'not:recipe'], terms: "peace envoy", where: title}
"""
NAMES = 12  # rows of the package's own table of organisations


def _file(value: bytes) -> bytes:
    """A table of one row where the input is a JSON object of text; else the input as it is."""
    try:
        found = json.loads(value)
        return ("\t".join(found) + "\n" + "\t".join(found.values())).encode()
    except (ValueError, AttributeError, TypeError):
        return value


class TopicRules:
    """Each input as a file, compiled for every language."""

    def __init__(self) -> None:
        self.originals = [*(json.dumps(row).encode() for row in ROWS), YAML]
        self._folder = tempfile.TemporaryDirectory()
        self._terms = shipped_terms()

    def answer(self, value: bytes) -> str:
        path = Path(self._folder.name) / ("desk.tsv" if value.startswith(b"{") else "desk.yaml")
        path.write_bytes(_file(value))
        try:
            rules, terms = read_desk_file(path, self._terms)
        except RuleError as error:
            if not str(error).startswith(str(path)):
                raise AssertionError(f"an error without its file: {error}") from None
            return "refused"
        for language in LANGUAGES:
            Lexicon(rules, language, self._terms.extended(terms)).words(["hydrogen", "هزة", "wasserstoff", "10"])
        return "read"

    def alone(self, value: bytes) -> None:
        self.answer(value)


class ActorFiles:
    """Each input as a file of names, every name folded."""

    def __init__(self) -> None:
        rows = [row.cells for row in table.own("organisations.tsv")[:NAMES]]
        known = table.REQUIRED + table.OPTIONAL
        self.originals = [json.dumps({name: row[name] for name in row if name in known}).encode() for row in rows]
        self._folder = tempfile.TemporaryDirectory()

    def answer(self, value: bytes) -> str:
        path = Path(self._folder.name) / "names.tsv"
        path.write_bytes(_file(value))
        try:
            rows = table.read(path)
        except table.ActorDataError as error:
            if not str(error).startswith(path.name):
                raise AssertionError(f"an error without its file: {error}") from None
            return "refused"
        for row in rows:
            for column, cell in row.cells.items():
                if "_" in column:
                    for name in cell.split("|"):
                        fold_text(name)
        return "read"

    def alone(self, value: bytes) -> None:
        self.answer(value)
