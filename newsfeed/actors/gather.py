"""From decided mentions to the actors of the record, with salience."""

from __future__ import annotations

from typing import cast

from newsfeed.actors.entry import Claim
from newsfeed.actors.passage import Passage
from newsfeed.records import Actor, Mention
from newsfeed.records.enriched import ActorType

MOST_MENTIONS = 20


def gather(passages: list[Passage], claims: list[list[Claim]]) -> list[Actor]:
    """Actors by falling salience (then id); every mention's text is exactly the slice of its field."""
    found: dict[str, list[tuple[Passage, Claim]]] = {}
    for passage, field_claims in zip(passages, claims, strict=True):
        for claim in field_claims:
            found.setdefault(claim.entity.id, []).append((passage, claim))
    most = max((len(mentions) for mentions in found.values()), default=1)
    actors = [_actor(mentions, most, len(passages[-1].words)) for mentions in found.values()]
    actors.sort(key=lambda actor: (-actor.salience, actor.id))
    return actors


def _actor(mentions: list[tuple[Passage, Claim]], most: int, length: int) -> Actor:
    entity = mentions[0][1].entity
    shown: dict[tuple[str, int, int], Mention] = {}
    in_title = acting = subject = False
    early = 0.0
    role = organisation = None
    for passage, claim in mentions:
        field = passage.name
        if field == "title":
            in_title = True
        elif not early:
            early = 1 - claim.start / max(length, 1)
        acts = claim.role == "actor"
        acting = acting or acts
        subject = subject or _subject(passage, claim)
        role, organisation = role or claim.person_role, organisation or claim.organisation
        start, end = passage.span(claim.start, claim.end, claim.skip)
        if (field, start, end) not in shown:
            text = passage.source[start:end]
            shown[field, start, end] = Mention(
                field=field, start=start, end=end, text=text, role="actor" if acts else "location"
            )
    score = 0.4 * in_title + 0.25 * early + 0.25 * len(shown) / most + 0.1 * subject
    if not acting:
        score *= 0.4
    kind = cast(ActorType, "country" if entity.type == "city" else entity.type)
    return Actor(
        id=entity.id,
        type=kind,
        name=entity.name,
        country=entity.country or None,
        code=entity.code or None,
        role=role or None,
        organisation=organisation or None,
        salience=round(min(score, 1.0), 3),
        count=len(shown),
        mentions=list(shown.values())[:MOST_MENTIONS],
    )


def _subject(passage: Passage, claim: Claim) -> bool:
    """Whether a verb of speech or action stands beside the mention."""
    behind, before = passage.at.get(claim.end), passage.till.get(claim.start)
    for hit in (behind, before if passage.language == "ar" else None):
        if hit is not None and (verb := hit.meanings.speech) is not None and verb.key in ("say", "act", "meet"):
            return True
    return False
