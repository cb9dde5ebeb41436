"""Batches of a stream: what waits, in order, bounded, acknowledged when it is done, and nothing of an assignment that is over."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest
from faust.types import TP
from faust.types.tuples import ConsumerMessage

from agents.app import create_app
from agents.settings import Settings
from agents.streams import BatchStream

PLACE = TP("news.raw.v1", 0)


class Fed:
    """A stream of an app that is not started, fed as the conductor does it."""

    def __init__(self) -> None:
        self.app: Any = create_app("clean", Settings())
        self.app.flow_control.resume()
        self.topic: Any = self.app.topic(PLACE.topic, key_serializer="raw", value_serializer="raw")
        stream: Any = self.app.stream(self.topic)
        assert isinstance(stream, BatchStream)
        self.stream = stream
        self.app.topics._acking_topics.add(PLACE.topic)  # as its conductor does when it starts
        self.next = 0

    async def put(self, count: int = 1, *, generation: int | None = None) -> None:
        for _ in range(count):
            message = ConsumerMessage(
                PLACE.topic, PLACE.partition, self.next, 1.0, 1, (), b"k", b"v", None, tp=PLACE,
                generation_id=self.app.consumer_generation_id if generation is None else generation,
            )  # fmt: skip
            self.next += 1
            message.incref(1)
            event = await self.stream.channel.decode(message, propagate=True)
            self.stream.channel.queue.put_nowait_enhanced(event, on_pressure_high=list, on_pressure_drop=list)

    def unacked(self) -> list[int]:
        return sorted(message.offset for message in self.app.consumer.unacked)


@pytest.fixture
async def fed() -> Fed:
    return Fed()


def offsets(events: list[Any]) -> list[int]:
    return [event.message.offset for event in events]


async def test_a_batch_is_what_waits_and_no_more_than_asked(fed: Fed) -> None:
    await fed.put(7)
    async with aclosing(fed.stream.take_events(3, 0.001)) as batches:
        assert [offsets(await anext(batches)) for _ in range(3)] == [[0, 1, 2], [3, 4, 5], [6]]


async def test_a_batch_is_acknowledged_when_the_next_is_asked_for(fed: Fed) -> None:
    await fed.put(4)
    async with aclosing(fed.stream.take_events(2, 0.001)) as batches:
        first = await anext(batches)
        assert fed.unacked() == [0, 1]
        assert not first[0].message.acked
        await anext(batches)
        assert fed.unacked() == [2, 3]
        assert first[0].message.acked
    assert fed.unacked() == []


async def test_after_a_pause_nothing_waits(fed: Fed) -> None:
    async with aclosing(fed.stream.take_events(10, 30.0)) as batches:
        await fed.put()
        assert offsets(await asyncio.wait_for(anext(batches), 10)) == [0]


@pytest.mark.parametrize(("worked", "within", "together"), [(1.0, 30.0, True), (1.0, 1.0, False), (0.0, 30.0, False)])
async def test_more_may_come_while_the_receiver_rests_from_its_work(
    fed: Fed, worked: float, within: float, together: bool
) -> None:
    async with aclosing(fed.stream.take_events(10, within)) as batches:
        await fed.put()
        await anext(batches)
        await asyncio.sleep(worked)
        await fed.put()
        coming = asyncio.ensure_future(anext(batches))
        await asyncio.sleep(0.05)
        assert coming.done() is not together
        await fed.put(2)
        assert offsets(await asyncio.wait_for(coming, 10)) == ([1, 2, 3] if together else [1])


async def test_what_was_fetched_before_a_rebalance_is_passed_over(fed: Fed) -> None:
    await fed.put(2, generation=fed.app.consumer_generation_id - 1)
    await fed.put()
    async with aclosing(fed.stream.take_events(10, 0.001)) as batches:
        assert offsets(await anext(batches)) == [2]
        assert fed.unacked() == [2]


async def test_nothing_is_given_while_the_flow_is_suspended(fed: Fed) -> None:
    await fed.put()
    fed.app.flow_control.suspend()
    async with aclosing(fed.stream.take_events(10, 0.001)) as batches:
        coming = asyncio.ensure_future(anext(batches))
        await asyncio.sleep(0.02)
        fed.app.flow_control.resume()
        await fed.put()
        assert offsets(await asyncio.wait_for(coming, 10)) == [1]


async def test_it_ends_when_the_agent_is_to_stop(fed: Fed) -> None:
    batches = fed.stream.take_events(10, 0.001)
    coming = asyncio.ensure_future(anext(batches, None))
    await asyncio.sleep(0.01)
    fed.stream.channel._throw(StopAsyncIteration())
    assert await asyncio.wait_for(coming, 10) is None


async def test_what_waits_when_the_agent_is_to_stop_is_left_to_the_next_start(fed: Fed) -> None:
    await fed.put(3)
    fed.stream.channel._throw(StopAsyncIteration())
    assert [events async for events in fed.stream.take_events(10, 0.001)] == []
    assert fed.unacked() == []
