"""Posting to receivers that must not be reached, at the real connector: private addresses, names that change, bad certificates."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from agents.webhook import REFUSED, Poster

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Names(AbstractResolver):
    """A name server in other hands: another answer each time it is asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        kinds = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in found]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=0)
            for address, kind in zip(found, kinds, strict=True)
        ]

    async def close(self) -> None:
        """Nothing to close."""


@asynccontextmanager
async def listening(
    address: str = "127.0.0.1", port: int = 0, *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A loopback port that says OK, and what was sent there."""
    got: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, address, port, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1], got
    finally:
        server.close()


@pytest.mark.parametrize(
    "answers",
    [[["127.0.0.1"]], [["10.0.0.1", "127.0.0.1"]], [["::1", "127.0.0.1"]], [["::ffff:127.0.0.1"]], [["169.254.169.254"]], [["0.0.0.0"]]],
)  # fmt: skip
async def test_a_name_that_leads_inside_is_refused(answers: list[list[str]]) -> None:
    async with listening() as (port, got):
        poster = Poster(seconds=3, allow_private=False, resolver=Names(*answers))
        answer = await poster.post(f"http://hook.example:{port}/", b"{}", {})
        await poster.close()
    assert (answer.status, answer.refused) == (None, True)
    assert REFUSED in answer.reason
    assert not got


@pytest.mark.parametrize("answers", [["127.0.0.2", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"]])
async def test_a_public_address_that_is_down_is_tried_again_and_the_private_one_beside_it_is_not_used(
    answers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.webhook.is_public", lambda address: address == "127.0.0.2")
    async with listening() as (port, got):
        poster = Poster(seconds=3, allow_private=False, resolver=Names(answers))
        answer = await poster.post(f"http://hook.example:{port}/", b"{}", {})
        await poster.close()
    assert (answer.status, answer.refused) == (None, False)
    assert not got


async def test_a_name_that_changes_between_two_posts_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # Tests reach loopback only, so 127.0.0.2 stands for the public address of the first answer.
    monkeypatch.setattr("agents.webhook.is_public", lambda address: address == "127.0.0.2")
    async with listening("127.0.0.2") as (port, outside), listening("127.0.0.1", port) as (_, inside):
        poster = Poster(seconds=3, allow_private=False, resolver=Names(["127.0.0.2"], ["127.0.0.1"]))
        assert (await poster.post(f"http://hook.example:{port}/", b"{}", {})).status == 200
        connector = poster._open().connector
        assert isinstance(connector, TCPConnector)
        connector.clear_dns_cache()
        answer = await poster.post(f"http://hook.example:{port}/", b"{}", {})
        await poster.close()
    assert REFUSED in answer.reason
    assert answer.refused
    assert (len(outside), len(inside)) == (1, 0)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:7f00:1]", "127.1", "2130706433", "0", "0x7f000001", "127.0.0.1."],
)
async def test_every_spelling_of_an_address_is_refused(host: str) -> None:
    async with listening() as (port, got):
        poster = Poster(seconds=3, allow_private=False)
        answer = await poster.post(f"http://{host}:{port}/", b"{}", {})
        await poster.close()
    assert answer.status is None
    assert not got


async def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with listening() as (port, got):
        poster = Poster(seconds=3, allow_private=True)
        assert (await poster.post(f"http://127.0.0.1:{port}/", b"{}", {})).status == 200
        await poster.close()
    assert len(got) == 1


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context for `hook.example`, signed by itself, and the file to trust."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hook.example")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hook.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    trusted, private = folder / "cert.pem", folder / "key.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    return context, trusted


async def test_certificates_are_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, trusted = certificate(tmp_path)
    async with listening(tls=context) as (port, got):

        async def post(host: str) -> tuple[int | None, str]:
            poster = Poster(seconds=3, allow_private=True, resolver=Names(["127.0.0.1"]))
            answer = await poster.post(f"https://{host}:{port}/x?key=SECRET", b"{}", {})
            await poster.close()
            return answer.status, answer.reason

        status, reason = await post("hook.example")
        assert status is None
        assert "SECRET" not in reason
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert await post("hook.example") == (200, "")
        assert (await post("other.example"))[0] is None
    assert len(got) == 1
