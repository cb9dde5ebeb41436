"""Who subscribes, without the queries: what has to be known of them after the match."""

from __future__ import annotations

from msgspec.structs import replace

from newsfeed.records import Subscription


class Subscribers:
    """Subscriptions by id."""

    def __init__(self) -> None:
        self._held: dict[str, Subscription] = {}

    def __len__(self) -> int:
        return len(self._held)

    def put(self, subscription: Subscription) -> None:
        """Add a subscription or replace the one of its id."""
        self._held[subscription.id] = replace(subscription, query="")

    def remove(self, id: str) -> None:
        """Forget a subscription; none of that id is no error."""
        self._held.pop(id, None)

    def topics(self, id: str) -> list[str]:
        """The Kafka topics of its own that a subscription names."""
        held = self._held.get(id)
        return [outlet.topic for outlet in held.outlets if outlet.kind == "kafka" and outlet.topic] if held else []

    def wants(self, id: str, trigger: str) -> bool:
        """Whether there is such a subscription, not paused, and it wants alerts of this kind."""
        held = self._held.get(id)
        return held is not None and not held.paused and trigger in held.on
