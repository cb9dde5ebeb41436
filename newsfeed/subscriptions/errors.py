"""What is wrong with a query, where, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class QueryError(ValueError):
    """A query cannot be used.

    Attributes:
        reason: what is wrong, one sentence without a full stop.
        column: where, counted from 1 in characters of the query as written.
        suggestion: what to write instead, or None.
    """

    def __init__(self, reason: str, column: int = 1, suggestion: str | None = None) -> None:
        super().__init__(f"column {column}: {reason}" + (f" ({suggestion})" if suggestion else ""))
        self.reason, self.column, self.suggestion = reason, column, suggestion


def shown(text: str, limit: int = 40) -> str:
    """A piece of the user's own text for a message: quoted, printable, never long."""
    piece = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:limit])
    return f"'{piece}{'…' if len(text) > limit else ''}'"


def nearest(name: str, names: Iterable[str]) -> str | None:
    """``did you mean …`` for the name that is spelled most like it, or None."""
    found = get_close_matches(name[:60].lower(), sorted(names), n=1, cutoff=0.55)
    return f"did you mean {found[0]}?" if found else None
