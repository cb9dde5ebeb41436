"""From decided mentions to the actors of the record, with salience."""

from __future__ import annotations

from typing import Literal, cast

from newsfeed.actors.entry import Claim
from newsfeed.actors.passage import Passage
from newsfeed.records import Actor, Mention
from newsfeed.records.enriched import ActorType
from newsfeed.records.position import Field

MOST_MENTIONS = 20


def gather(passages: list[Passage], claims: list[list[Claim]]) -> list[Actor]:
    """Actors by falling salience (then id); every mention's text is exactly the slice of its field."""
    found: dict[str, list[tuple[int, Passage, Claim]]] = {}
    for order, (passage, field_claims) in enumerate(zip(passages, claims, strict=True)):
        for claim in field_claims:
            found.setdefault(claim.entity.id, []).append((order, passage, claim))
    most = max((len(mentions) for mentions in found.values()), default=1)
    actors = [_actor(mentions, most, len(passages[-1].words)) for mentions in found.values()]
    actors.sort(key=lambda actor: (-actor.salience, actor.id))
    return actors


def _actor(mentions: list[tuple[int, Passage, Claim]], most: int, length: int) -> Actor:
    entity = mentions[0][2].entity
    shown: dict[tuple[str, int, int], Mention] = {}
    for _, passage, claim in mentions:
        start, end = passage.span(claim.start, claim.end, claim.skip)
        field: Field = "title" if passage.name == "title" else "body"
        part: Literal["actor", "location"] = "location" if claim.role == "location" else "actor"
        mention = Mention(field=field, start=start, end=end, text=passage.source[start:end], role=part)
        shown.setdefault((field, start, end), mention)
    in_title = any(passage.name == "title" for _, passage, _ in mentions)
    body = [claim.start for _, passage, claim in mentions if passage.name == "body"]
    early = 1 - body[0] / max(length, 1) if body else 0.0
    acting = any(claim.role == "actor" for _, _, claim in mentions)
    score = (
        0.4 * in_title
        + 0.25 * early
        + 0.25 * len(shown) / most
        + 0.1 * any(_subject(passage, claim) for _, passage, claim in mentions)
    )
    if not acting:
        score *= 0.4
    role = next((claim.person_role for _, _, claim in mentions if claim.person_role), None)
    organisation = next((claim.organisation for _, _, claim in mentions if claim.organisation), None)
    kind = cast(ActorType, "country" if entity.type == "city" else entity.type)
    return Actor(
        id=entity.id,
        type=kind,
        name=entity.name,
        country=entity.country or None,
        code=entity.code or None,
        role=role,
        organisation=organisation,
        salience=round(min(score, 1.0), 3),
        count=len(shown),
        mentions=list(shown.values())[:MOST_MENTIONS],
    )


def _subject(passage: Passage, claim: Claim) -> bool:
    """Whether a verb of speech or action stands beside the mention."""
    behind, before = passage.at.get(claim.end), passage.till.get(claim.start)
    for hit in (behind, before if passage.language == "ar" else None):
        if hit is not None and (verb := hit.of("speech")) is not None and verb.key in ("say", "act", "meet"):
            return True
    return False
