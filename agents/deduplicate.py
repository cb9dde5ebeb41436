"""deduplicate: a verdict for every article, in the order of the log.

Reads news.articles.v1. Writes news.window.v1 (its state, the entries of a batch in one record), news.verdicts.v1 (key: article
id) and, for what is neither duplicate nor embargo, news.unique.v1 (key: article id). Keeps the copy window, rebuilt from
news.window.v1. An article read again after a crash gets its stored verdict, byte for byte; a raw message that *clean*
emitted twice gets one verdict.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import faust

from agents.app import channel
from agents.delivery import Event, Sender, Stream, consume
from agents.settings import Settings
from agents.window import Windows, headers
from newsfeed.copies import pack_entries
from newsfeed.records import Article, Unique, Verdict
from topics import catalogue, cloudevents, codec


def attach(app: faust.App, settings: Settings) -> None:
    """Add the agent to its app."""
    sizing = settings.sizing
    source, window_topic = sizing.name(catalogue.ARTICLES), sizing.name(catalogue.WINDOW)
    verdicts, unique = sizing.name(catalogue.VERDICTS), sizing.name(catalogue.UNIQUE)
    windows, sender = Windows(settings), Sender(app)
    committed: dict[int, int] = {}
    _watch_commits(app, source, committed)

    @app.on_partitions_assigned.connect(weak=False)
    async def assigned(app: faust.App, assigned: set[Any], **_: Any) -> None:
        windows.assigned({place.partition for place in assigned if place.topic == source})

    async def step(events: list[Event]) -> list[Awaitable[Any]]:
        sent: list[Awaitable[Any]] = []
        by_partition: dict[int, list[Event]] = {}
        for event in events:
            by_partition.setdefault(event.message.partition, []).append(event)
        for partition, batch in by_partition.items():
            # The first event after an assignment stands at the committed offset.
            window = windows.get(partition) or await windows.ready(partition, batch[0].message.offset)
            entries, judged = [], []
            for event in batch:
                article = codec.decode(event.message.value, Article, catalogue.ARTICLES)
                if isinstance(article, codec.Bad):
                    raise TypeError(f"{source}/{partition}/{event.message.offset} is no article: {article.error}")
                judgement = window.judge(event.message.offset, article)
                if judgement.verdict is not None:
                    entries.append(judgement.entry)
                    judged.append((article, judgement.verdict))
            until = batch[-1].message.offset + 1
            delivery = await sender.send(
                window_topic, key=None, value=pack_entries(entries), partition=partition, headers=headers(until)
            )
            sent.append(_noted(windows, delivery, partition, until))
            for article, verdict in judged:
                sent += await _publish(sender, article, verdict, verdicts, unique)
            window.forget(committed.get(partition, 0))
        return sent

    @app.agent(channel(app, settings, catalogue.ARTICLES), name="deduplicate")
    async def deduplicate(stream: Stream) -> None:
        await consume(stream, step, batch=settings.batch, within=settings.linger, agent="deduplicate")


async def _publish(
    sender: Sender, article: Article, verdict: Verdict, verdicts: str, unique: str
) -> list[Awaitable[Any]]:
    key = article.article_id.encode()
    event = cloudevents.headers(
        catalogue.VERDICTS,
        source=verdicts,
        subject=article.article_id,
        id=cloudevents.cause(article.raw),
        time_ms=article.time_ms,
    )
    sent = [await sender.send(verdicts, key=key, value=codec.encode(verdict), headers=event)]
    if verdict.published_kind:
        packed = codec.encode(Unique(article=article, verdict=verdict), catalogue.UNIQUE)
        sent.append(await sender.send(unique, key=key, value=packed))
    return sent


async def _noted(windows: Windows, delivery: Awaitable[Any], partition: int, until: int) -> None:
    record = await delivery
    windows.wrote(partition, record.offset, until)


def _watch_commits(app: faust.App, topic: str, committed: dict[int, int]) -> None:
    """Learn of commits that succeeded: memory is given back only for what will not be judged again."""
    tables: Any = app.tables
    told = tables.on_commit

    def on_commit(offsets: dict[Any, int]) -> None:
        committed.update({place.partition: offset for place, offset in offsets.items() if place.topic == topic})
        told(offsets)

    tables.on_commit = on_commit
