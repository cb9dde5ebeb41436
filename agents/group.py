"""group: what is told, when, and as one.

Reads news.matches.v1 and, for what was told and waits, news.alerts.v1 and news.groups.v1. Writes news.alerts.v1 (key: subscription id),
news.groups.v1 (its state) and, for corrections and withdrawals, the enriched event to the topics that told subscribers have of their
own. The owner of partition 0 of news.matches.v1 writes a tick a second to each partition: time enters by the log alone. A record read
again after a crash gives the same alerts with the same ids, in the same groups.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import faust

from agents import logs, metrics
from agents.app import channel, when_stopped
from agents.batch import Event, take_up
from agents.dead_letters import DeadLetters
from agents.delivery import Sender, Stream, consume, time_ms
from agents.directory import Directory
from agents.groups import CAUSE, Groups
from agents.outlets import OutletTopics
from agents.settings import Settings
from newsfeed.records import Alert, DeadLetter, MatchesRecord, Notice, Tick
from newsfeed.subscriptions import Outgoing, Subscribers, Teller
from topics import catalogue, cloudevents, codec

log = logs.get("group")

TICK_SECONDS = 1.0
_ANY: Any = MatchesRecord


def attach(app: faust.App, settings: Settings) -> None:
    """Add the agent to its app."""
    sizing = settings.sizing
    matches, alerts = sizing.name(catalogue.MATCHES), sizing.name(catalogue.ALERTS)
    outlets, sender = OutletTopics(settings), Sender(app)
    dead = DeadLetters(sender, settings, stage="group")
    subscribers = Subscribers()
    directory, groups = Directory(settings, subscribers), Groups(settings, subscribers)

    @app.on_partitions_assigned.connect(weak=False)
    async def assigned(app: faust.App, assigned: set[Any], **_: Any) -> None:
        groups.assigned({place.partition for place in assigned if place.topic == matches})

    def owned(partition: int) -> bool:
        return any(place.topic == matches and place.partition == partition for place in app._assignment or ())

    async def tell(event: Event, alert: Alert) -> Awaitable[Any]:
        metrics.ALERTS.labels(alert.trigger).inc()
        when = time_ms(event)
        described = cloudevents.headers(
            catalogue.ALERTS, source=alerts, subject=alert.article_id, id=alert.alert_id, time_ms=when
        )
        described.append((CAUSE, f"{event.message.offset}/{max(0, when)}".encode()))
        # In the partition of its cause: who owns the one reads the other.
        partition, key = event.message.partition, codec.key(alert.subscription)
        return await sender.send(alerts, key=key, value=codec.encode(alert), headers=described, partition=partition)

    async def copied(alert: Alert, notice: Notice) -> list[Awaitable[Any]]:
        return await outlets.copy(
            sender,
            subscribers.topics(alert.subscription),
            key=notice.enriched.article_id.encode(),
            value=codec.encode(notice.enriched),
            headers=notice.headers,
        )

    async def told(partition: int, teller: Teller, batch: list[Event]) -> list[Awaitable[Any]]:
        sent: list[Awaitable[Any]] = []
        leaving: list[tuple[Event, Alert]] = []
        ticked = False
        for event in batch:
            found = _taken(teller, event)
            if isinstance(found, DeadLetter):
                sent.append(await dead.send(event, found))
                continue
            record, outgoing = found
            ticked = ticked or isinstance(record, Tick)
            for alert, notice in outgoing:
                leaving.append((event, alert))
                sent += await copied(alert, notice) if notice is not None else []
        teller.until = batch[-1].message.offset + 1
        # An alert that stands in the log is not told again, and then its copy would not be sent again either.
        await asyncio.gather(*sent)
        await asyncio.gather(*[await tell(event, alert) for event, alert in leaving])
        if not owned(partition):  # another worker goes on, perhaps with newer states than these
            return []
        return await groups.write(sender, partition, teller, mark=ticked)

    async def step(events: list[Event]) -> list[Awaitable[Any]]:
        await directory.ready()
        by_partition: dict[int, list[Event]] = {}
        for event in events:
            by_partition.setdefault(event.message.partition, []).append(event)
        # The first event after an assignment stands at the committed offset.
        tellers = [await groups.ready(number, batch[0].message.offset) for number, batch in by_partition.items()]
        take_up()
        written = await asyncio.gather(
            *(told(number, teller, by_partition[number]) for number, teller in zip(by_partition, tellers, strict=True))
        )
        return [delivery for deliveries in written for delivery in deliveries]

    @app.agent(channel(app, settings, catalogue.MATCHES), name="group")
    async def group(stream: Stream) -> None:
        await consume(stream, step, batch=settings.batch, within=settings.linger, agent="group")

    async def tick() -> None:
        if app.rebalancing or not owned(0):
            return
        try:
            packed = codec.encode(Tick(), catalogue.MATCHES)
            partitions = await sender.partitions(matches)
            await asyncio.gather(
                *[await sender.send(matches, key=None, value=packed, partition=partition) for partition in partitions]
            )
        except Exception as error:
            log.warning("no tick, trying again", error=f"{type(error).__name__}: {error}")

    app.timer(TICK_SECONDS)(tick)
    when_stopped(app, directory.close)
    when_stopped(app, groups.close)


def _taken(teller: Teller, event: Event) -> tuple[MatchesRecord, list[Outgoing]] | DeadLetter:
    """Apply a record; what nobody foresaw is a dead letter, so that one record cannot stop the rest."""
    record: MatchesRecord | codec.Bad = codec.decode(event.message.value, _ANY, catalogue.MATCHES)
    if isinstance(record, codec.Bad):
        return DeadLetter(reason="internal", detail=record.error[:500])
    try:
        return record, teller.take(record, time_ms(event), event.message.offset)
    except Exception as error:
        return DeadLetter(reason="internal", detail=f"{type(error).__name__}: {error}"[:500])
