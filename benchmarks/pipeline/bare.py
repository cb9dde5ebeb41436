"""The same work without Faust and without the agents: aiokafka loops over the same topics, calling the same pure functions.

``python -m benchmarks.pipeline.bare`` reads the settings that a worker reads. It commits once a second what is done, and keeps no
promise beyond that: no fail-stop, no rebuilt window, no dead letters. It is there to be compared with.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import CommitFailedError

from agents import clients, logs
from agents.settings import Settings, load
from newsfeed.copies import CopyWindow, pack_entries
from newsfeed.pipeline import Cleaner, Tagger
from newsfeed.records import Article, Enriched, Position, RawMessage, Unique
from newsfeed.subscriptions import Matcher
from topics import catalogue, cloudevents, codec

log = logs.get("bare")

COMMIT_SECONDS = 1.0
Records = list[Any]
Step = Callable[[Records], Awaitable[Records]]


class Steps:
    """What is done with a batch of each topic; every step returns its deliveries."""

    def __init__(self, settings: Settings, producer: AIOKafkaProducer) -> None:
        self._settings, self._send = settings, producer.send
        name = settings.sizing.name
        self._articles, self._verdicts, self._unique = map(
            name, (catalogue.ARTICLES, catalogue.VERDICTS, catalogue.UNIQUE)
        )
        self._window_topic, self._enriched = name(catalogue.WINDOW), name(catalogue.ENRICHED)
        self._cleaner, self._tagger, self._matcher = Cleaner(), Tagger(), Matcher()
        self._windows: dict[int, CopyWindow] = {}

    async def clean(self, records: Records) -> Records:
        sent = []
        for record in records:
            position = Position(topic=record.topic, partition=record.partition, offset=record.offset)
            article = self._cleaner(
                RawMessage(
                    position=position,
                    value=record.value,
                    content_type="application/json",
                    time_ms=record.timestamp,
                )
            )
            sent.append(await self._send(self._articles, codec.encode(article, catalogue.ARTICLES), key=b"all"))
        return sent

    async def deduplicate(self, records: Records) -> Records:
        partition, last = records[0].partition, records[-1].offset
        window = self._windows.get(partition)
        if window is None:
            window = self._windows[partition] = CopyWindow(
                capacity=self._settings.window_articles, folder=self._settings.data_dir
            )
        sent, entries = [], []
        for record in records:
            article = codec.decode(record.value, Article, catalogue.ARTICLES)
            assert isinstance(article, Article)
            judgement = window.judge(record.offset, article)
            verdict = judgement.verdict
            if verdict is None:
                continue
            entries.append(judgement.entry)
            key = article.article_id.encode()
            headers = _headers(catalogue.VERDICTS, self._verdicts, article)
            sent.append(await self._send(self._verdicts, codec.encode(verdict), key=key, headers=headers))
            if verdict.published_kind:
                text = msgspec.structs.replace(article, word_hashes=b"", word_bounds=b"", prints=b"")
                packed = codec.encode(Unique(article=text, verdict=verdict), catalogue.UNIQUE)
                sent.append(await self._send(self._unique, packed, key=key))
        window.forget(last)
        sent.append(await self._send(self._window_topic, pack_entries(entries), partition=partition))
        return sent

    async def tag(self, records: Records) -> Records:
        sent = []
        for record in records:
            unique = codec.decode(record.value, Unique, catalogue.UNIQUE)
            assert isinstance(unique, Unique)
            enriched = self._tagger(unique)
            headers = _headers(catalogue.ENRICHED, self._enriched, unique.article) + cloudevents.filters(enriched)
            key = unique.article.article_id.encode()
            sent.append(await self._send(self._enriched, codec.encode(enriched), key=key, headers=headers))
        return sent

    async def match(self, records: Records) -> Records:
        for record in records:
            enriched = codec.decode(record.value, Enriched)
            assert isinstance(enriched, Enriched)
            self._matcher.match(enriched)
        return []


def _headers(spec: catalogue.TopicSpec, source: str, article: Article) -> list[tuple[str, bytes]]:
    return cloudevents.headers(
        spec,
        source=source,
        subject=article.article_id,
        id=cloudevents.cause(article.raw),
        time_ms=article.time_ms,
    )


async def loop(consumer: AIOKafkaConsumer, step: Step, batch: int, stopped: asyncio.Event) -> None:
    """Fetch, do, wait until it stands in the log; once a second commit."""
    committed, done = time.monotonic(), False
    while not stopped.is_set():
        for records in (await consumer.getmany(timeout_ms=200, max_records=batch)).values():
            for delivery in await step(records):
                await delivery
            done = True
        if done and time.monotonic() > committed + COMMIT_SECONDS:
            with suppress(CommitFailedError):  # the other process joined meanwhile: it is done again
                await consumer.commit()
            committed, done = time.monotonic(), False


async def run(settings: Settings) -> None:
    """Until SIGTERM."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with AsyncExitStack() as stack:
        steps = Steps(settings, await stack.enter_async_context(clients.producer(settings)))
        work = {
            catalogue.RAW: steps.clean,
            catalogue.ARTICLES: steps.deduplicate,
            catalogue.UNIQUE: steps.tag,
            catalogue.ENRICHED: steps.match,
        }
        name = settings.sizing.name
        timeout = int(settings.session_timeout * 1000)
        patient = {"session_timeout_ms": timeout, "rebalance_timeout_ms": timeout}
        consumers = [
            await stack.enter_async_context(
                clients.consumer(settings, name(spec), group_id=name(spec) + "-bare", **patient)
            )
            for spec in work
        ]
        loops = [loop(each, step, settings.batch, stopped) for each, step in zip(consumers, work.values(), strict=True)]
        log.info("worker ready")
        await asyncio.gather(*loops)


if __name__ == "__main__":
    chosen = load()
    logs.configure(chosen.log_level, chosen.log_format)
    chosen.data_dir.mkdir(parents=True, exist_ok=True)
    asyncio.run(run(chosen))
