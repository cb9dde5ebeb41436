"""How an agent consumes: a batch is acknowledged only when everything it caused stands in the log.

Faust commits what was acknowledged whether or not the sends behind it arrived, and loses an event whose agent raises. So
every delivery is awaited before the batch ends, and an error ends the process: the supervisor starts it again, the batch is
read again, and because every step is a pure function of the log the same bytes are written again.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

import faust
from faust.types import StreamT

from agents import logs, metrics
from agents.batch import Batch, Event, GivenUp, in_hand, take_up

log = logs.get("delivery")

PRODUCER_TIME = "producer-time"  # header of news.articles.v1: the raw record's time is its producer's, not the log's
_LOG_APPEND_TIME = 1

EXIT_FAIL_STOP = 70  # EX_SOFTWARE of sysexits.h

Stream = StreamT[Any]
Headers = Sequence[tuple[str, bytes]]
Step = Callable[[list[Event]], Awaitable[list[Awaitable[Any]]]]


def fail_stop(reason: str, *, error: BaseException | None = None) -> NoReturn:
    """End the process at once, with the reason in the log: going on would lose or invent something."""
    log.error(
        "fail-stop", reason=reason, error=None if error is None else f"{type(error).__name__}: {error}", exc_info=error
    )
    sys.stderr.flush()
    os._exit(EXIT_FAIL_STOP)


async def consume(stream: Stream, step: Step, *, batch: int, within: float, agent: str) -> None:
    """Run ``step`` over batches. It returns the deliveries that must succeed before the batch counts as done."""
    batches: Any = stream.take_events(batch, within=within)  # type: ignore[attr-defined]  # Faust's interface lacks it
    async for events in batches:
        # Faust acknowledges a batch also when it cancels the agent in the middle of it: the batch must be done by then.
        done = asyncio.ensure_future(_deliver(step, events, agent))
        if isinstance(events, Batch):
            events.work = done
        try:
            await asyncio.shield(done)
        except asyncio.CancelledError:
            while not done.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.shield(done)
            raise


async def _deliver(step: Step, events: list[Event], agent: str) -> None:
    began = time.monotonic()
    if isinstance(events, Batch):
        in_hand.set(events)
    try:
        deliveries = await step(events)
        for delivery in deliveries:  # all of them: one after the other costs less than a gather, and takes no longer
            await delivery
    except BaseException as error:
        if isinstance(events, Batch) and events.given_up and isinstance(error, GivenUp | asyncio.CancelledError):
            log.info("batch given up", agent=agent, records=len(events))
            return
        fail_stop(f"agent {agent} cannot go on", error=error)
    metrics.RECORDS.labels(agent).inc(len(events))
    metrics.BATCH.labels(agent).observe(time.monotonic() - began)
    metrics.LATENCY.labels(agent).observe(max(0.0, time.time() - events[0].message.timestamp))


class Sender:
    """Sends through the producer that Faust started, without Faust's message objects: a third of the cost a message."""

    def __init__(self, app: faust.App) -> None:
        self._app = app

    async def send(
        self, topic: str, *, key: bytes | None, value: bytes | None, headers: Headers = (), partition: int | None = None
    ) -> Awaitable[Any]:
        """Hand over a record; the returned future is its delivery.

        Raises:
            GivenUp: of a batch that has not begun and must not.
        """
        take_up()
        faust_producer: Any = self._app.producer
        producer = faust_producer._producer  # aiokafka's own; tests/agents/test_internals.py guards it
        delivery: Awaitable[Any] = await producer.send(
            topic, value=value, key=key, partition=partition, headers=list(headers)
        )
        return delivery

    async def partitions(self, topic: str) -> list[int]:
        """The partitions of a topic."""
        faust_producer: Any = self._app.producer
        return sorted(await faust_producer._producer.partitions_for(topic))


def header(event: Event, name: str) -> bytes | None:
    """A header of the consumed record; Faust gives them as pairs."""
    found: Any = event.message.headers or ()
    pairs = found.items() if isinstance(found, dict) else found
    return next((value for key, value in pairs if key == name), None)


def time_ms(event: Event) -> int:
    """The log's time of the consumed record; Faust counts in seconds."""
    return round(event.message.timestamp * 1000)


def has_log_time(event: Event) -> bool:
    """Whether the broker's clock stamped the consumed record."""
    return bool(event.message.timestamp_type == _LOG_APPEND_TIME)
