"""One Faust app an agent: its own consumer group, so that workers may run different agents side by side."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import faust
from faust.auth import SASLCredentials, SSLCredentials

from agents.batch import Batch
from agents.consumer import Consumer
from agents.lease import Lease
from agents.producer import Producer
from agents.settings import Settings
from agents.streams import BatchStream
from topics.catalogue import TopicSpec


class App(faust.App):
    """Faust's app, and what tells whether it may send.

    Attributes:
        batch: what its agent has in hand.
    """

    lease: Lease
    batch: Batch | None = None


def create_app(agent: str, settings: Settings) -> App:
    """The app of an agent: at-least-once, raw bytes in and out, no web pages, no tables of Faust's own."""
    app = App(
        settings.topic_prefix + f"{settings.group}-{agent}",
        broker=[f"kafka://{server.strip()}" for server in settings.bootstrap_servers.split(",")],
        broker_credentials=_credentials(settings),
        env_prefix="NEWSFEED_FAUST_",  # Faust reads unprefixed variables otherwise, and they beat what stands here
        datadir=str(Path(settings.data_dir) / agent),
        store="memory://",
        key_serializer="raw",
        value_serializer="raw",
        topic_allow_declare=False,
        topic_disable_leader=True,
        producer_acks=-1,
        producer_linger=0.005,
        producer_max_batch_size=262_144,
        producer_max_request_size=8 << 20,
        producer_request_timeout=30.0,
        producer_compression_type=None if settings.compression == "none" else settings.compression,
        consumer_max_fetch_size=settings.fetch_bytes,
        consumer_auto_offset_reset="earliest",
        stream_buffer_maxsize=max(settings.buffer, 2 * settings.batch),
        stream_wait_empty=False,
        Stream=BatchStream,
        broker_commit_interval=1.0,
        broker_session_timeout=settings.session_timeout,
        broker_heartbeat_interval=min(3.0, settings.session_timeout / 4),
        broker_rebalance_timeout=max(2.0, settings.session_timeout),
        broker_request_timeout=max(30.0, settings.session_timeout + 5),
        table_standby_replicas=0,
        web_enabled=False,
        web_bind="127.0.0.1",
        worker_redirect_stdouts=False,
    )

    app.lease = Lease(settings.session_timeout)
    transport: Any = app.transport
    transport.Consumer, transport.Producer = Consumer, Producer

    @app.on_rebalance_complete.connect(weak=False)
    async def park(app: faust.App, **_: Any) -> None:
        # Without this, partitions are fetched after a rebalance before the consumer has sought to the committed offset.
        app.consumer.stop_flow()
        app.flow_control.suspend()

    return app


def when_stopped(app: faust.App, close: Callable[[], Awaitable[None]]) -> None:
    """Have something closed when the agents have ended: Faust sends ``on_before_shutdown`` while their last batches still run."""
    app.async_exit_stack.push_async_callback(close)


def channel(app: faust.App, settings: Settings, spec: TopicSpec) -> Any:
    """A topic of the catalogue as Faust reads it: bytes, never declared."""
    return app.topic(
        settings.sizing.name(spec), key_serializer="raw", value_serializer="raw", internal=False, allow_empty=True
    )


def _credentials(settings: Settings) -> Any:
    if settings.security_protocol.startswith("SASL"):
        return SASLCredentials(
            username=settings.sasl_username,
            password=settings.password,
            mechanism=settings.sasl_mechanism,
            ssl_context=settings.ssl_context,
        )
    return SSLCredentials(settings.ssl_context) if settings.ssl_context is not None else None
