"""How the values of clauses are written: in Lucene syntax, so that what is told of a clause can be asked again."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r'(["\\])')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PLAIN = re.compile(r"\A[\w.:*-]+\Z")


def escaped(text: str) -> str:
    """Text whose quotation marks and backslashes are those of the text."""
    return _SPECIAL.sub(r"\\\1", text)


def unescaped(text: str) -> str:
    """Text without the backslashes before its characters."""
    return _ESCAPED.sub(r"\1", text)


def in_quotes(text: str) -> str:
    """A phrase."""
    return f'"{escaped(text)}"'


def tag(text: str) -> str:
    """The value of a tag, in quotation marks where it would not be one word without."""
    return text if _PLAIN.match(text) else in_quotes(text)


def content(written: str) -> tuple[str, bool]:
    """What was written, and whether in quotation marks: the way back from the others."""
    if written.startswith('"'):
        return unescaped(written[1 : written.rindex('"')]), True
    return unescaped(written), False
