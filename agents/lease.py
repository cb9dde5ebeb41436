"""How long a worker may take itself for the owner of its partitions.

Kafka gives the partitions of a worker that was silent for a session to another one, which goes on from what was committed. A worker that
was frozen does not know: what it then still sends stands in the log behind the other's records, and a compacted topic would keep
an old version of an article for the newest. The rule is that of leases (C. Gray, D. Cheriton, SOSP 1989): what is sent leaves only
within a session's time of a heartbeat that was answered.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable

from aiokafka.errors import RequestTimedOutError

PATIENCE = 20.0  # seconds: shorter than what the producer gives a batch, which then fails with a reason
LOOK_SECONDS = 0.02


class Lost(Exception):
    """Another worker may own the partitions now."""


class Lease:
    """Renewed by heartbeats, in the consumer's thread; asked before each produce request, in the worker's.

    Args:
        seconds: the session timeout of the consumer group. clock: monotonic, in seconds; it goes on while the process is frozen.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.now = clock
        self._seconds = seconds
        self._until = math.inf  # nothing is owned, nothing can be lost
        self._lost = False
        self._asked = -math.inf

    def renew(self, asked: float) -> None:
        """A heartbeat was answered that was sent at ``asked``, by the clock."""
        self._until = asked + self._seconds

    def ask(self) -> None:
        """The group is about to be asked for an assignment."""
        self._asked = self.now()

    def begin(self) -> None:
        """Partitions were assigned by the answer to what was asked last; it may have lain in the socket since."""
        self._lost = False
        self.renew(self._asked)

    def end(self) -> None:
        """Partitions were given back, and nothing of them is in hand."""
        self._until, self._lost = math.inf, False

    def lose(self) -> None:
        """The group no longer knows this worker."""
        self._lost = math.isfinite(self._until)

    async def valid(self) -> None:
        """Return at once while it holds; else wait for the next heartbeat.

        Raises:
            Lost: the group has gone on without this worker.
            RequestTimedOutError: no heartbeat was answered for long.
        """
        deadline = self.now() + PATIENCE
        while self._lost or self.now() >= self._until:
            if self._lost:
                raise Lost
            if self.now() >= deadline:
                raise RequestTimedOutError("no heartbeat is answered")
            await asyncio.sleep(LOOK_SECONDS)
