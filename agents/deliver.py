"""deliver: alerts to the webhooks of their subscriptions, signed, tried again over a day, each attempt in a ledger.

Reads news.alerts.v1 and all of news.subscriptions.v1. Writes news.deliveries.v1 (key: alert id/outlet; its state, in the partition
of the same number) and, after the last attempt, the alert to news.dead.v1. An alert counts as consumed when it stands in the ledger
as pending: a receiver that hangs holds up nobody else. The owner of a partition of news.alerts.v1 delivers what stands there.
A receiver gets each alert at least once, always under the same webhook-id, the alert's id.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable
from typing import Any

import faust
from msgspec import Struct

from agents.app import channel, when_stopped
from agents.batch import Event, take_up
from agents.dead_letters import DeadLetters
from agents.deliverer import Deliverer
from agents.delivery import Sender, Stream, consume
from agents.settings import Settings
from newsfeed.records import DeadLetter, Position
from topics import catalogue, codec

ALERT_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


class Head(Struct, frozen=True):
    """What *deliver* reads of an alert; the whole of it is passed on byte for byte."""

    alert_id: str
    subscription: str
    article_id: str


def attach(app: faust.App, settings: Settings) -> None:
    """Add the agent to its app."""
    source = settings.sizing.name(catalogue.ALERTS)
    sender = Sender(app)
    dead = DeadLetters(sender, settings, stage="deliver")
    deliverer = Deliverer(settings, sender, dead)

    @app.on_partitions_revoked.connect(weak=False)
    async def revoked(app: faust.App, revoked: set[Any], **_: Any) -> None:
        await deliverer.revoked()

    @app.on_partitions_assigned.connect(weak=False)
    async def assigned(app: faust.App, assigned: set[Any], **_: Any) -> None:
        deliverer.assigned({place.partition for place in assigned if place.topic == source})

    async def step(events: list[Event]) -> list[Awaitable[Any]]:
        await deliverer.current()
        take_up()
        sent: list[Awaitable[Any]] = []
        for event in events:
            message = event.message
            head = head_of(message.value)
            if isinstance(head, DeadLetter):
                sent.append(await dead.send(event, head, content_type="application/json"))
                continue
            at = Position(topic=source, partition=message.partition, offset=message.offset)
            sent += await deliverer.take(head.alert_id, head.article_id, head.subscription, at, message.value or b"")
        return sent

    @app.agent(channel(app, settings, catalogue.ALERTS), name="deliver")
    async def deliver(stream: Stream) -> None:
        await consume(stream, step, batch=settings.batch, within=settings.linger, agent="deliver")

    @app.on_before_shutdown.connect(weak=False)
    async def finish(app: faust.App, **_: Any) -> None:
        await deliverer.finish()  # what is on its way is written down, and for that the producer must live

    when_stopped(app, deliverer.close)


def head_of(value: bytes | None) -> Head | DeadLetter:
    """The head of an alert; a dead letter where it is no alert, or its id cannot be a webhook's."""
    head = codec.decode(value, Head)
    if isinstance(head, codec.Bad):
        return DeadLetter(reason="internal", detail=f"no alert: {head.error}"[:500])
    if not ALERT_ID.fullmatch(head.alert_id):
        return DeadLetter(
            reason="internal", detail="no alert: its id has other characters than letters, digits, _ and -"
        )
    return head
