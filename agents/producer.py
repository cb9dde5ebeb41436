"""Faust's producer, whose requests leave only while the worker's lease holds; tests/agents/test_internals.py guards what it is made of."""

from __future__ import annotations

from typing import Any

from aiokafka.protocol.produce import ProduceRequest
from faust.transport.drivers import aiokafka as driver

from agents.delivery import fail_stop
from agents.lease import Lease, Lost


class Producer(driver.Producer):
    """What the agents send with."""

    async def on_start(self) -> None:
        """Start, and hold requests to the lease."""
        await super().on_start()
        app: Any = self.app
        made: Any = self._producer
        hold(made.client, app.lease)


def hold(client: Any, lease: Lease) -> None:
    """Have the produce requests of an aiokafka client wait for the lease: as late as can be, when the connection stands."""
    send = client.send

    async def held(node_id: int, request: Any, **options: Any) -> Any:
        if isinstance(request, ProduceRequest):
            await client.ready(node_id, **options)
            try:
                await lease.valid()
            except Lost as error:
                fail_stop("the group took this worker for dead, and another may have gone on", error=error)
        return await send(node_id, request, **options)

    client.send = held
