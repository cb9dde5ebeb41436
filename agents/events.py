"""Server-sent events: ``GET /v1/alerts/SUBSCRIPTION/events`` on the worker's HTTP address, resumed by ``Last-Event-ID``.

An event's id is ``partition-offset`` of the alert in news.alerts.v1, its data the alert as it stands there. Any worker serves any
subscription that has the outlet. Every request needs a bearer token. Format: HTML Living Standard, 9.2 "Server-sent events".
"""

from __future__ import annotations

import asyncio
import hmac
import re
from contextlib import aclosing, suppress
from typing import Any

from aiohttp import web
from aiokafka.errors import KafkaError

from agents import clients, logs, metrics, reading
from agents.event_hub import Hub, Listener
from agents.secret_files import read_file
from agents.settings import Settings
from agents.subscribers import Subscribers
from newsfeed.subscriptions.webhooks import SecretError

log = logs.get("events")

PATH = "/v1/alerts/{subscription}/events"
HEARTBEAT_SECONDS = 15.0
WRITE_SECONDS = 30.0  # a client that takes nothing for so long is gone
ASK_SECONDS = 10.0
READERS = 8  # clients whose missed alerts are read at once
RETRY_MS = 2_000
SHORTEST_TOKEN = 16  # characters
EVENT_ID = re.compile(r"(\d{1,9})-(\d{1,18})")


class Events:
    """The event streams of one worker."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._hub = Hub(settings)
        self._subscribers = Subscribers(settings)
        self._open: set[Listener] = set()
        self._admitted = 0  # open, or about to be
        self._reading = asyncio.Semaphore(READERS)
        self._closing = False

    def routes(self) -> list[web.RouteDef]:
        """For the worker's pages."""
        return [web.get(PATH, self._serve, allow_head=False)]

    def _tokens(self) -> list[bytes]:
        """The tokens that open a stream.

        Raises:
            SecretError: the file cannot be used.
        """
        text = self._settings.sse_token.get_secret_value() if self._settings.sse_token else ""
        if self._settings.sse_token_file is not None:
            text = read_file(self._settings.sse_token_file)
        found = [line.strip().encode() for line in text.splitlines() if line.strip()]
        if any(len(token) < SHORTEST_TOKEN for token in found):
            raise SecretError(f"holds a token of fewer than {SHORTEST_TOKEN} characters")
        return found

    def _refused(self, request: web.Request) -> web.Response | None:
        """Why nobody is let in; None where one is."""
        try:
            tokens = self._tokens()
        except SecretError as error:
            log.error(
                "token of the event streams cannot be used", file=str(self._settings.sse_token_file), why=str(error)
            )
            return _problem(503, "the server's token cannot be used; its log says why")
        if not tokens:
            return _problem(403, "event streams are closed: the server has no token (NEWSFEED_SSE_TOKEN_FILE)")
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        matches = [hmac.compare_digest(token, given.strip().encode("utf-8", "replace")) for token in tokens]
        if kind.lower() != "bearer" or not any(matches):
            return _problem(401, "give the header `Authorization: Bearer TOKEN`", {"www-authenticate": "Bearer"})
        if self._admitted >= self._settings.sse_connections or self._closing:
            return _problem(503, "too many event streams", {"retry-after": "10"})
        return None

    async def _unknown(self, request: web.Request) -> web.Response | None:
        """Why the subscription has no stream; None where it has one."""
        try:
            await asyncio.wait_for(self._subscribers.current(), ASK_SECONDS)
        except TimeoutError:
            return _problem(503, "the subscriptions cannot be read now", {"retry-after": "10"})
        subscriber = self._subscribers.get(request.match_info["subscription"])
        if subscriber is None or not subscriber.sse:
            return _problem(404, "no such subscription, or it was added without --sse")
        return None

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        refused = self._refused(request)
        if refused is not None:
            return refused
        self._admitted += 1
        try:
            unknown = await self._unknown(request)
            return await self._admit(request) if unknown is None else unknown
        finally:
            self._admitted -= 1

    async def _admit(self, request: web.Request) -> web.StreamResponse:
        last = request.headers.get("last-event-id", "").strip()
        found = EVENT_ID.fullmatch(last)
        if last and not found:
            return _problem(400, "Last-Event-ID is not the id of an event: partition-offset")
        subscription = request.match_info["subscription"]
        try:
            listener, following = await self._hub.join(subscription)
        except (clients.Unreachable, reading.MissingTopic):
            return _problem(503, "the alerts cannot be read now", {"retry-after": "10"})
        self._open.add(listener)
        metrics.EVENT_STREAMS.set(len(self._open))
        try:
            return await self._stream(request, subscription, listener, following, found)
        finally:
            self._open.discard(listener)
            metrics.EVENT_STREAMS.set(len(self._open))
            self._hub.leave(subscription, listener)

    async def _stream(
        self,
        request: web.Request,
        subscription: str,
        listener: Listener,
        following: dict[int, int],
        last: re.Match[str] | None,
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream", "cache-control": "no-store"})
        await response.prepare(request)
        if request.transport is not None:
            listener.overflowed = request.transport.abort
        with suppress(ConnectionError, TimeoutError, KafkaError, clients.Unreachable):
            await _write(response, f"retry: {RETRY_MS}\n\n".encode())
            if last is not None:
                partition, begin = int(last[1]), int(last[2]) + 1
                until = following.get(partition, 0)
                if begin < until:
                    async with (
                        self._reading,
                        aclosing(self._hub.missed(subscription, partition, begin, until)) as missed,
                    ):
                        async for record in missed:
                            await _write(response, event(record))
            while not listener.ended:
                record = await listener.get(HEARTBEAT_SECONDS)
                if not listener.ended:
                    await _write(response, b": alive\n\n" if record is None else event(record))
        if request.transport is not None:
            (request.transport.close if self._closing else request.transport.abort)()
        return response

    async def close(self) -> None:
        """End every stream; clients come again and go on where they were."""
        self._closing = True
        for listener in self._open:
            listener.end()
        await self._hub.close()
        await self._subscribers.close()


async def _write(response: web.StreamResponse, data: bytes) -> None:
    await asyncio.wait_for(response.write(data), WRITE_SECONDS)


def event(record: Any) -> bytes:
    """An alert as an event. A line break in its JSON, which ours has none of, would begin another field."""
    lines = (record.value or b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    data = b"".join(b"data: " + line + b"\n" for line in lines)
    return f"id: {record.partition}-{record.offset}\nevent: alert\n".encode() + data + b"\n"


def _problem(status: int, what: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": what}, status=status, headers=headers)
