"""aiokafka clients with the settings' addresses and credentials, opened and closed cleanly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from agents.settings import Settings

PROBE_SECONDS = 2.0


class Unreachable(Exception):
    """No broker answers; the message names the address and what to do."""


async def _unreachable(settings: Settings, error: BaseException) -> Unreachable:
    servers, why = settings.bootstrap_servers, type(error).__name__
    if await _listening(servers):
        return Unreachable(
            f"what answers at {servers} lets no Kafka client in that speaks {settings.security_protocol} ({why}). Check "
            "NEWSFEED_SECURITY_PROTOCOL, NEWSFEED_SSL_CAFILE, NEWSFEED_SASL_MECHANISM, the user and the password; the broker's "
            "log has the reason."
        )
    return Unreachable(
        f"no Kafka broker answers at {servers} ({why}). Start one with `newsfeed broker` or `docker compose up -d kafka`, or "
        "set NEWSFEED_BOOTSTRAP_SERVERS."
    )


async def _listening(servers: str) -> bool:
    """Whether anything takes a connection at one of the addresses."""
    for server in servers.split(","):
        host, _, port = server.strip().rpartition(":")
        with suppress(OSError, TimeoutError):
            _, writer = await asyncio.wait_for(asyncio.open_connection(host.strip("[]"), int(port)), PROBE_SECONDS)
            writer.close()
            return True
    return False


@asynccontextmanager
async def _opened(client: Any, settings: Settings, close: str) -> AsyncIterator[Any]:
    try:
        await client.start()
    except (KafkaError, OSError) as error:
        await getattr(client, close)()
        raise await _unreachable(settings, error) from None
    try:
        yield client
    finally:
        await getattr(client, close)()


@asynccontextmanager
async def admin(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    """An admin client.

    Raises:
        Unreachable: no broker answers.
    """
    async with _opened(
        AIOKafkaAdminClient(**settings.client(), request_timeout_ms=15_000), settings, "close"
    ) as client:
        yield client


@asynccontextmanager
async def producer(settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    """An idempotent-by-content producer: every record is acknowledged by all replicas.

    Raises:
        Unreachable: no broker answers.
    """
    client = AIOKafkaProducer(
        **settings.client(), acks="all", linger_ms=5, max_batch_size=262_144, max_request_size=8 << 20
    )
    async with _opened(client, settings, "stop") as opened:
        yield opened


@asynccontextmanager
async def consumer(settings: Settings, *topics: str, **options: Any) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer without a group: it reads and leaves no trace.

    Raises:
        Unreachable: no broker answers.
    """
    options = {
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "max_partition_fetch_bytes": 8 << 20,
        "fetch_max_wait_ms": 50,
    } | options
    async with _opened(AIOKafkaConsumer(*topics, **settings.client(), **options), settings, "stop") as opened:
        yield opened
