"""From the places of patterns to evidence: what each rule contributes to each topic."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple

from newsfeed.records import Actor
from newsfeed.subjects.conditions import hold
from newsfeed.subjects.lexicon import Lexicon, Pointer
from newsfeed.subjects.rules import Rule
from newsfeed.subjects.scan import Found, Place
from newsfeed.subjects.scoring import Scoring

_NAMED = 3  # actors of a rule on actors that are told


class Contribution(NamedTuple):
    """What one pattern of a rule adds.

    Attributes:
        rule: the row. term: the pattern as written, or the conditions on actors where it has no terms.
        weight: signed, after title, lead and repetition, before the length of the article.
        title, body: how often it stands there. places: the first ones; of actors (field, -start - 1, end).
    """

    rule: Rule
    term: str
    weight: float
    title: int
    body: int
    places: tuple[Place, ...]


Weighed = list[tuple[Pointer, float]]  # each pattern that counts, and its weight after title, lead and repetition


def weigh(found: Found, lexicon: Lexicon, actors: Sequence[Actor], scoring: Scoring) -> Weighed:
    """All patterns whose conditions hold and whose must-not terms are absent, in the order of the rules.

    Rules on actors alone are added to ``found`` with the places of the actors' names: (field, -start - 1, end).
    """
    in_title, in_body, pointers = found.title, found.body, lexicon.pointers
    numbers = sorted(in_title.keys() | in_body.keys())
    silenced = {id(pointers[number].rule) for number in lexicon.silencing.intersection(numbers)}
    title_factor, lead_factor, lead_words, repeat = scoring.title, scoring.lead, scoring.lead_words, scoring.repeat
    out: Weighed = []
    for number in numbers:
        pointer = pointers[number]
        if not pointer.plain and not _counts(pointer, silenced, number in in_title, actors):
            continue
        times = title_factor if number in in_title else 0.0
        if number in in_body:
            body = in_body[number]
            times += 1.0 if len(body) == 1 else 1 + repeat * log(len(body))
            if body[0][1] < lead_words:
                times += lead_factor
        out.append((pointer, pointer.weight * times))
    for pointer in lexicon.on_actors:
        if not pointer.unless and _counts(pointer, silenced, False, actors):
            met = hold(pointer.rule.actors, actors)
            mentions = [mention for actor in met for mention in actor.mentions[:1]][:_NAMED]
            for mention in mentions:
                place = (mention.field, -mention.start - 1, mention.end)
                found.field(mention.field).setdefault(pointer.number, []).append(place)
            if mentions:
                out.append((pointer, pointer.weight))
    return out


def _counts(pointer: Pointer, silenced: set[int], in_title: bool, actors: Sequence[Actor]) -> bool:
    rule = pointer.rule
    if pointer.unless or not rule.topics or id(rule) in silenced or (rule.where and not in_title):
        return False
    return not rule.actors or bool(hold(rule.actors, actors))


def contributions(weighed: Weighed, found: Found) -> list[Contribution]:
    """The same, for readers."""
    return [
        Contribution(
            pointer.rule,
            pointer.term,
            weight,
            len(found.title.get(pointer.number, ())),
            len(found.body.get(pointer.number, ())),
            tuple(found.places(pointer.number)),
        )
        for pointer, weight in weighed
    ]
