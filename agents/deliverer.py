"""Delivers alerts to webhooks: takes them into the ledger, posts them when they are due, writes down what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import Any

import msgspec
from aiokafka.errors import KafkaError

from agents import ledger, logs, metrics
from agents.alert_log import AlertLog
from agents.dead_letters import DeadLetters
from agents.delivery import Sender, fail_stop
from agents.dispatch import Dispatch
from agents.ledger import Ledger
from agents.secret_files import webhook_keys
from agents.settings import Settings
from agents.subscribers import Subscriber, Subscribers
from agents.webhook import Answer, Poster
from newsfeed.records import DeadLetter, Delivery, Position
from newsfeed.records.delivery import Outcome
from newsfeed.subscriptions.retries import at, follow, seconds_until
from newsfeed.subscriptions.webhooks import SecretError, sign
from topics import catalogue, cloudevents, codec

log = logs.get("deliver")

HELD_SECONDS = 5.0  # until a paused subscription, or a broker that is gone, is looked at again
REVOKE_SECONDS, CLOSE_SECONDS = 2.0, 4.0  # for posts that are on their way


class Deliverer:
    """The deliveries of the partitions of news.alerts.v1 that this worker owns."""

    def __init__(self, settings: Settings, sender: Sender, dead: DeadLetters) -> None:
        self._settings = settings
        self._sender = sender
        self._dead = dead
        self._ledger_topic = settings.sizing.name(catalogue.DELIVERIES)
        self._subscribers = Subscribers(settings)
        self._alerts = AlertLog(settings)
        self._poster = Poster(seconds=settings.webhook_timeout, allow_private=settings.webhook_allow_private)
        self._dispatch = Dispatch(self._attempt)
        self._ledgers: dict[int, asyncio.Task[Ledger]] = {}
        self._owned: set[int] = set()
        self._posting: set[str] = set()

    async def revoked(self) -> None:
        """Before a rebalance: begin nothing, and let what is on its way be written down."""
        await self._dispatch.hold(REVOKE_SECONDS)
        self._owned = set()

    def assigned(self, partitions: set[int]) -> None:
        """After a rebalance: read on in the ledgers, for another worker may have written to them, and go on where they say."""
        self._owned = set(partitions)
        self._dispatch.forget()
        known = {place: task.result() for place, task in self._ledgers.items() if task.done() and not task.cancelled()}
        self._ledgers = {}
        for partition in sorted(partitions):
            self._load(partition, known.get(partition))
        self._dispatch.go()

    def _load(self, partition: int, known: Ledger | None = None) -> asyncio.Task[Ledger]:
        task = asyncio.create_task(self._read(partition, known or Ledger()))
        self._ledgers[partition] = task
        task.add_done_callback(lambda done: self._begin(partition, done))
        return task

    async def _read(self, partition: int, known: Ledger) -> Ledger:
        await self._subscribers.current()
        return await ledger.load(self._settings, partition, known)

    def _begin(self, partition: int, loaded: asyncio.Task[Ledger]) -> None:
        if loaded.cancelled():
            return
        error = loaded.exception()  # asked for in any case: asyncio tells of one that nobody asked for
        if self._ledgers.get(partition) is not loaded:
            return  # of an assignment that is over
        if error is not None:
            fail_stop("the ledger cannot be read", error=error)
        if partition in self._owned:
            now = _now_ms()
            for delivery in loaded.result().open.values():
                self._dispatch.schedule(delivery, seconds_until(delivery.next, now))

    async def _ledger(self, partition: int) -> Ledger:
        return await asyncio.shield(self._ledgers.get(partition) or self._load(partition))

    async def current(self) -> None:
        """Know every subscription that an alert in the log can come from."""
        await self._subscribers.current()

    async def take(
        self, alert_id: str, article_id: str, subscription: str, at: Position, value: bytes
    ) -> list[Awaitable[Any]]:
        """Take an alert for each webhook of its subscription; the deliveries returned must stand before it counts as taken."""
        subscriber = self._subscribers.get(subscription)
        if subscriber is None or not subscriber.webhooks:
            return []
        found = await self._ledger(at.partition)
        taken: list[Awaitable[Any]] = []
        for outlet in subscriber.webhooks:
            disabled = found.disabled(subscription, outlet, subscriber.offset)
            delivery = Delivery(
                alert_id=alert_id, outlet=outlet, attempt=0, outcome="disabled" if disabled else "pending",
                subscription=subscription, article_id=article_id, alert=at, subscribed=subscriber.offset,
            )  # fmt: skip
            if found.wants(delivery.key, at.offset):
                found.apply(delivery)
                self._alerts.keep(at.partition, at.offset, value)
                taken.append(self._taken(await self._write(delivery), delivery, at))
        return taken

    async def _taken(self, written: Awaitable[Any], delivery: Delivery, at: Position) -> None:
        await written
        found = await self._ledger(at.partition)
        if delivery.outcome == "pending" and found.open.get(delivery.key) is not delivery:  # a rebalance came between
            if not found.wants(delivery.key, at.offset):
                return
            found.apply(delivery)
        if delivery.outcome == "pending" and at.partition in self._owned:
            self._dispatch.schedule(delivery)

    async def _write(self, delivery: Delivery) -> Awaitable[Any]:
        event = cloudevents.headers(
            catalogue.DELIVERIES,
            source=self._ledger_topic,
            subject=delivery.article_id,
            id=f"{delivery.key}/{delivery.attempt}",
            time_ms=_now_ms(),
        )
        assert delivery.alert is not None
        return await self._sender.send(
            self._ledger_topic,
            key=delivery.key.encode(),
            value=codec.encode(delivery),
            headers=event,
            partition=delivery.alert.partition,
        )

    async def _attempt(self, delivery: Delivery) -> bool | None:
        """One attempt, if it is still this worker's to make. Whether the receiver answered; None where it was not asked."""
        at, key = delivery.alert, delivery.key
        loaded = self._ledgers.get(at.partition) if at is not None else None
        if at is None or loaded is None or not loaded.done() or at.partition not in self._owned or key in self._posting:
            return None
        found = loaded.result()
        if found.open.get(key) is not delivery:  # done, or planned anew since
            return None
        self._posting.add(key)
        try:
            return await self._try(found, delivery, at)
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            fail_stop("agent deliver cannot go on", error=error)
        finally:
            self._posting.discard(key)

    async def _try(self, found: Ledger, delivery: Delivery, at: Position) -> bool | None:
        subscriber = self._subscribers.get(delivery.subscription)
        if subscriber is None or delivery.outlet not in subscriber.webhooks:
            await self._note(delivery, "disabled", "the subscription no longer has this outlet")
            return None
        if found.disabled(delivery.subscription, delivery.outlet, subscriber.offset):
            await self._note(delivery, "disabled", "the receiver answered 410 before", subscribed=subscriber.offset)
            return None
        if subscriber.paused:
            self._dispatch.schedule(delivery, HELD_SECONDS)
            return None
        try:
            body = await self._alerts.value(at)
        except (KafkaError, OSError) as error:
            log.warning("cannot read an alert, trying again", error=f"{type(error).__name__}: {error}")
            self._dispatch.schedule(delivery, HELD_SECONDS)
            return None
        if body is None:
            await self._note(delivery, "failed", "the alert is no longer in the log")
            return None
        answer = await self._post(delivery, subscriber, body)
        tried = msgspec.structs.replace(delivery, attempt=delivery.attempt + 1, status=answer.status)
        followed = follow(
            delivery.alert_id, delivery.outlet, tried.attempt, answer.status,
            retry_after=answer.retry_after, time_ms=_now_ms(), schedule=self._settings.webhook_retries, refused=answer.refused,
        )  # fmt: skip
        metrics.DELIVERIES.labels(followed.outcome).inc()
        await self._note(tried, followed.outcome, answer.reason, pause=followed.pause, subscribed=subscriber.offset)
        return answer.status is not None

    async def _post(self, delivery: Delivery, subscriber: Subscriber, body: bytes) -> Answer:
        outlet = subscriber.webhooks[delivery.outlet]
        try:
            keys = await asyncio.to_thread(webhook_keys, outlet.secret_file)
        except SecretError as error:
            return Answer(None, f"secret file {outlet.secret_file}: {error}")
        return await self._poster.post(outlet.url or "", body, sign(delivery.alert_id, int(time.time()), body, keys))

    async def _note(
        self,
        delivery: Delivery,
        outcome: Outcome,
        reason: str,
        *,
        pause: float | None = None,
        subscribed: int | None = None,
    ) -> None:
        """Write down what came of an attempt, and plan what follows."""
        following = None if pause is None else at(_now_ms(), pause)
        noted = msgspec.structs.replace(delivery, outcome=outcome, next=following, subscribed=subscribed)
        partition = noted.alert.partition if noted.alert is not None else 0
        if outcome != "delivered":
            (log.info if outcome == "retry" else log.warning)(
                "alert not delivered", outcome=outcome, subscription=noted.subscription, outlet=noted.outlet, alert=noted.alert_id,
                attempt=noted.attempt, status=noted.status, reason=reason or f"answered {noted.status}", next=noted.next,
            )  # fmt: skip
            if partition not in self._owned:  # its new owner knows better, except of what arrived
                return
        if outcome == "failed":
            await self._bury(noted, reason or f"answered {noted.status}")
        await (await self._write(noted))
        if partition in self._owned:
            (await self._ledger(partition)).apply(noted)
            if pause is not None:
                self._dispatch.schedule(noted, pause)

    async def _bury(self, delivery: Delivery, reason: str) -> None:
        """After the last attempt: the alert as a dead letter, headers and all, so that it can be sent again."""
        assert delivery.alert is not None
        record = await self._alerts.record(delivery.alert)
        if record is None:
            return
        detail = f"subscription {delivery.subscription}, {delivery.outlet}: {reason}, attempts: {delivery.attempt}"
        letter = DeadLetter(reason="undeliverable", detail=detail[:500])
        written = await self._dead.put(
            letter, delivery.alert, key=record.key, value=record.value, kept=list(record.headers)
        )
        await written

    async def finish(self) -> None:
        """Post nothing more: what is on its way may arrive, the rest goes on at the next start."""
        await self._dispatch.close(CLOSE_SECONDS)

    async def close(self) -> None:
        """Give everything back."""
        for task in self._ledgers.values():
            task.cancel()
        await self._poster.close()
        await self._alerts.close()
        await self._subscribers.close()


def _now_ms() -> int:
    return round(time.time() * 1000)
