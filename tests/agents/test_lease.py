"""A lease ends a session after the last heartbeat that was answered; without it nothing leaves, and what was not begun is given up."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiokafka.errors import RequestTimedOutError
from aiokafka.protocol.group import SyncGroupRequest
from aiokafka.protocol.produce import ProduceRequest

from agents import lease as leases
from agents.app import create_app
from agents.batch import Batch, GivenUp, in_hand, take_up
from agents.consumer import Consumer
from agents.lease import Lease, Lost
from agents.membership import Membership
from agents.producer import hold
from agents.settings import Settings


class Clock:
    now = 100.0

    def lease(self) -> Lease:
        """Of ten seconds."""
        return Lease(10, lambda: self.now)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def begin(lease: Lease) -> None:
    """Partitions are asked for and assigned at once."""
    lease.ask()
    lease.begin()


async def waits(lease: Lease) -> bool:
    """Whether something would have to wait."""
    task = asyncio.ensure_future(lease.valid())
    await asyncio.sleep(0)
    waiting = not task.done()
    task.cancel()
    return waiting


async def test_it_holds_a_session_from_the_question_on(clock: Clock) -> None:
    lease = clock.lease()
    assert not await waits(lease)  # nothing is owned
    begin(lease)
    clock.now += 9
    assert not await waits(lease)
    clock.now += 2
    assert await waits(lease)
    lease.renew(asked=clock.now - 3)
    assert not await waits(lease)
    clock.now += 7
    assert await waits(lease)
    lease.end()
    assert not await waits(lease)


async def test_an_answer_to_a_question_from_before_the_frost_is_none(clock: Clock) -> None:
    lease, asked = clock.lease(), clock.now
    begin(lease)
    clock.now += 30  # frozen, while the answer lay in the socket
    lease.renew(asked)
    assert await waits(lease)


async def test_an_assignment_holds_from_the_question_on_as_well(clock: Clock) -> None:
    lease = clock.lease()
    lease.ask()
    clock.now += 30  # frozen, while the assignment lay in the socket
    lease.begin()
    assert await waits(lease)


async def test_what_is_lost_is_said(clock: Clock) -> None:
    lease = clock.lease()
    lease.lose()
    assert not await waits(lease)  # of nothing, nothing is lost
    begin(lease)
    lease.lose()
    with pytest.raises(Lost):
        await lease.valid()
    begin(lease)
    assert not await waits(lease)


async def test_nobody_waits_for_ever(clock: Clock) -> None:
    lease = clock.lease()
    begin(lease)
    clock.now += 11
    task = asyncio.ensure_future(lease.valid())
    await asyncio.sleep(2 * leases.LOOK_SECONDS)
    clock.now += leases.PATIENCE
    with pytest.raises(RequestTimedOutError):
        await task


async def test_heartbeats_renew_and_a_group_that_does_not_know_us_ends_it(clock: Clock) -> None:
    class Coordinator:
        answered = True
        generation = 1
        member_id = ""

        async def _do_heartbeat(self) -> bool:
            return self.answered

        def reset_generation(self) -> None:
            self.generation = -1

        async def _send_req(self, request: object) -> None: ...

        def _push_error_to_user(self, error: Exception) -> None: ...

    coordinator: Any = Coordinator()
    lease = clock.lease()
    Membership(coordinator, lease)
    await coordinator._send_req(SyncGroupRequest("group", 1, "member", None, []))
    clock.now += 9
    lease.begin()
    assert not await waits(lease)
    clock.now += 2
    assert await waits(lease)
    begin(lease)
    clock.now += 11
    coordinator.answered = False
    assert not await coordinator._do_heartbeat()
    assert await waits(lease)
    coordinator.answered = True
    assert await coordinator._do_heartbeat()
    assert not await waits(lease)
    coordinator.reset_generation()
    assert coordinator.generation == -1
    with pytest.raises(Lost):
        await lease.valid()


async def test_only_what_is_produced_waits(clock: Clock) -> None:
    sent = list[object]()

    class Client:
        async def ready(self, node: int, **_: Any) -> bool:
            return True

        async def send(self, node: int, request: object, **_: Any) -> None:
            sent.append(request)

    client: Any = Client()
    lease = clock.lease()
    hold(client, lease)
    begin(lease)
    clock.now += 11
    produce = ProduceRequest(required_acks=-1, timeout=1_000, topics=[], transactional_id=None)
    held = asyncio.ensure_future(client.send(1, produce, group=0))
    await client.send(1, "metadata")
    await asyncio.sleep(2 * leases.LOOK_SECONDS)
    assert sent == ["metadata"]
    lease.renew(clock.now)
    await held
    assert sent == ["metadata", produce]


async def revoked(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> asyncio.Future[None]:
    """An app with a batch in hand whose partitions are given back."""
    app = create_app("clean", Settings(session_timeout=2))
    app.batch = batch
    consumer: Any = app.consumer
    assert isinstance(consumer, Consumer)
    monkeypatch.setattr(consumer, "_on_partitions_revoked", _nothing)
    task = asyncio.ensure_future(consumer.on_partitions_revoked(set()))
    await asyncio.sleep(0.05)
    return task


async def _nothing(*_: Any, **__: Any) -> None: ...


async def test_partitions_are_given_back_when_the_batch_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = Batch([])
    giving = await revoked(batch, monkeypatch)
    assert not giving.done()
    batch.done.set()
    await asyncio.wait_for(giving, 1)
    assert not batch.given_up


async def test_a_batch_that_has_not_begun_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = Batch([])
    in_hand.set(batch)
    await asyncio.wait_for(await revoked(batch, monkeypatch), 5)
    with pytest.raises(GivenUp):
        take_up()
    assert not batch.begun


async def test_a_batch_that_has_begun_must_end(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ended(Exception): ...

    def fail_stop(reason: str) -> None:
        raise Ended(reason)

    monkeypatch.setattr("agents.consumer.fail_stop", fail_stop)
    batch = Batch([])
    in_hand.set(batch)
    take_up()
    with pytest.raises(Ended, match="given back"):
        await asyncio.wait_for(await revoked(batch, monkeypatch), 5)
