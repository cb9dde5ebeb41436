"""Text of strangers made fit for a terminal: no control characters, right-to-left text kept to itself, cut to a width."""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_JOINERS = "\u200c\u200d"  # between letters of Persian and in emoji: they are spelling


def printable(text: str) -> str:
    """One line without anything that steers a terminal or turns the direction of what follows.

    Control, format, private, unassigned and surrogate characters go; every white space becomes one space.
    """
    kept = (
        " " if char.isspace() else char
        for char in text
        if char.isspace() or char in _JOINERS or unicodedata.category(char)[0] != "C"
    )
    return " ".join("".join(kept).split())


def cut(text: str, cells: int) -> str:
    """At most so many terminal cells of it, an ellipsis at the end where something was cut; never half a character."""
    if cell_len(text) <= cells:
        return text
    width, out = 0, []
    for char in text:
        width += cell_len(char)
        if width > cells - 1:
            break
        out.append(char)
    return "".join(out).rstrip() + "…" if cells > 0 else ""


def isolated(text: str) -> str:
    """Right-to-left text in a directional isolate (UAX #9), so that numbers and columns beside it stay in place."""
    if not any(unicodedata.bidirectional(char) in ("R", "AL") for char in text):
        return text
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"


def shown(text: str, cells: int) -> str:
    """All three: safe, cut and isolated."""
    return isolated(cut(printable(text), cells))
