"""Where an agent puts what it cannot handle: key and value untouched, the reason in the headers, and counted."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from agents import metrics
from agents.batch import Event
from agents.delivery import Headers, Sender
from agents.settings import Settings
from newsfeed.records import DeadLetter, Position
from topics import catalogue, deadletters


class DeadLetters:
    """The dead letters of one agent.

    Args:
        stage: the agent's name.
    """

    def __init__(self, sender: Sender, settings: Settings, *, stage: str) -> None:
        self._sender = sender
        self._topic = settings.sizing.name(catalogue.DEAD)
        self._stage = stage

    async def send(
        self, event: Event, letter: DeadLetter, *, position: Position | None = None, content_type: str | None = None
    ) -> Awaitable[Any]:
        """Hand over the consumed record as a dead letter; the returned future is its delivery.

        Args:
            position: the record that is answered; the consumed one where not given.
            content_type: of the value, where it is known.
        """
        message = event.message
        here = position or Position(topic=message.topic, partition=message.partition, offset=message.offset)
        return await self.put(letter, here, key=message.key, value=message.value, content_type=content_type)

    async def put(
        self,
        letter: DeadLetter,
        position: Position,
        *,
        key: bytes | None,
        value: bytes | None,
        content_type: str | None = None,
        kept: Headers = (),
    ) -> Awaitable[Any]:
        """Hand over a record that is not the consumed one; ``kept`` are headers of its own, before those of the reason."""
        why = deadletters.headers(letter, position, stage=self._stage, content_type=content_type)
        metrics.DEAD_LETTERS.labels(self._stage, letter.reason).inc()
        return await self._sender.send(self._topic, key=key, value=value, headers=[*kept, *why])
