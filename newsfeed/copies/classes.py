"""Words that are facts or turn a statement round, by class: the hashed words of ``data/copies/facts.tsv``."""

from __future__ import annotations

from functools import cache

from newsfeed.copies.fingerprint import word_hashes
from newsfeed.data import rows
from newsfeed.text import fold_text

Hashed = frozenset[int]


@cache
def words_of(name: str) -> Hashed:
    """The hashed words of a class, in all languages."""
    words = " ".join(row["words"] for row in rows("copies/facts.tsv") if row["class"] == name)
    return frozenset(word_hashes(fold_text(words)).tolist())


@cache
def same_thing() -> dict[int, Hashed]:
    """Of each hashed word that names a thing by one of several names: all of those."""
    out: dict[int, Hashed] = {}
    for row in rows("copies/facts.tsv"):
        if row["class"] == "same":
            names = frozenset(word_hashes(fold_text(row["words"])).tolist())
            out |= {name: out.get(name, names) | names for name in names}
    return out


@cache
def opposites() -> list[tuple[Hashed, Hashed]]:
    """What is said, and what turns it round."""
    names = dict.fromkeys(row["class"][:-1] for row in rows("copies/facts.tsv") if row["class"].endswith("+"))
    return [(words_of(name + "+"), words_of(name + "-")) for name in names]
