"""Faust's consumer: a shorter wait at an idle topic, no four tasks a message, and partitions that are given back when nothing of
them is in hand. tests/agents/test_internals.py guards what is taken from inside Faust."""

from __future__ import annotations

import asyncio
import logging
import types
from collections.abc import Generator
from functools import partial
from typing import Any

from faust.transport.drivers import aiokafka as driver
from mode.services import WaitResults

from agents.batch import Batch
from agents.delivery import fail_stop
from agents.membership import Membership

REVOKE_SHARE = 0.7  # of the time that Kafka gives a group to come together again
FETCH_WAIT_MS = 50  # how long a fetch stays open; Apache Kafka answers when something comes, the embedded broker looks at half of it
IDLE_WAIT_MS = 250  # where nothing has come for a while


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread that fetches."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS  # Faust fixes it at 1500
        return consumer

    async def on_start(self) -> None:
        """Start, and have the heartbeats renew the lease."""
        await super().on_start()
        app: Any = self.app
        made: Any = self._consumer
        Membership(made._coordinator, app.lease)
        pace(made._fetcher)


def pace(fetcher: Any) -> None:
    """Have a fetch stay open twice as long as the one before when that brought nothing: an idle worker spends its time on them."""
    fetch = fetcher._proc_fetch_request

    async def fetching(*request: Any) -> bool:
        came: bool = await fetch(*request)
        fetcher._fetch_max_wait_ms = FETCH_WAIT_MS if came else min(2 * fetcher._fetch_max_wait_ms, IDLE_WAIT_MS)
        return came

    fetcher._proc_fetch_request = fetching


class Consumer(driver.Consumer):
    """What hands the messages to the streams."""

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def on_partitions_assigned(self, assigned: Any, generation_id: int = 0) -> None:
        """The lease begins."""
        app: Any = self.app
        app.lease.begin()
        await super().on_partitions_assigned(assigned, generation_id)

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """Before the worker joins the group again: what is in hand comes to its end, or is given up if it has not begun.

        Records that came after the next owner's would stand in the log behind newer ones.
        """
        await super().on_partitions_revoked(revoked)
        app: Any = self.app
        batch: Batch | None = app.batch
        if batch is not None:
            try:
                await asyncio.wait_for(batch.done.wait(), REVOKE_SHARE * app.conf.broker_rebalance_timeout)
            except TimeoutError:
                if batch.begun:
                    fail_stop("a batch did not end before its partitions had to be given back")
                batch.given_up = True
        app.lease.end()

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
