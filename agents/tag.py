"""tag: published articles to enriched events.

Reads news.unique.v1. Writes news.enriched.v1 (key: article id; headers: CloudEvents, ``actors``, ``topics``), news.dead.v1.
Keeps nothing. An article that is to be forgotten has no value, here and there. A replay writes the same bytes again: an
idempotent consumer sees each (article id, version) once.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import faust

from agents.app import channel
from agents.batch import Event
from agents.dead_letters import DeadLetters
from agents.delivery import Sender, Stream, consume
from agents.settings import Settings
from newsfeed.pipeline import Tagger
from newsfeed.records import DeadLetter, Enriched, Unique
from topics import catalogue, cloudevents, codec


def attach(app: faust.App, settings: Settings) -> None:
    """Add the agent to its app."""
    sizing = settings.sizing
    enriched, sender = sizing.name(catalogue.ENRICHED), Sender(app)
    dead = DeadLetters(sender, settings, stage="tag")
    tagger = Tagger(actors=settings.actor_files, subjects=settings.subject_files, people_model=settings.people_model)

    async def step(events: list[Event]) -> list[Awaitable[Any]]:
        sent = []
        for event in events:
            if event.message.value is None:
                sent.append(await sender.send(enriched, key=event.message.key, value=None))
                continue
            unique = codec.decode(event.message.value, Unique, catalogue.UNIQUE)
            record = tagged(tagger, unique)
            if isinstance(record, DeadLetter) or isinstance(unique, codec.Bad):
                letter = record if isinstance(record, DeadLetter) else DeadLetter(reason="internal", detail="")
                sent.append(await dead.send(event, letter))
                continue
            article = unique.article
            event_headers = cloudevents.headers(
                catalogue.ENRICHED,
                source=enriched,
                subject=article.article_id,
                id=cloudevents.cause(article.raw),
                time_ms=article.time_ms,
            ) + cloudevents.filters(record)
            sent.append(
                await sender.send(
                    enriched, key=article.article_id.encode(), value=codec.encode(record), headers=event_headers
                )
            )
        return sent

    @app.agent(channel(app, settings, catalogue.UNIQUE), name="tag")
    async def tag(stream: Stream) -> None:
        await consume(stream, step, batch=settings.batch, within=settings.linger, agent="tag")


def tagged(tagger: Tagger, unique: Unique | codec.Bad) -> Enriched | DeadLetter:
    """Tag one article; what nobody foresaw is a dead letter, so that one article cannot stop the rest."""
    if isinstance(unique, codec.Bad):
        return DeadLetter(reason="internal", detail=unique.error)
    try:
        return tagger(unique)
    except Exception as error:
        return DeadLetter(reason="internal", detail=f"{type(error).__name__}: {error}"[:500])
