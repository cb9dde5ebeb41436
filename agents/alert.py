"""alert: enriched events to alerts for those who asked.

Reads news.enriched.v1, all of news.subscriptions.v1, and news.alerts.v1 (who was told of what). Writes news.alerts.v1 (key:
subscription id) and, for a Kafka outlet with a topic of its own, the whole enriched record there (key: article id).
Keeps the subscriptions in memory. A correction or withdrawal goes to exactly those who were told of what it names.
Alert ids are hashes of what is told to whom: after a replay a subscriber sees no second id for the same thing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import faust

from agents import metrics
from agents.app import channel
from agents.dead_letters import DeadLetters
from agents.delivery import Event, Sender, Stream, consume, header, time_ms
from agents.directory import Directory
from agents.outlets import OutletTopics
from agents.settings import Settings
from newsfeed.actors import ActorTagger
from newsfeed.records import Alert, DeadLetter, Enriched, Subscription
from newsfeed.subscriptions import build_alert
from newsfeed.text import Document
from topics import catalogue, cloudevents, codec

TELLS_AGAIN = ("correction", "withdrawal")


def attach(app: faust.App, settings: Settings) -> None:
    """Add the agent to its app."""
    sizing = settings.sizing
    alerts = sizing.name(catalogue.ALERTS)
    outlets = OutletTopics(settings)
    sender = Sender(app)
    dead = DeadLetters(sender, settings, stage="alert")
    directory = Directory(settings, _names(settings))

    async def _copies(subscription: Subscription, event: Event) -> list[Awaitable[Any]]:
        """The enriched record as it stands, to the topics that the subscription has for itself."""
        sent = []
        for outlet in subscription.outlets:
            if outlet.kind == "kafka" and outlet.topic and await outlets.usable(outlet.topic):
                named = ((name, header(event, name)) for name in catalogue.ENRICHED.headers)
                copied = [(name, value) for name, value in named if value is not None]
                message = event.message
                sent.append(await sender.send(outlet.topic, key=message.key, value=message.value, headers=copied))
        return sent

    async def step(events: list[Event]) -> list[Awaitable[Any]]:
        await directory.ready()
        sent: list[Awaitable[Any]] = []
        for event in events:
            enriched = codec.decode(event.message.value, Enriched)
            found = telling(directory, enriched, time_ms(event))
            if isinstance(found, DeadLetter):
                sent.append(await dead.send(event, found, content_type="application/json"))
                continue
            for subscription, alert in found:
                metrics.ALERTS.labels(alert.trigger).inc()
                subject = cloudevents.headers(
                    catalogue.ALERTS, source=alerts, subject=alert.article_id, id=alert.alert_id, time_ms=time_ms(event)
                )
                key = subscription.id.encode("utf-8", "replace")
                sent.append(await sender.send(alerts, key=key, value=codec.encode(alert), headers=subject))
                sent += await _copies(subscription, event)
        return sent

    @app.agent(channel(app, settings, catalogue.ENRICHED), name="alert")
    async def alert(stream: Stream) -> None:
        await consume(stream, step, batch=settings.batch, within=settings.linger, agent="alert")

    @app.on_before_shutdown.connect(weak=False)
    async def close(app: faust.App, **_: Any) -> None:
        await directory.close()


def telling(
    directory: Directory, enriched: Enriched | codec.Bad, time_ms: int
) -> list[tuple[Subscription, Alert]] | DeadLetter:
    """Who is told; what nobody foresaw is a dead letter, so that one article cannot stop the rest."""
    if isinstance(enriched, codec.Bad):
        return DeadLetter(reason="internal", detail=enriched.error[:500])
    try:
        return told(directory, enriched, time_ms)
    except Exception as error:
        return DeadLetter(reason="internal", detail=f"{type(error).__name__}: {error}"[:500])


def _names(settings: Settings) -> Callable[[str], list[str]] | None:
    """Gives the actor ids of a desk's own names; the names of the data files are known to the queries without it."""
    if not settings.actor_files:
        return None
    tagger = ActorTagger(settings.actor_files)
    return lambda name: [actor.id for actor in tagger.tag(Document(title=name, body="")).actors]


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
