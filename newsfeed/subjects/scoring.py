"""The figures of ``data/subjects/scoring.tsv``; the file says what each means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from newsfeed.data import rows


@dataclass(frozen=True, slots=True)
class Scoring:
    """One attribute a row of the file."""

    title: float
    lead: float
    lead_words: int
    repeat: float
    usual_words: int
    length_power: float
    short_words: int
    other: float
    bias: float
    share: float
    distinct: float
    least: float
    least_beside: float
    least_not_news: float
    least_evidence: float
    least_share: float
    child_share: float
    child_evidence: float
    child_weight: float
    sibling_share: float
    side_evidence: float
    side_share: float
    side_patterns: int
    child_power: float
    decisive: float
    decisive_share: float
    most: int
    most_of_one: int
    spans: int
    not_news: float
    not_news_form: float


_WHOLE = {"lead_words", "usual_words", "short_words", "side_patterns", "most", "most_of_one", "spans"}


@cache
def scoring() -> Scoring:
    """The shipped figures."""
    return Scoring(
        **{
            row["name"]: int(row["value"]) if row["name"] in _WHOLE else float(row["value"])
            for row in rows("subjects/scoring.tsv")
        }  # type: ignore[arg-type]
    )


@cache
def balance() -> dict[tuple[str, str], float]:
    """(language, top term) -> factor of its evidence (``data/subjects/balance.tsv``); 1 for those not in the file."""
    return {(row["language"], row["id"]): float(row["factor"]) for row in rows("subjects/balance.tsv")}
