"""What a message costs between Faust's consumer and the agent: `python -m benchmarks.pipeline.hop [--messages N]`.

No broker: messages are handed over as Faust's consumer does it and taken as an agent takes them, once by Faust's own means and once by ours.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from typing import Any

from faust import Stream
from faust.transport.conductor import ConductorCompiler
from faust.types import TP
from faust.types.tuples import ConsumerMessage
from mode.services import Service

from agents.app import create_app
from agents.settings import Settings
from benchmarks.table import show

PLACE = TP("news.raw.v1", 0)
YIELD_EVERY = 100  # as Faust's consumer does
BATCH = 200


async def hop(messages: int, *, our_handing: bool, our_batches: bool) -> float:
    """CPU microseconds a message."""
    app: Any = create_app("clean", Settings())
    if not our_batches:
        app.conf.Stream = Stream
    app.flow_control.resume()
    stream = app.stream(app.topic(PLACE.topic, key_serializer="raw", value_serializer="raw"))
    app.topics._acking_topics.add(PLACE.topic)
    consumer, race = app.consumer, Service.wait_first
    on_message = ConductorCompiler().build(app.topics, PLACE, {stream.channel})

    async def hand() -> None:
        for offset in range(messages):
            if offset % YIELD_EVERY == 0:
                await asyncio.sleep(0)
            message = ConsumerMessage(
                PLACE.topic, 0, offset, 1.0, 1, (), b"k", b"v", None, tp=PLACE, generation_id=app.consumer_generation_id
            )
            ends = consumer.suspend_flow.wait()
            if our_handing:
                await consumer.wait_first(on_message(message), ends)
            else:
                await race(consumer, on_message(message), ends)

    handing = asyncio.ensure_future(hand())
    began, taken = time.process_time(), 0
    async for events in stream.take_events(BATCH, 0.05):
        taken += len(events)
        if taken >= messages:
            break
    used = time.process_time() - began
    await handing
    return used / messages * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    messages = parser.parse_args().messages
    rows = []
    for handing in (False, True):
        for batches in (False, True):
            used = asyncio.run(hop(messages, our_handing=handing, our_batches=batches))
            rows.append(["ours" if handing else "Faust's", "ours" if batches else "Faust's", f"{used:.0f}"])
    title = f"from the consumer to the agent, CPU us a message, load of the machine {os.getloadavg()[0]:.1f}"
    show(title, ["handing over", "batches", "us"], rows)


if __name__ == "__main__":
    main()
