"""The forms under which one folded word of an article can be asked for: itself and, in Arabic, without what is written onto it."""

from __future__ import annotations

from functools import cache, lru_cache

from newsfeed import data

LONGEST = 30  # letters; a longer one is no word, and is not kept


@cache
def _clitics() -> tuple[tuple[str, int], ...]:
    return tuple((row["letters"], int(row["least"])) for row in data.rows("subscriptions/clitics.tsv"))


def is_arabic(word: str) -> bool:
    return "ء" <= word[:1] <= "ي"


def bare_forms(word: str) -> tuple[str, ...]:
    """The word without conjunction, preposition or article, one after the other; empty where nothing is written onto it."""
    return _bare_forms(word) if is_arabic(word) and len(word) <= LONGEST else ()


@lru_cache(maxsize=65_536)
def _bare_forms(word: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for letters, least in _clitics():
        if word.startswith(letters) and len(word) - len(letters) >= least:
            found[word[len(letters) :]] = None
            if len(letters) == 1 and word[1:].startswith("ال") and len(word) >= 6:
                found[word[3:]] = None
    return tuple(found)
