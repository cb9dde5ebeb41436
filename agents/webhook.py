"""Posting to receivers that nobody vouches for: addresses checked as they are connected to, everything they send bounded."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from newsfeed.subscriptions.targets import TargetError, check_url, is_public

CONNECT_SECONDS = 5.0
BODY_SECONDS = 1.0  # for the rest of an answer whose status is known
BODY_BYTES = 64 << 10
IDLE_SECONDS = 2.0  # a kept connection; receivers close theirs after 5 and more
LOOKUPS = 64  # threads: a name server that is silent holds one for seconds
REFUSED = "not a public address (NEWSFEED_WEBHOOK_ALLOW_PRIVATE=true allows it)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a post: the status and ``Retry-After``, or ``status`` None and the reason, which never holds the URL.

    Attributes:
        refused: nothing was sent and nothing will be: the URL cannot be used, or leads to no public address.
    """

    status: int | None
    reason: str = ""
    retry_after: str | None = None
    refused: bool = False


class Refused(OSError):
    """The address that a URL leads to must not be connected to."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address} is {REFUSED}")


class Resolver(AbstractResolver):
    """The system's look-up, in threads of its own: a slow name server delays nobody else's work."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(LOOKUPS, thread_name_prefix="webhook-lookup")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a host."""
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        )
        return [
            ResolveResult(
                hostname=host, host=str(at[0]), port=port, family=kind, proto=proto, flags=socket.AI_NUMERICHOST
            )
            for kind, _, proto, _, at in found
        ]

    async def close(self) -> None:
        """Wait for no look-up."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class PublicAddresses(AbstractResolver):
    """What another resolver finds, without the addresses that must not be connected to; where nothing is left the name is refused.

    So a name with both kinds is tried again while its public address is down, and one that only leads inside is told apart.
    """

    def __init__(self, names: AbstractResolver) -> None:
        self._names = names

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The public addresses of a host."""
        found = await self._names.resolve(host, port, family)
        public = [each for each in found if is_public(each["host"])]
        if found and not public:
            raise Refused(found[0]["host"])
        return public

    async def close(self) -> None:
        """Close what it asks."""
        await self._names.close()


class Poster:
    """One HTTP client for all receivers.

    No proxy, no cookies, no redirects, no credentials from a netrc; TLS is verified. The address check that counts is where the
    socket is made, for each address that is tried: a name that resolves to something else the second time gains nothing.

    Args:
        seconds: the most that one post may take in all.
        allow_private: whether any address will do.
        resolver: how names become addresses.
    """

    def __init__(self, *, seconds: float, allow_private: bool, resolver: AbstractResolver | None = None) -> None:
        self._allow_private = allow_private
        names = resolver or Resolver()
        self._resolver = names if allow_private else PublicAddresses(names)
        self._timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=min(CONNECT_SECONDS, seconds))
        self._agent = f"newsfeed/{version('newsfeed')}"
        self._session: aiohttp.ClientSession | None = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=self._resolver,
                socket_factory=self._socket,
                ssl=ssl.create_default_context(),
                limit=0,  # whoever calls says how many at once
                keepalive_timeout=IDLE_SECONDS,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                timeout=self._timeout,
                trust_env=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                read_bufsize=BODY_BYTES,
            )
        return self._session

    def _socket(self, address: Any) -> socket.socket:
        family, kind, proto, _, place = address
        if not (self._allow_private or is_public(str(place[0]))):
            raise Refused(str(place[0]))
        return socket.socket(family=family, type=kind, proto=proto)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post a body; whatever the receiver does, an answer comes within the time."""
        try:
            check_url(url)
            target = URL(url, encoded=True)
        except (TargetError, ValueError) as error:
            reason = str(error) if isinstance(error, TargetError) else "the URL cannot be read"
            return Answer(None, reason, refused=True)
        sent = {"content-type": "application/json", "user-agent": self._agent, **headers}
        try:
            async with self._open().post(target, data=body, headers=sent, allow_redirects=False) as response:
                await _drain(response)
                return Answer(response.status, retry_after=response.headers.get("retry-after"))
        except TimeoutError:
            return Answer(None, f"no answer within {self._timeout.total:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            refused = isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, Refused)
            return Answer(None, _reason(error), refused=refused)

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
        await self._resolver.close()


async def _drain(response: aiohttp.ClientResponse) -> None:
    """Read what is short, so that the connection can be used again; cut off what is long, slow or broken."""
    left = BODY_BYTES
    with suppress(TimeoutError, aiohttp.ClientError, OSError, ValueError):
        async with asyncio.timeout(BODY_SECONDS):
            while left > 0:
                read = await response.content.read(left)
                if not read:
                    return
                left -= len(read)
    response.close()


def _reason(error: BaseException) -> str:
    """What failed, in words that hold neither path nor query of the URL."""
    if isinstance(error, aiohttp.ClientConnectorError):
        inner = error.os_error
        if isinstance(inner, Refused):
            return str(inner)
        return f"cannot connect: {inner.strerror or type(inner).__name__}"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"no HTTP: {error.message.partition(':')[0]}"[:100]  # what follows is the receiver's own
    return type(error).__name__
