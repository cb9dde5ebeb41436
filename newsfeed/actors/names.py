"""Organisations and groups of the tables by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.actors.entry import Claim
from newsfeed.actors.passage import Passage

if TYPE_CHECKING:
    from newsfeed.actors.join import Joiner

_KINDS = frozenset({"organisation", "group"})


def find(passage: Passage, joiner: Joiner) -> None:
    """Claim every organisation and group of the tables that is not part of something decided before."""
    for hit in passage.hits:
        for reading in hit.readings:
            if reading.kind == "name" and reading.entity is not None and reading.entity.type in _KINDS:
                if passage.free(hit.start, hit.end):
                    joiner.claim(passage, Claim(reading.entity, hit.start, hit.end, reading.skip, "actor", reading.row, "name of the tables"))
                break
