"""One term of a rule: a word, a phrase, or two words near each other.

Grammar, on folded text::

    word        any form of it (by stem)      =word     this form only
    word*       begins with                   *word     ends with           *word*   contains
    #           any number of up to three digits
    two words   next to each other, in order  a ~5 b    within 5 words of each other, in any order
    term^3      this term's own weight instead of the row's
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from newsfeed.text import fold_text

Kind = Literal["stem", "exact", "prefix", "suffix", "inside", "number"]
_WEIGHT = re.compile(r"\^(-?\d+(?:\.\d+)?)$")
_NEAR = re.compile(r"(?<!\s)\s+~(\d+)\s+")
NUMBER = "#"
FARTHEST = 20  # words between the two of a ``~``
SHORTEST = 2  # letters of a prefix, suffix or inner part


class Part(Struct, frozen=True, order=True, gc=False):
    """One word of a pattern: how it is compared, and its folded text."""

    kind: Kind
    text: str


class Pattern(Struct, frozen=True, gc=False):
    """Attributes: parts in order; near: None for words in a row, else the most words between two parts; weight; written: the term as written."""

    parts: tuple[Part, ...]
    near: int | None
    weight: float | None
    written: str


def parse_pattern(written: str) -> Pattern:
    """Read one term.

    Raises:
        ValueError: it has no letters, a part is too short, or ``~`` stands wrongly; the message says which.
    """
    text, weight = written.strip(), None
    if match := _WEIGHT.search(text):
        text, weight = text[: match.start()].strip(), float(match[1])
    pieces = _NEAR.split(text)
    if len(pieces) == 1:
        if "~" in text:
            raise ValueError(
                f"~ in {written!r} wants a number of words and a word on each side, as in: talks ~5 sanctions"
            )
        return Pattern(_parts(text, written), None, weight, written.strip())
    if len(pieces) != 3:
        raise ValueError(f"more than one ~ in {written!r}")
    first, distance, second = pieces
    if not 1 <= int(distance) <= FARTHEST:
        raise ValueError(f"~ in {written!r} must be from 1 to {FARTHEST} words")
    parts = _parts(first, written) + _parts(second, written)
    if len(parts) != 2:
        raise ValueError(f"one word on each side of ~ in {written!r}")
    return Pattern(parts, int(distance), weight, written.strip())


def _parts(text: str, written: str) -> tuple[Part, ...]:
    out: list[Part] = []
    for token in text.split():
        if token == NUMBER:
            out.append(Part("number", NUMBER))
            continue
        core = token.strip("*=")
        if "*" in token and not (core[:1].isalnum() and core[-1:].isalnum()):
            raise ValueError(f"{token!r}: * stands beside a letter, for it-firma is read as two words: write =it")
        words = fold_text(core).split(" ")
        if not words[0]:  # "&" between two words: nothing in folded text either
            continue
        kind: Kind = "stem"
        if token.startswith("="):
            kind = "exact"
        elif "*" in token:
            kind = "inside" if token[0] == "*" and token[-1] == "*" else "suffix" if token[0] == "*" else "prefix"
            if len(words) > 1 and kind == "prefix":  # "e-zigarette*": the * is for the last word
                out += [Part("exact", word) for word in words[:-1]]
                words = words[-1:]
            if len(words) > 1 or len(words[0]) < SHORTEST:
                raise ValueError(f"{token!r}: one word of at least {SHORTEST} letters beside *")
        out += [Part(kind, word) for word in words]
    if not out:
        raise ValueError(f"no letter or digit in {written!r}")
    return tuple(out)
