"""Languages as data: codes, names, scripts; a declared language reduced to ISO 639-1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from newsfeed import data
from newsfeed.text import fold_text

_PARTS = re.compile(r"[-_ ,;/(]")
_LONGEST = 60  # code points of a declared language


@dataclass(frozen=True)
class Language:
    """An ISO 639-1 language: ISO 15924 codes of its scripts, and whether the detector may answer it."""

    code: str
    scripts: frozenset[str]
    detected: bool


@cache
def languages() -> dict[str, Language]:
    """All languages of ISO 639-1 by their code."""
    return {
        row["code"]: Language(row["code"], frozenset(row["scripts"].split("|")), row["detected"] == "yes")
        for row in data.rows("articles/languages.tsv")
    }


@cache
def _meant() -> tuple[dict[str, str], dict[str, str]]:
    """Codes and folded names to ISO 639-1."""
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    for row in data.rows("articles/languages.tsv"):
        codes.update(dict.fromkeys((row["code"], *row["codes"].split("|")), row["code"]))
        names.update(dict.fromkeys(map(fold_text, row["names"].split("|")), row["code"]))
    return codes, names


def code_of(declared: str) -> str | None:
    """ISO 639-1 of a code, a BCP 47 tag (``ar-EG``), or a name in English or the language itself; None for none of them."""
    text = declared.strip()
    if not text or len(text) > _LONGEST:
        return None
    codes, names = _meant()
    if found := names.get(fold_text(text)):
        return found
    first = _PARTS.split(text, maxsplit=1)[0]
    return codes.get(first.lower()) or names.get(fold_text(first))
