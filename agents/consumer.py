"""Faust's consumer with a shorter wait for an idle topic and without four tasks a message; tests/agents/test_internals.py guards both."""

from __future__ import annotations

import asyncio
import logging
import types
from collections.abc import Generator
from functools import partial
from typing import Any

from faust.transport.drivers import aiokafka as driver
from mode.services import WaitResults

FETCH_WAIT_MS = 50  # how long an idle fetch stays open; the embedded broker answers at half of it, Apache Kafka at once


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread that fetches."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS  # Faust fixes it at 1500
        return consumer


class Consumer(driver.Consumer):
    """What hands the messages to the streams."""

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def wait_first(self, *coros: Any, timeout: Any = None) -> Any:  # noqa: ASYNC109 - Faust's signature
        """Each message passes through here, with the end of the flow as what it is raced against.

        Handing a message over nearly always waits for nothing: it is tried before tasks are made for a race.
        """
        if len(coros) != 2 or not all(map(asyncio.iscoroutine, coros)):
            return await super().wait_first(*coros, timeout=timeout)
        handing, end = coros
        try:
            waits_for = handing.send(None)
        except BaseException as error:
            end.close()
            if isinstance(error, StopIteration):
                return WaitResults([handing], [error.value], False)
            raise
        return await super().wait_first(_rest(handing, waits_for), end, timeout=timeout)


async def _rest(begun: Any, waits_for: Any) -> Any:
    """What remains of a coroutine that has taken its first step and waits for something."""
    return await _steps(begun, waits_for)


@types.coroutine
def _steps(begun: Any, waits_for: Any) -> Generator[Any, Any, Any]:
    while True:
        try:
            step = partial(begun.send, (yield waits_for))
        except BaseException as error:  # cancelled: the coroutine is to know
            step = partial(begun.throw, error)
        try:
            waits_for = step()
        except StopIteration as done:
            return done.value


ConsumerThread.logger = Consumer.logger = logging.getLogger("faust.consumer")  # as quiet as the rest of Faust
