"""A desk's own rules: one TSV or YAML file, checked whole before it is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.subjects.errors import RuleError
from newsfeed.subjects.rules import COLUMNS, Cell, Rule, new_term, read_rule, read_table
from newsfeed.subjects.terms import Term, Terms

if TYPE_CHECKING:
    import yaml


def read_desk_file(path: Path, terms: Terms) -> tuple[list[Rule], list[Term]]:
    """The rules of a file and the topics it makes anew. ``.yaml`` and ``.yml`` are YAML, all else is TSV.

    YAML is a list of rules, each a mapping with the column names of the TSV file as keys; lists stand for commas::

        - topics: nf:hydrogen
          name: hydrogen economy
          broader: renewable_energy
          language: en
          weight: 3
          terms: [green hydrogen, electrolyser*]

    Raises:
        RuleError: it cannot be read or a rule in it cannot be used; with line, column and reason.
    """
    file = str(path)
    try:
        content = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RuleError(f"cannot be read: {error.strerror}", file=file) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise RuleError("not UTF-8", file=file, line=line) from None
    if path.suffix.lower() in (".yaml", ".yml"):
        return _read_yaml(content, file, terms)
    return read_table(content, file, terms)


def _read_yaml(content: str, file: str, terms: Terms) -> tuple[list[Rule], list[Term]]:
    import yaml

    try:
        root = yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise RuleError(f"not YAML: {error.problem}", file=file, line=place[0], column=place[1]) from None
    except yaml.YAMLError as error:
        raise RuleError(f"not YAML: {str(error).splitlines()[0]}", file=file) from None
    except RecursionError:
        raise RuleError("brackets within brackets, too many of them", file=file) from None
    if root is None:
        raise RuleError("no rules", file=file)
    if not isinstance(root, yaml.SequenceNode):
        raise _at(root, "a list of rules is wanted", file)
    rules: list[Rule] = []
    new: list[Term] = []
    for node in root.value:
        row = _row(node, file)
        line = node.start_mark.line + 1
        if term := new_term(row, file, line, terms):
            new.append(term)
            terms = terms.extended([term])
        rules.append(read_rule(row, file, line, terms))
    return rules, new


def _row(node: yaml.Node, file: str) -> dict[str, Cell]:
    """The cells of one YAML mapping, each with its own line and column."""
    import yaml

    if not isinstance(node, yaml.MappingNode):
        raise _at(node, "a rule is a mapping, as in: {topics: diplomacy, terms: [peace envoy]}", file)
    row: dict[str, Cell] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value not in COLUMNS:
            raise _at(key, f"unknown key {key.value!r}; known: {', '.join(COLUMNS)}", file)
        items = value.value if isinstance(value, yaml.SequenceNode) else [value]
        for item in items:
            if not isinstance(item, yaml.ScalarNode):
                raise _at(item, f"{key.value}: text, or a list of text, is wanted", file)
        cells = tuple(Cell(item.value.strip(), item.start_mark.column + 1, item.start_mark.line + 1) for item in items)
        mark = value.start_mark
        parts = cells if isinstance(value, yaml.SequenceNode) else ()
        row[key.value] = Cell(", ".join(cell.value for cell in cells), mark.column + 1, mark.line + 1, parts)
    for name in ("topics", "terms"):
        if name not in row and not (name == "terms" and "actors" in row):
            raise _at(node, f"no {name}", file)
    return row


def _at(node: yaml.Node, reason: str, file: str) -> RuleError:
    return RuleError(reason, file=file, line=node.start_mark.line + 1, column=node.start_mark.column + 1)
