"""What a changed rule file changes over a sample: the topics that articles lose and gain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsfeed.actors import ActorTagger
from newsfeed.subjects import SubjectTagger
from newsfeed.text import Document

if TYPE_CHECKING:
    from newsfeed.records import Article, Topic


@dataclass(frozen=True, slots=True)
class Difference:
    """One article whose tags differ: the topics it loses, those it gains, and what it is instead of news before and after."""

    article: Article
    gone: list[Topic]
    new: list[Topic]
    not_news: tuple[str | None, str | None]

    def as_json(self) -> dict[str, Any]:
        """One line for machines."""
        before, after = self.not_news
        return {
            "article_id": self.article.article_id,
            "at": f"{self.article.raw.topic}:{self.article.raw.offset + 1}",
            "title": self.article.title,
            "gone": [_told(topic) for topic in self.gone],
            "new": [_told(topic) for topic in self.new],
            "not_news": {"before": before, "after": after},
        }


def _told(topic: Topic) -> dict[str, Any]:
    return {
        "id": topic.id, "name": topic.name, "score": topic.score, "evidence": [span.text for span in topic.evidence],
    }  # fmt: skip


@dataclass(slots=True)
class Totals:
    """Articles seen and changed, and by topic (id, name) how often it goes and comes."""

    articles: int = 0
    changed: int = 0
    gone: Counter[tuple[str, str]] = field(default_factory=Counter)
    new: Counter[tuple[str, str]] = field(default_factory=Counter)

    def rows(self) -> list[tuple[str, str, int, int]]:
        """Topic id, name, times gone, times new; the most changed first."""
        both = self.gone + self.new
        return [(*topic, self.gone[topic], self.new[topic]) for topic in sorted(both, key=lambda each: (-both[each], each))]  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """The last line for machines."""
        topics = [{"id": id, "name": name, "gone": gone, "new": new} for id, name, gone, new in self.rows()]
        return {"total": {"articles": self.articles, "changed": self.changed, "topics": topics}}


def versions(rules: Path, configured: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The rule files without and with ``rules``: it takes the place of a configured file of its name, else it is added.

    The configured file itself is compared with its absence.
    """
    there = [path for path in configured if path.name == rules.name]
    if not there:
        return list(configured), [*configured, rules]
    if any(path.resolve() == rules.resolve() for path in there):
        return [path for path in configured if path not in there], list(configured)
    return list(configured), [rules if path in there else path for path in configured]


class Trial:
    """Tags each article twice, without and with the changed rules.

    Args:
        before, after: rule files beside the shipped rules. actors: files of names.

    Raises:
        RuleError: a rule file cannot be used.
    """

    def __init__(self, before: Sequence[Path], after: Sequence[Path], *, actors: Sequence[Path] = ()) -> None:
        self._before, self._after, self._actors = SubjectTagger(before), SubjectTagger(after), ActorTagger(actors)
        self.totals = Totals()

    def differences(self, articles: Iterable[Article]) -> Iterator[Difference]:
        """The articles whose tags differ, in order; ``totals`` counts along. Holds one article at a time."""
        for article in articles:
            self.totals.articles += 1
            found = self._difference(article)
            if found is not None:
                self.totals.changed += 1
                self.totals.gone.update((topic.id, topic.name) for topic in found.gone)
                self.totals.new.update((topic.id, topic.name) for topic in found.new)
                yield found

    def _difference(self, article: Article) -> Difference | None:
        document = Document(
            title=article.title, body=article.body, language=article.language, published=article.published,
            source=article.source, url=article.url,
        )  # fmt: skip
        actors = self._actors.tag(document).actors
        before, after = self._before.tag(document, actors), self._after.tag(document, actors)
        had, has = ({topic.id for topic in tags.topics} for tags in (before, after))
        if had == has and before.not_news == after.not_news:
            return None
        return Difference(
            article,
            gone=[topic for topic in before.topics if topic.id not in has],
            new=[topic for topic in after.topics if topic.id not in had],
            not_news=(before.not_news, after.not_news),
        )
