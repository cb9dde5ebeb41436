"""What makes a text a copy: the figures of ``data/copies/thresholds.tsv``, one row a language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from newsfeed.data import rows


@dataclass(frozen=True, slots=True)
class Thresholds:
    """One row; the file's head says what each figure means."""

    matched: float
    shared: float
    own_news: float
    contained: float
    short_words: int
    short_jaccard: float
    evidence_words: int
    common_roots: int


@cache
def _table() -> dict[str, Thresholds]:
    return {row["language"]: _thresholds(row) for row in rows("copies/thresholds.tsv")}


def _thresholds(row: dict[str, str]) -> Thresholds:
    return Thresholds(
        matched=float(row["matched"]),
        shared=float(row["shared"]),
        own_news=float(row["own_news"]),
        contained=float(row["contained"]),
        short_words=int(row["short_words"]),
        short_jaccard=float(row["short_jaccard"]),
        evidence_words=int(row["evidence_words"]),
        common_roots=int(row["common_roots"]),
    )


def thresholds(language: str | None) -> Thresholds:
    """The row of a language, else the row ``*``."""
    table = _table()
    return table.get(language or "*", table["*"])
