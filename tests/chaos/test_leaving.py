"""A worker stops at once also while its group comes together again and waits for a member that is dead; nobody waits for one that left."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.abc import ConsumerRebalanceListener
from apache_kafka import ApacheKafka
from confluent_kafka.admin import AdminClient, NewTopic
from worker_process import WorkerProcess

from agents.lease import Lease
from agents.membership import Membership

pytestmark = [pytest.mark.kafka, pytest.mark.xdist_group("chaos"), pytest.mark.timeout(300)]

SESSION = 45.0  # seconds: longer than anything that is measured here
READY = 180.0
STOP = 30.0  # a worker promises ten; the machine may be busy
ONLY = ("--only", "deliver")


def test_a_stop_does_not_wait_for_a_dead_member(apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    settings = {
        "BOOTSTRAP_SERVERS": apache_kafka.bootstrap_servers, "TOPIC_PREFIX": topic_prefix, "SESSION_TIMEOUT": f"{SESSION:g}",
    }  # fmt: skip
    with (
        WorkerProcess(tmp_path / "dead", *ONLY, **settings).wait_until_ready(READY) as dead,
        WorkerProcess(tmp_path / "stopped", *ONLY, **settings).wait_until_ready(READY) as stopped,
    ):
        dead.kill()
        killed = time.monotonic()
        with WorkerProcess(tmp_path / "joining", *ONLY, **settings) as joining:  # the group is to come together again
            joining.wait_for("worker starts", READY)
            time.sleep(5)  # by its next heartbeat the other joins as well, and both wait for the dead one
            assert stopped.terminate(STOP) == 0
            assert joining.terminate(STOP) == 0
        assert time.monotonic() - killed < SESSION, "the dead member's session was over: nothing was shown"


class Assignments(ConsumerRebalanceListener):
    """Sets an event at each."""

    def __init__(self) -> None:
        self.came = asyncio.Event()

    async def on_partitions_revoked(self, revoked: object) -> None: ...

    async def on_partitions_assigned(self, assigned: object) -> None:
        self.came.set()


async def test_a_forgotten_membership_is_left(apache_kafka: ApacheKafka, topic_prefix: str) -> None:
    """aiokafka forgets it when its generation is over, and the group would wait a session for it to join again."""
    servers, topic = apache_kafka.bootstrap_servers, f"{topic_prefix}topic"
    admin = AdminClient({"bootstrap.servers": servers})
    admin.create_topics([NewTopic(topic, 2, 1)])[topic].result()
    async with AsyncExitStack() as stack:
        members = []
        for _ in range(2):
            consumer = AIOKafkaConsumer(
                bootstrap_servers=servers, group_id=topic, session_timeout_ms=int(SESSION * 1000), heartbeat_interval_ms=500,
                enable_auto_commit=False,
            )  # fmt: skip
            await stack.enter_async_context(consumer)
            consumer.subscribe([topic], listener=(assignments := Assignments()))
            Membership(consumer._coordinator, Lease(SESSION))
            await asyncio.wait_for(assignments.came.wait(), READY)
            members.append((consumer, assignments))
        await asyncio.sleep(2)  # the first joins again, for the second came
        for _, assignments in members:
            assignments.came.clear()
        members[0][0]._coordinator.reset_generation()
        for consumer, assignments in members:
            await asyncio.wait_for(assignments.came.wait(), SESSION / 2)
            assert len(consumer.assignment()) == 1
