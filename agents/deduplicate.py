"""deduplicate: a verdict for every article, in the order of the log.

Reads news.articles.v1. Writes news.window.v1 (its state, the entries of a batch in one record), news.verdicts.v1 (key: article
id) and, for what is neither duplicate nor embargo, news.unique.v1 (key: article id; no value where the article is to be
forgotten). Keeps the copy window, rebuilt from news.window.v1. An article read again after a crash gets its stored verdict,
byte for byte; a raw message that *clean* emitted twice gets one verdict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable
from typing import Any

import faust
import msgspec

from agents import metrics
from agents.app import channel, when_stopped
from agents.batch import Event, take_up
from agents.dead_letters import DeadLetters
from agents.delivery import Sender, Stream, consume
from agents.judging import Forgotten, Judged, judged
from agents.settings import Settings
from agents.window import Windows
from newsfeed.copies import CopyWindow, pack_entries
from newsfeed.records import Unique
from topics import catalogue, cloudevents, codec


def attach(app: faust.App, settings: Settings) -> None:
    """Add the agent to its app."""
    sizing = settings.sizing
    source, window_topic = sizing.name(catalogue.ARTICLES), sizing.name(catalogue.WINDOW)
    verdicts, unique = sizing.name(catalogue.VERDICTS), sizing.name(catalogue.UNIQUE)
    windows, sender = Windows(settings), Sender(app)
    dead = DeadLetters(sender, settings, stage="deduplicate")
    committed: dict[int, int] = {}
    _watch_commits(app, source, committed)

    @app.on_partitions_assigned.connect(weak=False)
    async def assigned(app: faust.App, assigned: set[Any], **_: Any) -> None:
        windows.assigned({place.partition for place in assigned if place.topic == source})

    async def step(events: list[Event]) -> list[Awaitable[Any]]:
        sent: list[Awaitable[Any]] = []
        by_partition: dict[int, list[Event]] = {}
        owned: list[tuple[int, CopyWindow, list[Event]]] = []
        for event in events:
            by_partition.setdefault(event.message.partition, []).append(event)
        for partition, batch in by_partition.items():
            # The first event after an assignment stands at the committed offset.
            ready = windows.get(partition)
            if ready is None:
                ready = await windows.ready(partition, batch[0].message.offset)
            owned.append((partition, ready, batch))
        take_up()
        for partition, window, batch in owned:
            entries, answers, newest = [], [], 0
            for event in batch:
                answer = judged(window, event, source)
                answers.append((event, answer))
                if isinstance(answer, Judged) and answer.judgement.verdict is not None:
                    entries.append(answer.judgement.entry)
                    newest = max(newest, answer.time_ms)
                elif isinstance(answer, Forgotten):
                    entries.append(answer.entry)
            begin, until = batch[0].message.offset, batch[-1].message.offset + 1
            described = windows.describe(partition, begin, until, newest)
            delivery = await sender.send(
                window_topic, key=None, value=pack_entries(entries), partition=partition, headers=described
            )
            sent.append(_noted(windows, delivery, partition, until))
            counted: Counter[tuple[str, str]] = Counter()
            for event, answer in answers:
                if isinstance(answer, Judged):
                    sent += await _publish(sender, answer, verdicts, unique, counted)
                elif isinstance(answer, Forgotten):
                    sent.append(await sender.send(unique, key=answer.article_id.encode(), value=None))
                else:
                    sent.append(await dead.send(event, answer.letter, position=answer.position))
            for labels, count in counted.items():
                metrics.VERDICTS.labels(*labels).inc(count)
            window.forget(committed.get(partition, 0))
            metrics.WINDOW_ARTICLES.labels(partition).set(len(window))
            metrics.WINDOW_BYTES.labels(partition).set(window.nbytes)
        return sent

    @app.agent(channel(app, settings, catalogue.ARTICLES), name="deduplicate")
    async def deduplicate(stream: Stream) -> None:
        await consume(stream, step, batch=settings.batch, within=settings.linger, agent="deduplicate")

    when_stopped(app, windows.close)


async def _publish(
    sender: Sender, judged: Judged, verdicts: str, unique: str, counted: Counter[tuple[str, str]]
) -> list[Awaitable[Any]]:
    article, verdict = judged.article, judged.judgement.verdict
    if verdict is None:  # *clean* emitted the raw message twice: it has its verdict
        return []
    counted[verdict.kind, verdict.method] += 1
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
        # Nobody behind compares it.
        text = msgspec.structs.replace(article, word_hashes=b"", word_bounds=b"", prints=b"")
        packed = codec.encode(Unique(article=text, verdict=verdict), catalogue.UNIQUE)
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
