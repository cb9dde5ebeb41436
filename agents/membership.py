"""A worker's membership of its consumer group: it renews the lease, is left without waiting for anyone, and a refusal ends the worker.

Kafka answers a request to join when all members it knows have asked, or after the session of those that never will. aiokafka leaves a
group only after that answer, and it forgets a membership whose generation is over without leaving: the group would wait a session
for a member that is there no more. tests/agents/test_internals.py guards what is taken from inside it.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aiokafka.client import ConnectionGroup
from aiokafka.errors import InvalidSessionTimeoutError, KafkaError
from aiokafka.protocol.group import LeaveGroupRequest, SyncGroupRequest

from agents import logs
from agents.delivery import fail_stop
from agents.lease import Lease

log = logs.get("membership")

PATIENCE = 0.5  # seconds for what is under way in the group to end, twice: before and after the group is told
LEAVE_SECONDS = 1.0
SESSION = (
    "NEWSFEED_SESSION_TIMEOUT is less than the broker's group.min.session.timeout.ms, 6 s unless that is set, "
    "or more than its group.max.session.timeout.ms"
)


class Membership:
    """What an aiokafka coordinator does about the group, mended.

    Args:
        coordinator: a ``GroupCoordinator``, of a consumer that has started.
        lease: told when an assignment is asked for, of each heartbeat that is answered, and when the group no longer knows the worker.
    """

    def __init__(self, coordinator: Any, lease: Lease) -> None:
        self._coordinator = coordinator
        self._lease = lease
        self._beat, self._reset = coordinator._do_heartbeat, coordinator.reset_generation
        self._push, self._send = coordinator._push_error_to_user, coordinator._send_req
        self._leaving = set[asyncio.Task[None]]()
        coordinator._do_heartbeat, coordinator.reset_generation = self._beating, self._resetting
        coordinator._maybe_leave_group, coordinator.close = self._leave, self._close
        coordinator._push_error_to_user, coordinator._send_req = self._refused, self._asking

    async def _asking(self, request: Any) -> Any:
        if isinstance(request, SyncGroupRequest):
            self._lease.ask()
        return await self._send(request)

    async def _beating(self) -> bool:
        asked = self._lease.now()
        answered: bool = await self._beat()
        if answered:
            self._lease.renew(asked)
        return answered

    def _resetting(self) -> None:
        """The group has gone on without this worker, or no longer knows it: it will join as somebody else."""
        self._lease.lose()
        forgotten = self._coordinator.member_id
        self._reset()
        if forgotten:
            task = asyncio.ensure_future(self._tell(forgotten))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    async def _refused(self, error: KafkaError) -> None:
        """The group refuses the worker for good. aiokafka keeps the reason for whoever fetches, and Faust fetches only what was assigned."""
        if not self._coordinator._closing.done():
            what = f"the group {self._coordinator.group_id} refuses this worker"
            fail_stop(f"{what}: {SESSION}" if isinstance(error, InvalidSessionTimeoutError) else what, error=error)
        await self._push(error)

    async def _leave(self) -> None:
        member = self._coordinator.member_id
        if member:
            await self._tell(member)
        self._lease.lose()
        self._reset()

    async def _tell(self, member: str) -> None:
        """Tell the group that a member leaves, on a connection where no answer to a join is waited for."""
        coordinator = self._coordinator
        node, request = coordinator.coordinator_id, LeaveGroupRequest(coordinator.group_id, member)
        if node is None:
            return
        try:
            await asyncio.wait_for(
                coordinator._client.send(node, request, group=ConnectionGroup.DEFAULT), LEAVE_SECONDS
            )
        except (KafkaError, TimeoutError) as error:
            log.info("the group could not be told of a leave", group=coordinator.group_id, error=type(error).__name__)

    async def _close(self) -> None:
        coordinator = self._coordinator
        if coordinator._closing.done():
            return
        coordinator._closing.set_result(None)
        task = coordinator._coordination_task
        await asyncio.wait([task], timeout=PATIENCE)
        if not task.done():  # it waits for an answer to a join; Kafka gives it at once to a member that leaves
            await self._leave()
            await asyncio.wait([task], timeout=PATIENCE)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await coordinator._stop_heartbeat_task()
        await coordinator._stop_commit_offsets_refresh_task()
        await self._leave()
        await asyncio.gather(*self._leaving)
