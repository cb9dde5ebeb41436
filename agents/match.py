"""match: who asked for this article?

Reads news.enriched.v1 and all of news.subscriptions.v1, which it keeps in memory. Writes news.matches.v1: a record for each
subscription that an original or update answers (key: subscription id), a notice of each correction or withdrawal to every partition,
because only *group* knows who was told of what it names. For a Kafka outlet with a topic of its own it copies originals and updates
there as they stand (key: article id). After a crash it writes the same records in the same order; *group* passes over what it has.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import faust
from aiokafka.partitioner import DefaultPartitioner

from agents import metrics
from agents.app import channel, when_stopped
from agents.batch import Event
from agents.dead_letters import DeadLetters
from agents.delivery import Headers, Sender, Stream, consume, header
from agents.directory import Directory
from agents.outlets import OutletTopics
from agents.own_names import own_names
from agents.settings import Settings
from newsfeed.records import DeadLetter, Enriched, Matched, MatchesRecord, Notice, Subscription
from newsfeed.records.subscription import Trigger
from newsfeed.subscriptions import Matcher, build_alert, company
from topics import catalogue, codec

MOST_EXPLAINED = 5_000  # subscriptions whose clauses a notice carries: it must fit into one record
TRIGGERS: dict[str, Trigger] = {"original": "original", "update": "update"}
_partition = DefaultPartitioner()  # the producer's own


def attach(app: faust.App, settings: Settings) -> None:
    """Add the agent to its app."""
    matches = settings.sizing.name(catalogue.MATCHES)
    outlets, sender = OutletTopics(settings), Sender(app)
    dead = DeadLetters(sender, settings, stage="match")
    matcher = Matcher(own_names(settings))
    directory = Directory(settings, matcher)

    async def step(events: list[Event]) -> list[Awaitable[Any]]:
        await directory.ready()
        metrics.SUBSCRIPTIONS.set(len(matcher))
        metrics.SUBSCRIPTIONS_REFUSED.set(directory.refused)
        metrics.SUBSCRIPTIONS_INDEX_BYTES.set(matcher.index_bytes)
        partitions = await sender.partitions(matches)
        sent: list[Awaitable[Any]] = []
        for event in events:
            if event.message.value is None:  # forgotten: nobody is told
                continue
            found = matched(matcher, event, partitions)
            if isinstance(found, DeadLetter):
                sent.append(await dead.send(event, found, content_type="application/json"))
                continue
            for partition, record, subscription in found:
                packed = codec.encode(record, catalogue.MATCHES)
                key = None if subscription is None else codec.key(subscription.id)
                sent.append(await sender.send(matches, key=key, value=packed, partition=partition))
                if subscription is not None:
                    topics = [each.topic for each in subscription.outlets if each.kind == "kafka" and each.topic]
                    message = event.message
                    sent += await outlets.copy(
                        sender, topics, key=message.key, value=message.value, headers=described(event)
                    )
        return sent

    @app.agent(channel(app, settings, catalogue.ENRICHED), name="match")
    async def match(stream: Stream) -> None:
        await consume(stream, step, batch=settings.batch, within=settings.linger, agent="match")

    when_stopped(app, directory.close)


Sent = tuple[int, MatchesRecord, Subscription | None]


def matched(matcher: Matcher, event: Event, partitions: list[int]) -> list[Sent] | DeadLetter:
    """The records of an article, with their partitions; what nobody foresaw is a dead letter: one article cannot stop the rest."""
    enriched = codec.decode(event.message.value, Enriched)
    if isinstance(enriched, codec.Bad):
        return DeadLetter(reason="internal", detail=enriched.error[:500])
    source = (event.message.partition, event.message.offset)
    try:
        if enriched.verdict.kind in TRIGGERS:
            return list(_matches(matcher, enriched, source, partitions))
        return list(_notices(matcher, enriched, source, partitions, list(described(event))))
    except Exception as error:
        return DeadLetter(reason="internal", detail=f"{type(error).__name__}: {error}"[:500])


def _matches(matcher: Matcher, enriched: Enriched, source: tuple[int, int], partitions: list[int]) -> list[Sent]:
    trigger, out = TRIGGERS[enriched.verdict.kind], list[Sent]()
    for match in matcher.match(enriched):
        subscription = match.subscription
        alert = build_alert(subscription.id, enriched, match.clauses, trigger=trigger)
        partition = _partition(codec.key(subscription.id), partitions, partitions)
        out.append((partition, Matched(alert, source, company(subscription, enriched)), subscription))
    return out


def _notices(
    matcher: Matcher,
    enriched: Enriched,
    source: tuple[int, int],
    partitions: list[int],
    headers: list[tuple[str, bytes]],
) -> list[Sent]:
    clauses: dict[int, dict[str, Any]] = {partition: {} for partition in partitions}
    for match in matcher.match(enriched):
        id = match.subscription.id
        explained = clauses[_partition(codec.key(id), partitions, partitions)]
        if len(explained) < MOST_EXPLAINED:
            explained[id] = match.clauses
    return [(partition, Notice(enriched, source, headers, clauses[partition]), None) for partition in partitions]


def described(event: Event) -> Headers:
    """The headers of an enriched event, in the catalogue's order."""
    found = ((name, header(event, name)) for name in catalogue.ENRICHED.headers)
    return [(name, value) for name, value in found if value is not None]
