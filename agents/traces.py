"""Where the text of an article stands in Kafka, and until when.

Every topic that can hold text of articles is read once, from what is kept to its present end. *news.groups.v1*,
*news.deliveries.v1* and *news.subscriptions.v1* hold ids and positions alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiokafka.admin import AIOKafkaAdminClient

from agents import clients
from agents.reading import places, whole
from agents.settings import Settings
from newsfeed.copies import ids_with_text, unpack_entries
from newsfeed.records import Matched, MatchesRecord, Notice, Position, Subscription
from topics import catalogue, codec, creation
from topics.catalogue import TopicSpec

PRINTED = 20  # positions of a topic that are named


class Named(msgspec.Struct):
    """Of any record that says which article it is about."""

    article_id: str


class Judged(msgspec.Struct):
    """Of a verdict: the article, its raw message, and the articles whose passages it shows."""

    article_id: str
    raw: Position
    evidence: list[Of] = []


class Of(msgspec.Struct):
    """Of a passage: the article that has it, too."""

    of: str


class Told(msgspec.Struct):
    """Of an alert: the articles that it tells."""

    article_id: str
    also: list[Named] = []


class Published(msgspec.Struct):
    """Of a record of news.unique.v1."""

    article: Named


@dataclass(slots=True)
class Trace:
    """Records of one topic that hold the text of an article, or what was made from it.

    Attributes:
        what: what of the text stands there.
        count: how many records; at: the first of them, as partition/offset.
        newest_ms: time of the newest. until_ms: when the broker may delete it at the earliest; None: it keeps it for ever.
        replaced_ms: time of the tombstone that stands behind all of them, where the topic is compacted; then they are gone by ``until_ms``.
    """

    topic: str
    what: str
    count: int = 0
    at: list[str] = field(default_factory=list)
    newest_ms: int = 0
    until_ms: int | None = None
    replaced_ms: int | None = None

    def add(self, record: Any) -> None:
        self.count += 1
        self.newest_ms = max(self.newest_ms, record.timestamp)
        self.replaced_ms = None
        if len(self.at) < PRINTED:
            self.at.append(f"{record.partition}/{record.offset}")


@dataclass(slots=True)
class Found:
    """Of one article: its traces by topic, and other articles that show passages of it as evidence of being its copies."""

    traces: dict[str, Trace] = field(default_factory=dict)
    shared_by: set[str] = field(default_factory=set)


Ids = Callable[[Any], Iterable[str]]  # a record to the articles of which it holds text


def _named(record: Any) -> Iterable[str]:
    found = codec.decode(record.value, Named, catalogue.ARTICLES)
    return () if isinstance(found, codec.Bad) else (found.article_id,)


def _unique(record: Any) -> Iterable[str]:
    found = codec.decode(record.value, Published, catalogue.UNIQUE)
    return () if isinstance(found, codec.Bad) else (found.article.article_id,)


def _window(record: Any) -> Iterable[str]:
    return ids_with_text(unpack_entries(record.value))


def _matches(record: Any) -> Iterable[str]:
    kind: Any = MatchesRecord
    found = codec.decode(record.value, kind, catalogue.MATCHES)
    if isinstance(found, Matched):
        return (found.alert.article_id, *(each.article_id for each in found.alert.also))
    return (found.enriched.article_id,) if isinstance(found, Notice) else ()


def _alerts(record: Any) -> Iterable[str]:
    found = codec.decode(record.value, Told)
    return () if isinstance(found, codec.Bad) else (found.article_id, *(each.article_id for each in found.also))


def _key(record: Any) -> Iterable[str]:
    return ((record.key or b"").decode("utf-8", "replace"),) if record.value is not None else ()


def _dead(record: Any) -> Iterable[str]:
    return {*_key(record), *_named(record)}


READ: tuple[tuple[TopicSpec, str, Ids], ...] = (
    (catalogue.ARTICLES, "the cleaned article", _named),
    (catalogue.WINDOW, "hashes of its words", _window),
    (catalogue.UNIQUE, "the cleaned article", _unique),
    (catalogue.ENRICHED, "the article with its tags", _key),
    (catalogue.MATCHES, "title and words that matched", _matches),
    (catalogue.ALERTS, "title and words that matched", _alerts),
    (catalogue.DEAD, "a dead letter of a later stage", _dead),
)


async def find(settings: Settings, wanted: Iterable[str], told: Callable[[str], None]) -> dict[str, Found]:
    """What is kept of each article.

    Args:
        wanted: article ids. told: called with the name of each topic before it is read.

    Raises:
        MissingTopic, Unreachable.
    """
    found = {article_id: Found() for article_id in wanted}
    sizing = settings.sizing
    async with clients.admin(settings) as admin:

        async def read(topic: str, what: str, ids: Ids, spec: TopicSpec | None) -> None:
            told(topic)
            config = await _config(admin, topic, spec, settings)
            await _read(settings, topic, what, ids, found, config)

        raw: dict[tuple[int, int], str] = {}

        def verdicts(record: Any) -> Iterable[str]:
            verdict = codec.decode(record.value, Judged)
            if isinstance(verdict, codec.Bad):
                return ()
            if verdict.article_id in found and verdict.raw.topic == sizing.name(catalogue.RAW):
                raw[verdict.raw.partition, verdict.raw.offset] = verdict.article_id
            for passage in verdict.evidence:
                if passage.of in found and passage.of != verdict.article_id:
                    found[passage.of].shared_by.add(verdict.article_id)
            return (verdict.article_id,)

        def messages(record: Any) -> Iterable[str]:
            named = raw.get((record.partition, record.offset))
            return () if named is None else (named,)

        await read(sizing.name(catalogue.VERDICTS), "title and shared passages", verdicts, catalogue.VERDICTS)
        await read(sizing.name(catalogue.RAW), "the message as it came", messages, catalogue.RAW)
        for spec, what, ids in READ:
            await read(sizing.name(spec), what, ids, spec)
        for topic in await _own_topics(settings, admin):
            await read(topic, "the article with its tags, for a subscription", _key, None)
    return found


async def ask(settings: Settings, article_ids: Iterable[str]) -> list[str]:
    """Ask, in the order of the log, that the articles be forgotten; returns the positions as partition/offset.

    Every partition of news.articles.v1 is asked: which of them had an article depends on its language.

    Raises:
        MissingTopic, Unreachable.
    """
    topic, at = settings.sizing.name(catalogue.ARTICLES), []
    async with clients.consumer(settings) as consumer:
        partitions = [place.partition for place in await places(consumer, topic)]
    async with clients.producer(settings) as producer:
        for article_id in article_ids:
            for partition in partitions:
                record = await producer.send_and_wait(topic, key=article_id.encode(), value=None, partition=partition)
                at.append(f"{partition}/{record.offset}")
    return at


async def _read(
    settings: Settings, topic: str, what: str, ids: Ids, found: dict[str, Found], config: dict[str, str]
) -> None:
    compacted = "compact" in config.get("cleanup.policy", "")
    async for record in whole(settings, topic):
        if record.value is None:
            named = found.get((record.key or b"").decode("utf-8", "replace"))
            if compacted and named is not None and topic in named.traces:
                named.traces[topic].replaced_ms = record.timestamp
            continue
        for article_id in ids(record):
            if article_id in found:
                found[article_id].traces.setdefault(topic, Trace(topic, what)).add(record)
    retention, lag = int(config.get("retention.ms", -1)), int(config.get("max.compaction.lag.ms", -1))
    for each in found.values():
        trace = each.traces.get(topic)
        if trace is not None:
            ends = [trace.newest_ms + retention] if retention >= 0 and "delete" in config["cleanup.policy"] else []
            if trace.replaced_ms is not None and lag >= 0:
                ends.append(trace.replaced_ms + lag)
            trace.until_ms = min(ends, default=None)


async def _config(admin: AIOKafkaAdminClient, topic: str, spec: TopicSpec | None, settings: Settings) -> dict[str, str]:
    """The topic's configuration as the broker has it; the catalogue's where it does not tell."""
    usual = {"cleanup.policy": "delete"} if spec is None else settings.sizing.config(spec)
    return usual | await creation.config(admin, topic)


async def _own_topics(settings: Settings, admin: AIOKafkaAdminClient) -> list[str]:
    """The topics of their own that subscriptions name, where they exist."""
    found = set[str]()
    async for record in whole(settings, settings.sizing.name(catalogue.SUBSCRIPTIONS)):
        subscription = codec.decode(record.value, Subscription)
        if not isinstance(subscription, codec.Bad):
            found |= {outlet.topic for outlet in subscription.outlets if outlet.kind == "kafka" and outlet.topic}
    return sorted(found & set(await admin.list_topics()))
