"""Every subscription: read from the log at start, then followed while the worker runs."""

from __future__ import annotations

from typing import Any, Protocol

from agents import logs
from agents.following import Following
from agents.settings import Settings
from newsfeed.records import Subscription
from newsfeed.subscriptions import QueryError
from topics import codec
from topics.catalogue import SUBSCRIPTIONS

log = logs.get("directory")


class Book(Protocol):
    """What subscriptions are entered in: a matcher, or a plain list."""

    def __len__(self) -> int: ...
    def put(self, subscription: Subscription) -> None: ...
    def remove(self, id: str) -> None: ...


class Directory:
    """Keeps a book up to date with news.subscriptions.v1.

    A subscription that cannot be used is logged and passed over: it harms nobody else.
    """

    def __init__(self, settings: Settings, book: Book) -> None:
        self._book = book
        self._following = Following(settings, SUBSCRIPTIONS, self._enter)

    async def ready(self) -> None:
        """Read the topic up to its end; the first call starts following it."""
        if await self._following.ready():
            log.info("subscriptions ready", subscriptions=len(self._book))

    def _enter(self, record: Any) -> None:
        id = (record.key or b"").decode("utf-8", "replace")
        if record.value is None or record.value == b"":
            self._book.remove(id)
            return
        subscription = codec.decode(record.value, Subscription)
        if isinstance(subscription, codec.Bad):
            log.warning("subscription passed over", subscription=id, reason=subscription.error)
            return
        try:
            self._book.put(subscription)
        except Exception as error:  # whatever it is, the other subscriptions go on
            told = str(error) if isinstance(error, QueryError) else f"{type(error).__name__}: {error}"
            log.warning("subscription passed over", subscription=subscription.id, reason=told[:500])

    async def close(self) -> None:
        """Stop following."""
        await self._following.close()
