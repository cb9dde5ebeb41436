"""Handing a message over: without tasks where nothing has to be waited for, and raced against the end of the flow where it has."""

from __future__ import annotations

import asyncio

import pytest

from agents.app import create_app
from agents.consumer import Consumer
from agents.settings import Settings


@pytest.fixture
async def consumer() -> Consumer:
    app = create_app("clean", Settings())
    made = app.consumer
    assert isinstance(made, Consumer)
    return made


async def test_what_waits_for_nothing_makes_no_task(consumer: Consumer) -> None:
    async def hand() -> str:
        return "handed"

    before = asyncio.all_tasks()
    found = await consumer.wait_first(hand(), asyncio.Event().wait())
    assert found.results == ["handed"]
    assert asyncio.all_tasks() == before


async def test_what_waits_is_waited_for(consumer: Consumer) -> None:
    steps = []

    async def hand() -> str:
        for number in range(3):
            await asyncio.sleep(0.001 if number else 0)
            steps.append(number)
        return await asyncio.wait_for(asyncio.sleep(0.001, "handed"), 1)

    found = await consumer.wait_first(hand(), asyncio.Event().wait())
    assert found.results == ["handed"]
    assert steps == [0, 1, 2]


async def test_the_end_of_the_flow_cancels_what_waits(consumer: Consumer) -> None:
    ended, told = asyncio.Event(), asyncio.Event()

    async def hand() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            told.set()
            raise

    asyncio.get_running_loop().call_later(0.01, ended.set)
    found = await consumer.wait_first(hand(), ended.wait())
    assert found.results == [True]
    await asyncio.wait_for(told.wait(), 1)


@pytest.mark.parametrize("pause", [None, 0.0])
async def test_an_error_comes_out(consumer: Consumer, pause: float | None) -> None:
    async def hand() -> None:
        if pause is not None:
            await asyncio.sleep(pause)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await consumer.wait_first(hand(), asyncio.Event().wait())
