"""The producer of ``publish``: idempotent where the broker can do it, so that a retry is never a second message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from agents import clients, logs
from agents.settings import Settings


@asynccontextmanager
async def producer(settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    """An idempotent producer; one with ``acks=all`` where the broker gives no producer ids.

    The embedded broker answers aiokafka's request for one (InitProducerId, version 0) with error -1, though it serves librdkafka's
    newer version; and a cluster may forbid them to this user. A message that is sent twice then is a duplicate like any other: its
    verdict says ``same_message``.

    Raises:
        Unreachable: no broker answers.
    """
    client = AIOKafkaProducer(
        **settings.client(), enable_idempotence=True, linger_ms=5, max_batch_size=262_144, max_request_size=8 << 20
    )
    try:
        await client.start()
    except BaseException as error:
        await client.stop()
        if not isinstance(error, (KafkaError, OSError)):
            raise
        logs.get("publish").debug("the broker has no idempotent producers, acks=all instead", error=repr(error))
        async with clients.producer(settings) as plain:
            yield plain
        return
    try:
        yield client
    finally:
        await client.stop()
