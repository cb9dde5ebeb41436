"""The topics that subscriptions name as their own: used only where they exist and are not newsfeed's; one that takes nothing stops nobody."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable
from typing import Any

from aiokafka.errors import (
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
)

from agents import clients, logs
from agents.delivery import Headers, Sender
from agents.settings import Settings
from topics.catalogue import TOPICS, Sizing

log = logs.get("outlets")

NAME = re.compile(r"[A-Za-z0-9._-]{1,249}")
ASK_AGAIN = 10.0  # seconds
# What a topic answers by its own settings: to send the same again would stop everybody for ever.
TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)
LARGER = "it is larger than the topic takes, or what was sent with it: raise the topic's max.message.bytes"
FORBIDDEN = (InvalidTopicError, PolicyViolationError, TopicAuthorizationFailedError)


class OutletTopics:
    """Sends enriched events to topics of subscriptions' own; asks the broker once whether there is one, and again where it said no."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._usable: set[str] = set()
        self._refused: dict[str, float] = {}

    async def usable(self, topic: str) -> bool:
        """Whether to send there. A topic that cannot be used is logged and passed over: it must not stop other alerts."""
        if topic in self._usable:
            return True
        if time.monotonic() < self._refused.get(topic, 0.0):
            return False
        reason = await self._reason(topic)
        if reason is None:
            self._usable.add(topic)
            return True
        self._refuse(topic, reason)
        return False

    async def copy(
        self, sender: Sender, topics: list[str], *, key: bytes | None, value: bytes | None, headers: Headers
    ) -> list[Awaitable[Any]]:
        """Send an enriched event to those of the topics that can be used; the returned awaitables are its deliveries."""
        sent: list[Awaitable[Any]] = []
        for topic in topics:
            if await self.usable(topic):
                try:
                    delivery = await sender.send(topic, key=key, value=value, headers=headers)
                except KafkaError as error:
                    await self._passed_over(topic, key, error)
                else:
                    sent.append(self._taken(topic, key, delivery))
        return sent

    async def _taken(self, topic: str, key: bytes | None, delivery: Awaitable[Any]) -> None:
        try:
            await delivery
        except KafkaError as error:
            await self._passed_over(topic, key, error)

    async def _passed_over(self, topic: str, key: bytes | None, error: KafkaError) -> None:
        """Go on without the copy where the topic is to blame; where the broker is, raise: the batch is read again."""
        if isinstance(error, TOO_LARGE):
            log.warning("event not copied", topic=topic, article=(key or b"").decode(), reason=LARGER)
            return
        reason = str(error) if isinstance(error, FORBIDDEN) else await self._reason(topic)
        if reason is None:
            raise error
        self._refuse(topic, reason)

    def _refuse(self, topic: str, reason: str) -> None:
        self._usable.discard(topic)
        if time.monotonic() >= self._refused.get(topic, 0.0):  # once, of all the events that were on their way
            log.warning("topic of a subscription cannot be used", topic=topic[:249], reason=reason)
        self._refused[topic] = time.monotonic() + ASK_AGAIN

    async def _reason(self, topic: str) -> str | None:
        refused = refusal(topic, self._settings.sizing)
        if refused is not None:
            return refused
        async with clients.admin(self._settings) as admin:
            return None if topic in await admin.list_topics() else "it does not exist: create it first"


def refusal(topic: str, sizing: Sizing) -> str | None:
    """Why a topic cannot be a subscription's own, whatever the broker has; None where it can."""
    if topic in {sizing.name(spec) for spec in TOPICS.values()} | set(TOPICS):
        return "it is a topic of newsfeed itself"
    if not NAME.fullmatch(topic) or topic in (".", ".."):
        return "no name for a topic: letters, digits, '.', '_' and '-', at most 249"
    return None
