"""From the places of patterns to evidence: what each rule contributes to each topic."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple

from newsfeed.records import Actor
from newsfeed.subjects.conditions import hold
from newsfeed.subjects.rules import Rule
from newsfeed.subjects.scan import Hit
from newsfeed.subjects.scoring import Scoring


class Contribution(NamedTuple):  # a tuple: some seventy are made of each article
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
    in_title, in_lead, repeat = scoring.title, scoring.lead, scoring.repeat
    for number in sorted(hits):
        hit = hits[number]
        pointer = hit.pointer
        rule = pointer.rule
        if pointer.unless or not rule.topics or id(rule) in silenced:
            continue
        if rule.where and not hit.title:
            continue
        if rule.actors and not hold(rule.actors, actors):
            continue
        times = in_title * (hit.title > 0) + in_lead * (hit.lead > 0)
        if hit.body:
            times += 1 if hit.body == 1 else 1 + repeat * log(hit.body)
        weight = pointer.weight
        out.append(
            Contribution(rule, pointer.pattern.written, weight * times, weight, hit.title, hit.body, tuple(hit.places))
        )
    for rule in actor_rules:
        if rule.topics and id(rule) not in silenced and (met := hold(rule.actors, actors)):
            mentions = [mention for actor in met for mention in actor.mentions[:1]][:3]
            places = tuple((mention.field, -mention.start - 1, mention.end) for mention in mentions)
            if places:
                out.append(Contribution(rule, ", ".join(rule.actors), rule.weight, rule.weight, 0, 1, places))
    return out
