"""clean: raw messages to cleaned articles with fingerprints.

Reads news.raw.v1. Writes news.articles.v1 (key: copy scope), news.dead.v1 (original key and value).
Keeps nothing. Every raw message becomes one article or one dead letter; a replay writes the same bytes again, which
deduplicate knows by their raw position.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import faust

from agents.app import channel
from agents.batch import Event
from agents.dead_letters import DeadLetters
from agents.delivery import PRODUCER_TIME, Sender, Stream, consume, has_log_time, header, time_ms
from agents.settings import Settings
from newsfeed.pipeline import Cleaner
from newsfeed.records import Article, DeadLetter, Position, RawMessage
from topics import catalogue, codec

ONE_SCOPE = b"all"


def attach(app: faust.App, settings: Settings) -> None:
    """Add the agent to its app."""
    sizing = settings.sizing
    cleaner, sender = Cleaner(max_bytes=settings.max_article_bytes), Sender(app)
    dead = DeadLetters(sender, settings, stage="clean")
    articles = sizing.name(catalogue.ARTICLES)
    topic = sizing.name(catalogue.RAW)

    async def step(events: list[Event]) -> list[Awaitable[Any]]:
        sent = []
        for event in events:
            message = event.message
            position = Position(topic=topic, partition=message.partition, offset=message.offset)
            said = header(event, "content-type")
            content_type = said.decode("utf-8", "replace") if said is not None else None
            article = read(cleaner, position, message.value, content_type, time_ms(event))
            if isinstance(article, DeadLetter):
                sent.append(await dead.send(event, article, content_type=content_type))
            else:
                packed = codec.encode(article, catalogue.ARTICLES)
                time_of = () if has_log_time(event) else ((PRODUCER_TIME, b"1"),)
                sent.append(await sender.send(articles, key=scope(article, settings), value=packed, headers=time_of))
        return sent

    @app.agent(channel(app, settings, catalogue.RAW), name="clean")
    async def clean(stream: Stream) -> None:
        await consume(stream, step, batch=settings.batch, within=settings.linger, agent="clean")


def read(
    cleaner: Cleaner, position: Position, value: bytes | None, content_type: str | None, time_ms: int
) -> Article | DeadLetter:
    """Clean one message; what nobody foresaw is a dead letter as well, so that one message cannot stop the rest."""
    try:
        return cleaner(
            RawMessage(
                position=position, value=value or b"", content_type=content_type or "application/json", time_ms=time_ms
            )
        )
    except Exception as error:
        return DeadLetter(reason="internal", detail=f"{type(error).__name__}: {error}"[:500])


def scope(article: Article, settings: Settings) -> bytes:
    """Which articles are compared with each other: all, or with several partitions those of one language."""
    return ONE_SCOPE if settings.articles_partitions == 1 else (article.language or "und").encode()
