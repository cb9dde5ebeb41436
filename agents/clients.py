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
    except BaseException as error:  # Ctrl-C is one, too
        await getattr(client, close)()
        if isinstance(error, (KafkaError, OSError)):
            raise await _unreachable(settings, error) from None
        raise
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


def _reader(settings: Settings, *topics: str, **options: Any) -> AIOKafkaConsumer:
    """A consumer without a group: it reads and leaves no trace. Not started."""
    usual = {
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "max_partition_fetch_bytes": 8 << 20,
        "fetch_max_wait_ms": 50,
    }
    return AIOKafkaConsumer(*topics, **settings.client(), **(usual | options))


@asynccontextmanager
async def consumer(settings: Settings, *topics: str, **options: Any) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer without a group, for the time of a block.

    Raises:
        Unreachable: no broker answers.
    """
    async with _opened(_reader(settings, *topics, **options), settings, "stop") as opened:
        yield opened


async def started(settings: Settings, **options: Any) -> AIOKafkaConsumer:
    """A consumer without a group, for its owner to stop.

    Raises:
        KafkaError, OSError: no broker answers; nothing is left open.
    """
    made = _reader(settings, **options)
    try:
        await made.start()
    except BaseException:
        await made.stop()
        raise
    return made


class Kept:
    """A consumer without a group that is opened when it is first needed and stays open.

    Args:
        options: of the consumer, where they are not the usual ones.
    """

    def __init__(self, settings: Settings, **options: Any) -> None:
        self._settings = settings
        self._options = options
        self._consumer: AIOKafkaConsumer | None = None

    async def get(self) -> AIOKafkaConsumer:
        """The consumer.

        Raises:
            KafkaError, OSError: no broker answers.
        """
        if self._consumer is None:
            self._consumer = await started(self._settings, **self._options)
        return self._consumer

    async def close(self) -> None:
        """Stop it; the next `get` opens another."""
        if self._consumer is not None:
            await self._consumer.stop()
            self._consumer = None
