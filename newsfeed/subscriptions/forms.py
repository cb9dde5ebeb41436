"""The forms under which one folded word of an article can be asked for: itself and, in Arabic, without what is written onto it."""

from __future__ import annotations

from functools import cache, lru_cache

from newsfeed import data


@cache
def _clitics() -> tuple[tuple[str, int], ...]:
    return tuple((row["letters"], int(row["least"])) for row in data.rows("subscriptions/clitics.tsv"))


def is_arabic(word: str) -> bool:
    return "ء" <= word[:1] <= "ي"


@lru_cache(maxsize=65_536)
def bare_forms(word: str) -> tuple[str, ...]:
    """The word without conjunction, preposition or article, one after the other; empty where nothing is written onto it."""
    if not is_arabic(word) or len(word) > 30:
        return ()
    found: dict[str, None] = {}
    for letters, least in _clitics():
        if word.startswith(letters) and len(word) - len(letters) >= least:
            found[word[len(letters) :]] = None
            if len(letters) == 1 and word[1:].startswith("ال") and len(word) >= 6:
                found[word[3:]] = None
    return tuple(found)
