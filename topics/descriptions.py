"""Descriptions for JSON Schemas out of the records' docstrings: the text of the record, and of each field under ``Attributes:``."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import Any

ATTRIBUTES = "\nAttributes:\n"
# Where an entry begins, or a second one on the same line: "of, of_version: …", "method: …; score: …", "country: …. code: …".
ENTRY = re.compile(r"(?:^|(?<=[;.] ))([a-z_]+(?:, [a-z_]+)*): ")


def split(docstring: str) -> tuple[str, dict[str, str]]:
    """The text of a docstring, and its entries by field name."""
    text, _, attributes = cleandoc(docstring).replace("``", "`").partition(ATTRIBUTES)
    entries: list[str] = []
    for line in attributes.splitlines():
        if line.startswith("     "):  # deeper than an entry: it goes on
            entries[-1:] = [" ".join([*entries[-1:], line.strip()])]
        elif line.strip():
            entries.append(line.strip())
    found: dict[str, str] = {}
    for entry in entries:
        starts = list(ENTRY.finditer(entry))
        for start, following in zip(starts, [*starts[1:], None], strict=True):
            said = entry[start.end() : following.start() if following else None].strip().removesuffix(";")
            found |= dict.fromkeys(start[1].split(", "), said)
    return " ".join(text.split()), found


def described(definition: dict[str, Any]) -> dict[str, Any]:
    """A definition of a schema, its docstring divided among the record and its fields."""
    text, fields = split(definition.get("description", ""))
    properties = {
        name: value | ({"description": fields[name]} if name in fields else {})
        for name, value in definition.get("properties", {}).items()
    }
    out = definition | ({"description": text} if text else {})
    return out | ({"properties": properties} if properties else {})
