"""The whole way in one process: clean, deduplicate, tag. The agents run the same steps, one each, with Kafka between."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from newsfeed.actors import ActorTagger
from newsfeed.articles import clean
from newsfeed.copies import CopyWindow, fingerprint
from newsfeed.data import content_hash
from newsfeed.records import Article, DeadLetter, Enriched, RawMessage, Unique, Verdict
from newsfeed.subjects import SubjectTagger
from newsfeed.text import Document

MAX_BYTES = 1 << 20
FORGET_EVERY = 1_024  # articles


class Cleaner:
    """Raw message to cleaned article with fingerprints, or to a dead letter."""

    def __init__(self, *, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes

    def __call__(self, message: RawMessage) -> Article | DeadLetter:
        article = clean(message, max_bytes=self._max_bytes)
        return article if isinstance(article, DeadLetter) else fingerprint(article)


class Tagger:
    """Published article to enriched event.

    Args:
        actors, subjects: a desk's own files of names and of topic rules.
        people_model: ``natasha`` to find people in Russian texts by a model; ``none`` for rules alone.
    """

    def __init__(
        self, *, actors: Sequence[Path] = (), subjects: Sequence[Path] = (), people_model: str = "none"
    ) -> None:
        self._actors = ActorTagger(actors, people=None if people_model == "none" else people_model)
        self._subjects = SubjectTagger(subjects)
        self.rules = rules_hash(actors, subjects)

    def __call__(self, unique: Unique) -> Enriched:
        article, verdict = unique.article, unique.verdict
        bare = Enriched(
            article_id=article.article_id, version=verdict.version, url=article.url, source=article.source,
            language=article.language, published=article.published, title=article.title, body=article.body,
            authors=article.authors, verdict=verdict, notes=article.notes,
        )  # fmt: skip
        return self.again(bare)

    def again(self, record: Enriched) -> Enriched:
        """Tags by these rules in the place of those that the record has; text and verdict stay."""
        bare = msgspec.structs.replace(record, actors=[], topics=[], relations=[], not_news=None, rules=self.rules)
        if record.verdict.kind == "withdrawal":
            return msgspec.structs.replace(bare, title="", body="", verdict=_without_text(record.verdict))
        document = Document(
            title=record.title,
            body=record.body,
            language=record.language,
            published=record.published,
            source=record.source,
            url=record.url,
        )
        people = self._actors.tag(document)
        subjects = self._subjects.tag(document, people.actors)
        return msgspec.structs.replace(
            bare,
            actors=people.actors,
            topics=subjects.topics,
            relations=people.relations,
            not_news=subjects.not_news,
        )


class Pipeline:
    """Everything in process: no broker, no time; the window is a capacity.

    Args:
        capacity: articles of the copy window.
        extra_actors, extra_subjects: a desk's own files.
        max_bytes: size limit of a message.
        people_model: see ``Tagger``.
    """

    def __init__(
        self,
        *,
        capacity: int = 1_000_000,
        extra_actors: Sequence[Path] = (),
        extra_subjects: Sequence[Path] = (),
        max_bytes: int = MAX_BYTES,
        people_model: str = "none",
    ) -> None:
        self.clean = Cleaner(max_bytes=max_bytes)
        self.tag = Tagger(actors=extra_actors, subjects=extra_subjects, people_model=people_model)
        self.rules = self.tag.rules
        self.window = CopyWindow(capacity=capacity, seconds=None, rules=self.rules)

    def run(self, message: RawMessage, offset: int) -> Enriched | Verdict | DeadLetter | None:
        """One message in, one answer out: the enriched record of what is published, the verdict of a duplicate or an embargo,
        the dead letter, or None where the same raw position came before.

        Args:
            message: the raw message.
            offset: rises by message; the order in which articles are judged.
        """
        article = self.clean(message)
        if isinstance(article, DeadLetter):
            return article
        verdict = self.window.judge(offset, article).verdict
        if offset % FORGET_EVERY == 0:
            self.window.forget(offset)
        if verdict is None or not verdict.published_kind:
            return verdict
        return self.tag(Unique(article=article, verdict=verdict))


def rules_hash(actors: Sequence[Path] = (), subjects: Sequence[Path] = ()) -> str:
    """Content hash of all rules and data, a desk's own files included."""
    own = [path.read_bytes() for path in (*actors, *subjects)]
    if not own:
        return content_hash()
    digest = hashlib.blake2b(content_hash().encode(), digest_size=8)
    for content in own:
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()


def _without_text(verdict: Verdict) -> Verdict:
    return msgspec.structs.replace(verdict, title="", evidence=[], changes=[])
