"""A slow receiver delays itself only; what is due later comes later."""

from __future__ import annotations

import asyncio

from agents.dispatch import AT_ONCE, ILL, Dispatch
from newsfeed.records import Delivery


def delivery(outlet: str, number: int = 0, attempt: int = 0) -> Delivery:
    return Delivery(alert_id=f"{number}", outlet=outlet, attempt=attempt, outcome="pending")


async def test_hanging_receivers_hold_up_nobody_else() -> None:
    forever, done, running = asyncio.Event(), asyncio.Event(), 0

    async def attempt(each: Delivery) -> bool:
        nonlocal running
        if each.outlet.startswith("slow"):
            running += 1
            if each.attempt:
                await forever.wait()
            return False
        done.set()
        return True

    dispatch = Dispatch(attempt)
    for number in range(3 * ILL):  # more than there are places for those who do not answer
        dispatch.schedule(delivery(f"slow-{number}"))
    await asyncio.sleep(0.05)
    for number in range(3 * ILL):
        for again in range(5):
            dispatch.schedule(delivery(f"slow-{number}", again, attempt=1))
    await asyncio.sleep(0.05)
    assert running == 3 * ILL + ILL, "one each, and so many in all"
    dispatch.schedule(delivery("well"))
    await asyncio.wait_for(done.wait(), 5)
    await dispatch.close(0)


async def test_so_many_at_once_and_retries_first() -> None:
    gate, order, most, running = asyncio.Event(), [], 0, 0

    async def attempt(each: Delivery) -> bool:
        nonlocal most, running
        running += 1
        most = max(most, running)
        await gate.wait()
        running -= 1
        order.append((each.attempt, each.alert_id))
        return True

    dispatch = Dispatch(attempt)
    for number in range(20):
        dispatch.schedule(delivery("one", number))
    dispatch.schedule(delivery("one", 99, attempt=1), 0.01)
    await asyncio.sleep(0.1)
    gate.set()
    await asyncio.sleep(0.1)
    assert most == AT_ONCE
    assert len(order) == 21
    assert order.index((1, "99")) <= 2 * AT_ONCE
    await dispatch.close(0)


async def test_held_then_goes_on_and_later_comes_in_time() -> None:
    made: list[tuple[str, float]] = []
    clock = asyncio.get_running_loop().time

    async def attempt(each: Delivery) -> bool:
        made.append((each.alert_id, clock()))
        return True

    dispatch, began = Dispatch(attempt), clock()
    for number, seconds in ((1, 0.3), (2, 0.1), (3, 0.2)):
        dispatch.schedule(delivery(f"r{number}", number), seconds)
    await dispatch.hold(0)
    dispatch.schedule(delivery("r4", 4))
    await asyncio.sleep(0.15)
    assert not made
    dispatch.go()
    await asyncio.sleep(0.5)
    assert sorted(id for id, _ in made) == ["1", "2", "3", "4"]
    assert next(when for id, when in made if id == "1") - began >= 0.3
    await dispatch.close(0)
    dispatch.schedule(delivery("r5", 5))
    await asyncio.sleep(0.05)
    assert len(made) == 4
