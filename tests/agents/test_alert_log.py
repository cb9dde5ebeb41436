"""Alerts read again by their position: what is gone is told from what a slow broker has not said yet."""

from __future__ import annotations

from typing import Any

import pytest
from aiokafka.errors import KafkaTimeoutError
from foreign_client import write

from agents import clients
from agents.alert_log import AlertLog
from agents.embedded_broker import EmbeddedBroker
from agents.settings import Settings, load
from newsfeed.records import Position
from topics import creation
from topics.catalogue import ALERTS


@pytest.fixture
async def settings(embedded_broker: EmbeddedBroker, topic_prefix: str) -> Settings:
    made = load(bootstrap_servers=embedded_broker.bootstrap_servers, topic_prefix=topic_prefix)
    async with clients.admin(made) as admin:
        await creation.create(admin, made.sizing, [ALERTS])
    write(embedded_broker.bootstrap_servers, made.sizing.name(ALERTS), [(b"key", b"told", None)])
    return made


async def place_of(settings: Settings) -> Position:
    async with clients.consumer(settings, settings.sizing.name(ALERTS)) as consumer:
        record = await consumer.getone()
    return Position(topic=record.topic, partition=record.partition, offset=record.offset)


@pytest.mark.broker
async def test_a_value_and_one_behind_the_end(settings: Settings) -> None:
    place, log = await place_of(settings), AlertLog(settings)
    try:
        assert await log.value(place) == b"told"
        record = await log.record(place)
        assert record is not None
        assert (record.key, record.value) == (b"key", b"told")
        assert await log.value(Position(topic=place.topic, partition=place.partition, offset=place.offset + 5)) is None
    finally:
        await log.close()


@pytest.mark.broker
async def test_a_broker_that_is_slow_is_no_word_about_the_alert(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, log = await place_of(settings), AlertLog(settings)
    reader = await log._reader.get()
    fetch, slow = reader.getmany, [True]

    async def late(*places: Any, **options: Any) -> dict[Any, Any]:
        return {} if slow and slow.pop() else await fetch(*places, **options)

    monkeypatch.setattr(reader, "getmany", late)
    try:
        with pytest.raises(KafkaTimeoutError, match="no record at 0"):
            await log.value(place)
        assert await log.value(place) == b"told"
    finally:
        await log.close()
