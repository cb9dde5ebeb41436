"""Which language's rules an article is read with."""

from __future__ import annotations

from functools import cache

from newsfeed.data import rows
from newsfeed.subjects.stems import LANGUAGES
from newsfeed.text import Document

_LOOKED_AT = 300  # words


@cache
def _function_words() -> dict[str, frozenset[str]]:
    return {row["language"]: frozenset(row["words"].split()) for row in rows("subjects/function_words.tsv")}


def lexicon_language(document: Document) -> str | None:
    """The article's own language where we have rules for it; without one, by script and function words; None for any other."""
    if document.language:
        code = document.language.lower().replace("_", "-").partition("-")[0]
        return code if code in LANGUAGES else None
    words = (document.folded_title.words + document.folded_body.words)[:_LOOKED_AT]
    counts = {language: sum(word in known for word in words) for language, known in _function_words().items()}
    best = max(counts, key=lambda language: (counts[language], language), default=None)
    return best if best and counts[best] else None
