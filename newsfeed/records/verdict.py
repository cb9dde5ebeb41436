"""The verdict: what a raw message is — new, a copy, an update … — and the proof."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from newsfeed.records.position import Field, Position

Kind = Literal["original", "duplicate", "update", "correction", "withdrawal", "embargo"]
Method = Literal["same_message", "same_url", "identical_text", "near_copy", "partial_copy", "declared", "none"]
PUBLISHED_KINDS: frozenset[str] = frozenset({"original", "update", "correction", "withdrawal"})


class Overlap(Struct, frozen=True, kw_only=True):
    """How much text two articles share, each 0-1, over distinct word n-grams: Jaccard and both containments."""

    jaccard: float
    here_in_there: float
    there_in_here: float


class Evidence(Struct, frozen=True, kw_only=True):
    """A passage shared with an earlier article: ``here`` in this record, ``there`` in the record ``of`` (code points)."""

    of: str
    field: Field
    text: str
    here: tuple[int, int]
    there_field: Field
    there: tuple[int, int]


class Change(Struct, frozen=True, kw_only=True):
    """What an update changed: ``inserted`` counts in this version, ``removed`` in ``of_version`` (code points)."""

    op: Literal["inserted", "removed"]
    field: Field
    start: int
    end: int


class Verdict(Struct, frozen=True, kw_only=True):
    """One verdict for each raw message.

    Attributes:
        of, of_version: the article (and version) it copies, updates, corrects or withdraws; None for none.
        root: the first article of the text's family; the article itself where it starts one.
        method: how it was decided; score: the measure that was held against threshold (0-1, None where none was).
        evidence: shared passages with up to 8 earlier articles, best first.
        rules: content hash of the rules and data that decided.
        notes: what the producer should know.
    """

    article_id: str
    version: int | None
    raw: Position
    url: str | None
    source: str
    title: str
    published: str | None
    language: str | None
    kind: Kind
    of: str | None = None
    of_version: int | None = None
    root: str
    method: Method = "none"
    score: float | None = None
    threshold: float | None = None
    overlap: Overlap | None = None
    evidence: list[Evidence] = []
    changes: list[Change] = []
    rules: str = ""
    notes: list[str] = []

    @property
    def published_kind(self) -> bool:
        """Whether consumers and subscribers see the article (neither duplicate nor embargo)."""
        return self.kind in PUBLISHED_KINDS
