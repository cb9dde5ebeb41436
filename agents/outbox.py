"""Records on their way to a topic, so many at once, each answered for in its turn: what the commands send with."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

T = TypeVar("T")


class NotTaken(Exception):
    """The broker did not take a record; the message says which, why and what to do."""


class Outbox(Generic[T]):
    """Sends, and waits for the oldest record where too many are on their way.

    Args:
        most: records that may be on their way; 0 waits for each.
        answered: called once for each record with what it was made of, and the error where the broker did not take it, else None.
    """

    def __init__(
        self, producer: AIOKafkaProducer, *, most: int, answered: Callable[[T, KafkaError | None], None]
    ) -> None:
        self._producer = producer
        self._most = most
        self._answered = answered
        self._waiting: deque[tuple[T, Awaitable[Any]]] = deque()

    async def send(self, what: T, topic: str, **record: Any) -> None:
        """Send what was made of ``what``; ``record`` as aiokafka's producer takes it."""
        try:
            sent = await self._producer.send(topic, **record)
        except KafkaError as error:
            self._answered(what, error)
        else:
            self._waiting.append((what, sent))
            await self._settle(self._most)

    async def empty(self) -> None:
        """Return when each record has its answer."""
        await self._settle(0)

    async def _settle(self, most: int) -> None:
        while len(self._waiting) > most:
            what, sent = self._waiting.popleft()
            try:
                await sent
            except KafkaError as error:
                self._answered(what, error)
            else:
                self._answered(what, None)
