"""Where something stands: in the log (Position) and in a text (Span)."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Field = Literal["title", "body"]


class Position(Struct, frozen=True, kw_only=True, order=True):
    """A record's place in the log. In-process runs use (file name or ``-``, 0, line number from 0)."""

    topic: str
    partition: int
    offset: int


class Span(Struct, frozen=True, kw_only=True):
    """A slice of a record's own title or body: ``text == record[field][start:end]``, in code points."""

    field: Field
    start: int
    end: int
    text: str
