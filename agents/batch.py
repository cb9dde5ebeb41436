"""A batch in hand, and what becomes of it when its partitions are given back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from faust.types import EventT

Event = EventT[Any]


class GivenUp(Exception):
    """The partitions were given back before the batch changed anything; it comes again, here or at another worker."""


class Batch(list[Event]):
    """Events that an agent handles at once.

    Attributes:
        begun: it has changed a state or sent something, and must be brought to its end.
        given_up: it must not begin any more, and is not acknowledged.
        done: set at its end.
        work: what is done about it.
    """

    work: asyncio.Future[None] | None = None

    def __init__(self, events: Iterable[Event]) -> None:
        super().__init__(events)
        self.begun = self.given_up = False
        self.done = asyncio.Event()

    def give_up(self) -> None:
        """Unless it has begun: it is not to begin any more, nor to wait for what it waits for."""
        if not self.begun:
            self.given_up = True
            if self.work is not None:
                self.work.cancel()


in_hand: ContextVar[Batch | None] = ContextVar("in_hand", default=None)


def take_up() -> None:
    """To be called before a batch changes anything, and after whatever it had to wait for.

    Raises:
        GivenUp: it must not.
    """
    batch = in_hand.get()
    if batch is not None:
        if batch.given_up:
            raise GivenUp
        batch.begun = True
