"""Who said it, and who met or talked with whom, where the text says so plainly."""

from __future__ import annotations

from collections.abc import Mapping

from newsfeed.actors.entry import Claim
from newsfeed.actors.grammar import Grammar
from newsfeed.actors.passage import Passage
from newsfeed.records import Relation


def relations(passages: list[Passage], claims: list[list[Claim]], grammars: Mapping[str, Grammar]) -> list[Relation]:
    """The relations of an article in reading order."""
    return []
