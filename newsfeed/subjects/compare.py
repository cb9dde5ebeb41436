"""What a changed rule changes over a sample of articles, before it goes live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsfeed.records import Topic
from newsfeed.subjects.tagger import SubjectTagger
from newsfeed.text import Document


@dataclass(frozen=True, slots=True)
class Difference:
    """What one article's topics become.

    Attributes:
        number: place of the article in the sample, from 0. document: the article.
        gained, lost: topics that only the second or only the first rules tell.
        moved: (topic id, score by the first rules, score by the second) of topics both tell with another score.
        not_news: the two flags where they differ, else None.
    """

    number: int
    document: Document
    gained: list[Topic]
    lost: list[Topic]
    moved: list[tuple[str, float, float]]
    not_news: tuple[str | None, str | None] | None


def compare(rules_a: Sequence[Path], rules_b: Sequence[Path], documents: Iterable[Document]) -> Iterator[Difference]:
    """Tag a sample with the shipped rules and desk files ``rules_a``, and with those and ``rules_b``; tell what differs.

    Args:
        rules_a, rules_b: a desk's files on each side; empty for the shipped rules alone.
        documents: the sample. Rules on actors see no actors here.

    Raises:
        RuleError: a file cannot be used (before the first article is read).
    """
    return _differences(SubjectTagger(rules_a), SubjectTagger(rules_b), documents)


def _differences(first: SubjectTagger, second: SubjectTagger, documents: Iterable[Document]) -> Iterator[Difference]:
    for number, document in enumerate(documents):
        before, after = first.tag(document, []), second.tag(document, [])
        told_before = {topic.id: topic for topic in before.topics}
        told_after = {topic.id: topic for topic in after.topics}
        gained = [topic for topic in after.topics if topic.id not in told_before]
        lost = [topic for topic in before.topics if topic.id not in told_after]
        moved = [
            (code, topic.score, told_after[code].score)
            for code, topic in told_before.items()
            if code in told_after and told_after[code].score != topic.score
        ]
        flags = (before.not_news, after.not_news) if before.not_news != after.not_news else None
        if gained or lost or moved or flags:
            yield Difference(number, document, gained, lost, moved, flags)
