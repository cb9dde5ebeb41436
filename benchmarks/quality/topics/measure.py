"""Figures: top-1 at top level by class, share without a topic, calibration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.quality.topics.corpora import Mapping, Sample
from newsfeed.subjects import SubjectTagger

NONE = "(none)"
OTHER = "(other)"


@dataclass
class Result:
    """Counts of one data set. ``pairs``: (right class, told class); ``scored``: (score, right?) of every reported topic's best per top term."""

    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    scored: list[tuple[float, bool]] = field(default_factory=list)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def number(self) -> int:
        return sum(self.pairs.values())

    @property
    def accuracy(self) -> float:
        return sum(count for (right, told), count in self.pairs.items() if right == told) / max(1, self.number)

    @property
    def none(self) -> float:
        return sum(count for (_, told), count in self.pairs.items() if told == NONE) / max(1, self.number)

    def f1(self) -> dict[str, float]:
        out = {}
        for label in sorted({right for right, _ in self.pairs}):
            true = self.pairs[label, label]
            said = sum(count for (_, told), count in self.pairs.items() if told == label)
            here = sum(count for (right, _), count in self.pairs.items() if right == label)
            out[label] = 2 * true / max(1, said + here)
        return out

    @property
    def macro_f1(self) -> float:
        scores = self.f1()
        return sum(scores.values()) / max(1, len(scores))


def told_class(top: str, classes: dict[str, frozenset[str]], right: frozenset[str]) -> str:
    """The class a top term stands for; where it stands for several, the right one if it is among them."""
    fitting = [label for label, tops in classes.items() if top in tops]
    if not fitting:
        return OTHER
    return next((label for label in fitting if label in right), fitting[0])


def measure(samples: Iterable[Sample], table: Mapping, tagger: SubjectTagger) -> Result:
    """Top-1 at top level against the mapped classes."""
    result = Result()
    for sample in samples:
        right = sample.labels & table.classes.keys()
        if not right:
            continue
        topics = tagger.tag(sample.document, []).topics
        tops = [topic.path[0] if topic.path else topic.id for topic in topics]
        told = told_class(tops[0], table.classes, right) if tops else NONE
        label = told if told in right else min(right)
        result.pairs[label, told] += 1
        if told != label:
            result.wrong.append((label, f"{told} {topics[0].name if topics else ''}", sample.document.title))
        seen: set[str] = set()
        for topic, top in zip(topics, tops, strict=True):
            if top not in seen:
                seen.add(top)
                result.scored.append((topic.score, told_class(top, table.classes, right) in right))
    return result
