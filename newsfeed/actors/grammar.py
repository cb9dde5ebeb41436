"""The small words of each language that composition and name rules read (``grammar.tsv``)."""

from __future__ import annotations

from dataclasses import dataclass

from newsfeed.actors.entry import LANGUAGES
from newsfeed.actors.table import own
from newsfeed.text import fold_text


@dataclass(frozen=True, slots=True)
class Grammar:
    """Folded words of one language by what they do; the head of ``grammar.tsv`` says what each class is."""

    joins: frozenset[str]
    of: frozenset[str]
    article: frozenset[str]
    inside: frozenset[str]
    partner: frozenset[str]
    between: frozenset[str]
    particle: frozenset[str]
    deputy: frozenset[str]
    direction: frozenset[str]
    across: frozenset[str]
    weight: frozenset[str]
    common: frozenset[str]
    sure: frozenset[str]


def grammars() -> dict[str, Grammar]:
    """One grammar a language."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for row in own("grammar.tsv"):
        words = frozenset(word for form in row["words"].split("|") for word in [fold_text(form)] if word)
        key = (row["language"], row["class"])
        found[key] = found.get(key, frozenset()) | words
    names = (
        "and",
        "of",
        "article",
        "in",
        "with",
        "between",
        "particle",
        "deputy",
        "direction",
        "across",
        "weight",
        "common",
        "sure",
    )
    return {language: Grammar(*(found.get((language, name), frozenset()) for name in names)) for language in LANGUAGES}
