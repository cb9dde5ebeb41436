"""Span scores: a predicted span counts where it overlaps a gold span of its type, and the other way round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.quality.actors.load import Event, Gold
from newsfeed.actors import ActorTagger
from newsfeed.text import Document

Spans = Sequence[tuple[str, int, int]]
_TYPES = {"person": "PER", "organisation": "ORG", "group": "ORG", "country": "LOC", "region": "LOC"}


@dataclass
class Score:
    """Counts of one type."""

    right: int = 0
    predicted: int = 0
    found: int = 0
    gold: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def predicted(tagger: ActorTagger, gold: Gold) -> list[tuple[str, int, int]]:
    """The tagger's spans; nationality adjectives and titles without a name are left out, the data sets do not mark them."""
    out = []
    kinds = {actor.id: actor.type for actor in tagger.tag(Document("", gold.text, gold.language)).actors}
    for mention in tagger.explain(Document("", gold.text, gold.language)):
        kind = kinds[mention.id]
        if (kind == "country" and mention.row.startswith("nationalities")) or mention.rule in ("title alone", "office"):
            continue
        known = gold.peoples if mention.row.startswith("own_groups") else _TYPES[kind]
        if known:
            out.append((known, mention.start, mention.end))
    return out


def overlaps(span: tuple[str, int, int], others: Spans) -> bool:
    return any(span[0] == kind and span[1] < end and start < span[2] for kind, start, end in others)


def score(tagger: ActorTagger, golds: Iterable[Gold]) -> dict[str, Score]:
    """A score a type over texts."""
    out = {kind: Score() for kind in ("PER", "ORG", "LOC")}
    for gold in golds:
        spans = predicted(tagger, gold)
        for span in spans:
            if any(span[1] < end and start < span[2] for start, end in gold.others) and not overlaps(span, gold.spans):
                continue
            one = out[span[0]]
            one.predicted += 1
            if overlaps(span, gold.spans) or overlaps(span, gold.inner):
                one.right += 1
            else:
                one.wrong.append(
                    f"{gold.name}: {gold.text[span[1] : span[2]]!r} in {gold.text[max(0, span[1] - 30) : span[2] + 30]!r}"
                )
        for span in gold.spans:
            one = out[span[0]]
            one.gold += 1
            if overlaps(span, spans):
                one.found += 1
            else:
                one.missed.append(
                    f"{gold.name}: {gold.text[span[1] : span[2]]!r} in {gold.text[max(0, span[1] - 30) : span[2] + 30]!r}"
                )
    return out


def together(scores: Iterable[Score]) -> Score:
    """Micro average."""
    total = Score()
    for one in scores:
        total.right += one.right
        total.predicted += one.predicted
        total.found += one.found
        total.gold += one.gold
    return total


def country_recall(tagger: ActorTagger, events: Iterable[Event]) -> Score:
    """Whether the country of every actor of an event is among the tagged actors' countries."""
    one = Score()
    for event in events:
        actors = tagger.tag(Document("", event.text, event.language)).actors
        codes = {(actor.code or "")[:3] for actor in actors}
        for code in sorted(event.countries & tagger.country_codes):  # IGO, IMG, NGO … are no countries
            one.gold += 1
            if code in codes:
                one.found += 1
            else:
                one.missed.append(f"{code}: {event.text[:200]}")
    return one
