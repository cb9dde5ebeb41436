"""The folded spellings under which one word of a query is looked for: ``Müller`` and ``Mueller`` find each other.

Articles are folded one way only, so what is written in two ways is spread on the side of the query.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from newsfeed import data
from newsfeed.text import fold_text

LEAST_NAME, LEAST_WORD = 5, 7  # letters of a capitalised and of any other word whose two letters may stand for one
_BETWEEN = "[bcdfghjklmnprstvwxzß]"  # no q: ue in Quebec is two letters


@cache
def _letters() -> dict[str, str]:
    return {row["letter"]: row["written"] for row in data.rows("subscriptions/spellings.tsv")}


@cache
def _back() -> tuple[tuple[re.Pattern[str], str], ...]:
    """(two letters between consonants, the one they may stand for)."""
    behind = {"always": "", "not before a last l": r"(?!l\Z)"}
    rows = [row for row in data.rows("subscriptions/spellings.tsv") if row["back"] in behind]
    return tuple(
        (re.compile(f"(?<={_BETWEEN}){row['written']}{behind[row['back']]}(?={_BETWEEN})"), row["letter"])
        for row in rows
    )


@lru_cache(maxsize=65_536)
def spellings(word: str) -> tuple[str, ...]:
    """The folded spellings of one written word: its marks folded away, with ä ö ü as two letters, and with two letters as ä ö ü."""
    composed = unicodedata.normalize("NFC", word).lower()
    written = "".join(_letters().get(char, char) for char in composed)
    found = [fold_text(word), fold_text(written)]
    if len(composed) >= (LEAST_NAME if word[:1].isupper() else LEAST_WORD):
        short = composed
        for pattern, letter in _back():
            short = pattern.sub(letter, short)
        found.append(fold_text(short))
    return tuple(dict.fromkeys(found))
