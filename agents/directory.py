"""Every subscription: read from the log at start, then followed while the worker runs."""

from __future__ import annotations

import gc
from typing import Any, Protocol

from agents import logs
from agents.following import Following
from agents.settings import Settings
from newsfeed.records import Subscription
from newsfeed.subscriptions import QueryError
from topics import codec, subscriptions
from topics.catalogue import SUBSCRIPTIONS

log = logs.get("directory")


class Book(Protocol):
    """What subscriptions are entered in: a matcher, or a plain list."""

    def __len__(self) -> int: ...
    def put(self, subscription: Subscription) -> None: ...
    def remove(self, id: str) -> None: ...


class Directory:
    """Keeps a book up to date with news.subscriptions.v1.

    A subscription that cannot be used is logged and left out: it harms nobody else. What stood under its name before goes, too,
    for a worker that starts later does not see it.
    """

    def __init__(self, settings: Settings, book: Book) -> None:
        self._book = book
        self._refused: set[str] = set()
        self._following = Following(settings, SUBSCRIPTIONS, self.enter)

    async def ready(self) -> None:
        """Read the topic up to its end; the first call starts following it."""
        if await self._following.ready():
            gc.freeze()  # they stay: going through the objects of 100,000 would stop everything for 0.4 s at times
            log.info("subscriptions ready", subscriptions=len(self._book), refused=self.refused)

    @property
    def refused(self) -> int:
        """How many subscriptions stand in the topic and cannot be used."""
        return len(self._refused)

    def enter(self, record: Any) -> None:
        """Enter a record of the topic, or what it takes away. It never raises."""
        id = subscriptions.name(record.key)
        found = subscriptions.read(record.key, record.value)
        reason = found.error if isinstance(found, codec.Bad) else None
        if isinstance(found, Subscription):
            try:
                self._book.put(found)
            except Exception as error:  # whatever it is, the other subscriptions go on
                reason = str(error) if isinstance(error, QueryError) else f"{type(error).__name__}: {error}"
        if reason is None:
            self._refused.discard(id)
            if found is None:
                self._book.remove(id)
            return
        self._book.remove(id)
        self._refused.add(id)
        log.warning("subscription refused", subscription=id, reason=reason[:500])

    async def close(self) -> None:
        """Stop following."""
        await self._following.close()
