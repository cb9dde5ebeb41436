"""Organisations and groups of the tables by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.actors.entry import Claim, Hit
from newsfeed.actors.passage import Passage

if TYPE_CHECKING:
    from newsfeed.actors.join import Joiner


def find(passage: Passage, joiner: Joiner) -> None:
    """Claim every organisation and group of the tables that is not part of something decided before."""
    for hit in passage.groups:
        reading = hit.meanings.group
        if reading is None or reading.entity is None or not passage.free(hit.start, hit.end):
            continue
        if passage.gap(hit.end).startswith("+"):  # "OPEC+" and "OPEC" fold to one form
            reading = next((r for r in hit.readings if r.entity is not None and r.entity.name.endswith("+")), reading)
        entity = reading.entity
        if entity is None:
            continue
        if entity.subtype == "people" and passage.language == "ar" and _adjective(passage, hit):
            continue
        if hit.end - hit.start == 1 and (_behind_given(passage, hit) or _given(passage, hit)):
            continue
        joiner.claim(
            passage, Claim(entity, hit.start, hit.end, reading.skip, "actor", reading.row, "name of the tables")
        )


def _adjective(passage: Passage, hit: Hit) -> bool:
    """ "العلماء المسلمين": the plural of a people behind a definite noun says what kind of scholars they are."""
    before = hit.start - 1
    return before >= 0 and passage.near(hit.start) and passage.words[before].startswith(("ال", "لل", "وال", "بال"))


def _given(passage: Passage, hit: Hit) -> bool:
    """ "Petra Lindner": a given name with a capitalised word behind it that no table knows is a person's."""
    return (
        hit.meanings.given
        and passage.language != "ar"
        and hit.end < len(passage.words)
        and passage.near(hit.end)
        and passage.upper(hit.end)
        and len(passage.words[hit.end]) > 3
        and ((behind := passage.at.get(hit.end)) is None or behind.of("surname") is not None)
    )


def _behind_given(passage: Passage, hit: Hit) -> bool:
    """ "Christian Wagner": a name of one word behind a given name is a person's."""
    before = passage.till.get(hit.start)
    return (
        before is not None
        and passage.near(hit.start)
        and before.of("given") is not None
        and before.of("name", "role", "form") is None
        and passage.free(before.start, before.end)
    )
