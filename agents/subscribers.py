"""The outlets of every subscription, followed while the worker runs: what *deliver* and the event streams need to know of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from aiokafka.errors import KafkaError

from agents import logs, reading
from agents.following import Following
from agents.settings import Settings
from newsfeed.records import Outlet
from newsfeed.subscriptions.targets import outlet_id
from topics import codec, subscriptions
from topics.catalogue import SUBSCRIPTIONS

log = logs.get("subscribers")

AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A subscription's outlets; ``offset`` is where its newest record stands. ``webhooks`` by outlet id."""

    offset: int
    paused: bool
    sse: bool
    webhooks: dict[str, Outlet]


class Subscribers:
    """Reads news.subscriptions.v1 whole, then follows it. A malformed subscription is left out, as *match* does, and harms nobody else."""

    def __init__(self, settings: Settings) -> None:
        self._known: dict[str, Subscriber] = {}
        self._following = Following(settings, SUBSCRIPTIONS, self._put)

    def get(self, id: str) -> Subscriber | None:
        """The subscriber of that name, None where there is none."""
        return self._known.get(id)

    async def current(self) -> None:
        """Return when everything has been read that stood in the topic at the time of the call; waits for a broker that is gone."""
        while True:
            try:
                await self._following.current()
                return
            except (KafkaError, OSError, reading.MissingTopic) as error:
                log.warning("cannot read subscriptions, trying again", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(AGAIN_SECONDS)

    def _put(self, record: Any) -> None:
        found = subscriptions.read(record.key, record.value)
        if found is None or isinstance(found, codec.Bad):  # *match* tells of these
            self._known.pop(subscriptions.name(record.key), None)
            return
        self._known[found.id] = Subscriber(
            offset=record.offset,
            paused=found.paused,
            sse=any(outlet.kind == "sse" for outlet in found.outlets),
            webhooks={outlet_id(outlet.url or ""): outlet for outlet in found.outlets if outlet.kind == "webhook"},
        )

    async def close(self) -> None:
        """Stop following."""
        await self._following.close()
