"""alert: enriched events to alerts for those who asked.

Reads news.enriched.v1, all of news.subscriptions.v1, and news.alerts.v1 (who was told of what). Writes news.alerts.v1 (key:
subscription id) and, for a Kafka outlet with a topic of its own, the whole enriched record there (key: article id).
Keeps the subscriptions in memory. A correction or withdrawal goes to exactly those who were told of what it names.
Alert ids are hashes of what is told to whom: after a replay a subscriber sees no second id for the same thing.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import faust

from agents import logs
from agents.app import channel
from agents.delivery import Event, Sender, Stream, consume, header, time_ms
from agents.directory import Directory
from agents.settings import Settings
from newsfeed.actors import ActorTagger
from newsfeed.records import Alert, Enriched, Subscription
from newsfeed.subscriptions import build_alert
from newsfeed.text import Document
from topics import catalogue, cloudevents, codec

log = logs.get("alert")

TELLS_AGAIN = ("correction", "withdrawal")


def attach(app: faust.App, settings: Settings) -> None:
    """Add the agent to its app."""
    sizing = settings.sizing
    alerts = sizing.name(catalogue.ALERTS)
    tagger, sender = ActorTagger(settings.actor_files), Sender(app)
    directory = Directory(
        settings, lambda name: [actor.id for actor in tagger.tag(Document(title=name, body="")).actors]
    )

    async def step(events: list[Event]) -> list[Awaitable[Any]]:
        await directory.ready()
        sent: list[Awaitable[Any]] = []
        for event in events:
            enriched = codec.decode(event.message.value, Enriched)
            if isinstance(enriched, codec.Bad):
                log.warning("no enriched record", offset=event.message.offset, reason=enriched.error)
                continue
            when = time_ms(event)
            for subscription, alert in told(directory, enriched, when):
                subject = cloudevents.headers(
                    catalogue.ALERTS, source=alerts, subject=alert.article_id, id=alert.alert_id, time_ms=when
                )
                sent.append(
                    await sender.send(alerts, key=subscription.id.encode(), value=codec.encode(alert), headers=subject)
                )
                for outlet in subscription.outlets:
                    if outlet.kind == "kafka" and outlet.topic:
                        copied = [
                            (name, value)
                            for name in catalogue.ENRICHED.headers
                            if (value := header(event, name)) is not None
                        ]
                        sent.append(
                            await sender.send(
                                outlet.topic, key=event.message.key, value=event.message.value, headers=copied
                            )
                        )
        return sent

    @app.agent(channel(app, settings, catalogue.ENRICHED), name="alert")
    async def alert(stream: Stream) -> None:
        await consume(stream, step, batch=settings.batch, within=settings.linger, agent="alert")

    @app.on_before_shutdown.connect(weak=False)
    async def close(app: faust.App, **_: Any) -> None:
        await directory.close()


def told(directory: Directory, enriched: Enriched, time_ms: int) -> list[tuple[Subscription, Alert]]:
    """Who is told of an article, and what; remembered at once, so that what follows in the same batch knows it."""
    kind = enriched.verdict.kind
    matches = {match.subscription.id: match for match in directory.matcher.match(enriched)}
    found: list[tuple[Subscription, str | None]]
    if kind in TELLS_AGAIN:
        named = directory.told.who(enriched)
        wanted = [(directory.matcher.get(id), corrects) for id, corrects in named.items()]
        found = [
            (each, corrects) for each, corrects in wanted if each is not None and kind in each.on and not each.paused
        ]
    else:
        found = [(match.subscription, None) for match in matches.values()]
    out = []
    for subscription, corrects in found:
        match = matches.get(subscription.id)
        clauses = match.clauses if match is not None else []
        alert = build_alert(subscription, enriched, clauses, trigger=kind, corrects=corrects)  # type: ignore[arg-type]
        directory.told.remember(alert, time_ms)
        out.append((subscription, alert))
    return out
