"""From the places of patterns to evidence: what each rule contributes to each topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from newsfeed.records import Actor
from newsfeed.subjects.conditions import hold
from newsfeed.subjects.rules import Rule
from newsfeed.subjects.scan import Hit
from newsfeed.subjects.scoring import Scoring


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one pattern of a rule adds.

    Attributes:
        rule: the row. term: the pattern as written, or the conditions on actors where it has no terms.
        weight: signed, after title, lead and repetition, before the length of the article.
        base: the pattern's weight as it stands in the rules.
        title, body: how often it stands there. places: (field, first word, last word + 1) or, of actors, (field, -start - 1, end).
    """

    rule: Rule
    term: str
    weight: float
    base: float
    title: int
    body: int
    places: tuple[tuple[str, int, int], ...]


def weigh(
    hits: dict[int, Hit], actor_rules: Sequence[Rule], actors: Sequence[Actor], scoring: Scoring
) -> list[Contribution]:
    """The contributions of all rules whose conditions hold and whose must-not terms are absent, in the order of the rules."""
    silenced = {id(hit.pointer.rule) for hit in hits.values() if hit.pointer.unless}
    out = []
    for number in sorted(hits):
        hit = hits[number]
        rule = hit.pointer.rule
        if hit.pointer.unless or not rule.topics or id(rule) in silenced:
            continue
        if rule.where and not hit.title:
            continue
        if rule.actors and not hold(rule.actors, actors):
            continue
        times = scoring.title * (hit.title > 0) + scoring.lead * (hit.lead > 0)
        if hit.body:
            times += 1 + scoring.repeat * log(hit.body)
        out.append(
            Contribution(
                rule,
                hit.pointer.pattern.written,
                hit.pointer.weight * times,
                hit.pointer.weight,
                hit.title,
                hit.body,
                tuple(hit.places),
            )
        )
    for rule in actor_rules:
        if rule.topics and id(rule) not in silenced and (met := hold(rule.actors, actors)):
            mentions = [mention for actor in met for mention in actor.mentions[:1]][:3]
            places = tuple((mention.field, -mention.start - 1, mention.end) for mention in mentions)
            if places:
                out.append(Contribution(rule, ", ".join(rule.actors), rule.weight, rule.weight, 0, 1, places))
    return out
