"""The bodies of the agents over a scripted log: a life of the process that may end at any operation, and the next one.

Nothing here is by chance but for a seeded generator: which agent goes on next, how many records it takes, when it commits, when
a tick comes. What must come out does not depend on any of it.
"""

from __future__ import annotations

import importlib
import json
import random
from functools import cache, partial
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from crash_script import OWN_TOPIC, Moment, subscriptions
from scripted_app import ScriptedApp
from scripted_log import Admin, Durable, Headers, Reader, Record, ScriptedLog

from agents import clients, delivery, tag
from agents.settings import Settings
from newsfeed.pipeline import Tagger
from newsfeed.records import Article
from topics import codec
from topics.catalogue import ARTICLES, TOPICS

AGENTS = ("clean", "deduplicate", "tag", "match", "group")
SEVERAL = ("news.verdicts.v1", "news.matches.v1", "news.groups.v1", "news.alerts.v1", OWN_TOPIC)
ANSWERS = ("news.articles.v1", "news.verdicts.v1", "news.enriched.v1", "news.alerts.v1", "news.dead.v1", OWN_TOPIC)
BATCH = 6

Answers = dict[tuple[object, ...], tuple[bytes | None, bytes | None, Headers]]


@cache
def _tagger() -> Tagger:
    """Making it takes seconds; it keeps nothing of what it reads."""
    return Tagger()


class Stopped(Exception):
    """A fail-stop: the process ended because an agent could not go on."""


def beginning() -> Durable:
    """Topics as they are created, and the subscriptions."""
    durable = Durable({
        TopicPartition(topic, number): [] for topic in (*TOPICS, OWN_TOPIC) for number in range(1 + (topic in SEVERAL))
    })  # fmt: skip
    for key, value in subscriptions():
        durable.append(Record("news.subscriptions.v1", 0, key, value))
    return durable


class Life:
    """A process from its start until the script is over."""

    def __init__(self, durable: Durable, script: list[Moment], rng: random.Random, folder: Path) -> None:
        self.log = ScriptedLog(durable)
        self._script, self._rng = script, rng
        self._settings = Settings(window_articles=1_000, batch=BATCH, data_dir=folder)
        self._apps: list[ScriptedApp] = []

    async def live(self, patch: pytest.MonkeyPatch) -> ScriptedLog:
        """Everything that is left of the script, and a clean stop."""
        patch.setattr(clients, "AIOKafkaConsumer", partial(Reader, self.log))
        patch.setattr(clients, "AIOKafkaAdminClient", partial(Admin, self.log))
        patch.setattr(delivery, "fail_stop", _stopped)
        patch.setattr(tag, "Tagger", lambda **_: _tagger())
        durable = self.log.durable
        self.log.time_ms = self._script[durable.moment].time_ms
        for name in AGENTS:
            app = ScriptedApp(self.log, name)
            importlib.import_module(f"agents.{name}").attach(app, self._settings)
            self._apps.append(app)
        try:
            for app in self._apps:
                await app.start()
            while durable.moment < len(self._script):
                await self._moment(self._script[durable.moment])
                durable.moment, durable.written = durable.moment + 1, False
        finally:
            for app in self._apps:
                await app.async_exit_stack.aclose()
        return self.log

    async def _moment(self, moment: Moment) -> None:
        self.log.time_ms = moment.time_ms
        await self._tick()
        await self._drain()
        if not self.log.durable.written:
            for key, value, content_type in moment.raw:
                headers = () if content_type is None else (("content-type", content_type.encode()),)
                self.log.durable.append(Record("news.raw.v1", 0, key, value, headers, moment.time_ms))
            self.log.durable.written = True
        await self._drain()

    async def _tick(self) -> None:
        for app in self._apps:
            for tick in app.timers:
                await tick()

    async def _drain(self) -> None:
        """Until no agent has anything to do and everything is committed."""
        while waiting := [app for app in self._apps if app.waits]:
            await self._rng.choice(waiting).batch(self._rng.randint(1, BATCH))
            if self._rng.random() < 0.3:
                self._rng.choice(self._apps).commit()
            if self._rng.random() < 0.1:
                await self._tick()
        for app in self._apps:
            app.commit()


def _stopped(reason: str, *, error: BaseException | None = None) -> None:
    raise Stopped(reason) from error


def answers(durable: Durable) -> Answers:
    """What the log says, by unique id. An alert's cause is a place in a log, so it is left out.

    Raises:
        AssertionError: a repeat is not the same bytes.
    """
    out: dict[tuple[object, ...], Record] = {}
    for topic in ANSWERS:
        for record in durable.of(topic):
            first = out.setdefault((topic, *_id(record)), record)
            same = (first.partition, first.key, first.value, first.headers) == (
                record.partition, record.key, record.value, record.headers,
            )  # fmt: skip
            assert same, f"{topic} repeats {_id(record)} otherwise: {first} then {record}"
    return {id: (each.key, each.value, tuple(h for h in each.headers if h[0] != "cause")) for id, each in out.items()}


def _id(record: Record) -> tuple[object, ...]:
    """What a consumer knows a repeat by: the raw position, the article and version, or the alert's id."""
    if record.topic == "news.dead.v1":
        return tuple(record.header(f"__connect.errors.{name}") for name in ("topic", "partition", "offset"))
    if record.topic == "news.articles.v1":
        article = codec.decode(record.value, Article, ARTICLES)
        assert isinstance(article, Article)
        return article.raw.partition, article.raw.offset
    value = json.loads(record.value or b"")
    if record.topic == "news.alerts.v1":
        return (value["alert_id"],)
    if record.topic == "news.verdicts.v1":
        return value["raw"]["partition"], value["raw"]["offset"]
    return value["article_id"], value["version"]
