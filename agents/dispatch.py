"""Who is posted to when: a queue a receiver, so that a slow one delays itself and nobody else."""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from newsfeed.records import Delivery

AT_ONCE = 4  # requests to one receiver; one where its last answer did not come
WELL, ILL = 192, 64  # requests in all: receivers that do not answer share places of their own

Attempt = Callable[[Delivery], Awaitable[bool | None]]


@dataclass(slots=True)
class _Receiver:
    waiting: deque[Delivery] = field(default_factory=deque)
    running: int = 0
    ill: bool = False


class Dispatch:
    """Runs attempts when they are due.

    Args:
        attempt: makes one; returns whether the receiver answered, None where it was not asked. It never raises.
    """

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._receivers: dict[str, _Receiver] = {}
        self._later: list[tuple[float, int, Delivery]] = []
        self._count = 0
        self._sooner = asyncio.Event()
        self._places = {False: asyncio.Semaphore(WELL), True: asyncio.Semaphore(ILL)}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.Task[None] | None = None
        self._held = self._closed = False

    def __len__(self) -> int:
        """How many wait."""
        return len(self._later) + sum(len(receiver.waiting) for receiver in self._receivers.values())

    def schedule(self, delivery: Delivery, seconds: float = 0.0) -> None:
        """Have it attempted in so many seconds; what was tried before goes ahead of what is new."""
        if self._closed:
            return
        if seconds > 0:
            self._count += 1
            heapq.heappush(self._later, (asyncio.get_running_loop().time() + seconds, self._count, delivery))
            self._sooner.set()
            if self._timer is None:
                self._timer = asyncio.create_task(self._wait())
            return
        receiver = self._receivers.setdefault(delivery.outlet, _Receiver())
        (receiver.waiting.appendleft if delivery.attempt else receiver.waiting.append)(delivery)
        self._pump(delivery.outlet, receiver)

    async def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            while self._later and self._later[0][0] <= loop.time():
                self.schedule(heapq.heappop(self._later)[2])
            self._sooner.clear()
            with suppress(TimeoutError):
                pause = self._later[0][0] - loop.time() if self._later else None
                await asyncio.wait_for(self._sooner.wait(), pause)

    def _pump(self, outlet: str, receiver: _Receiver) -> None:
        while receiver.waiting and receiver.running < (1 if receiver.ill else AT_ONCE) and not self._held:
            receiver.running += 1
            task = asyncio.create_task(self._run(outlet, receiver, receiver.waiting.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if not (receiver.waiting or receiver.running or receiver.ill):
            self._receivers.pop(outlet, None)

    async def _run(self, outlet: str, receiver: _Receiver, delivery: Delivery) -> None:
        async with self._places[receiver.ill]:
            answered = await self._attempt(delivery)
        if answered is not None:
            receiver.ill = not answered
        receiver.running -= 1
        self._pump(outlet, receiver)

    async def hold(self, seconds: float) -> None:
        """Begin nothing more until `go`, and let what runs end, at most so long."""
        self._held = True
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)

    def forget(self) -> None:
        """Drop what waits: whoever knows what is still to be delivered will say so again."""
        self._later.clear()
        for receiver in self._receivers.values():
            receiver.waiting.clear()

    def go(self) -> None:
        """Go on after `hold`."""
        self._held = self._closed
        for outlet, receiver in list(self._receivers.items()):
            self._pump(outlet, receiver)

    async def close(self, seconds: float) -> None:
        """Begin nothing more, let what runs end within the time, break off the rest."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        await self.hold(seconds)
        for task in set(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
