"""Alerts as server-sent events, read by curl: a token, what comes, and what was missed."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from alert_feed import alert, subscribe, write_alerts
from worker_process import WorkerProcess

from agents.embedded_broker import EmbeddedBroker

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("embedded")]

TOKEN = "a-token-of-the-desk-0123456789"
HEADERS = {"authorization": f"Bearer {TOKEN}"}


class Curl:
    """curl, reading a stream."""

    def __init__(self, folder: Path, url: str, *, last: str | None = None) -> None:
        self._out = folder / f"curl-{len(list(folder.glob('curl-*')))}.txt"
        more = ["-H", f"Last-Event-ID: {last}"] if last else []
        with self._out.open("wb") as out:
            self._process = subprocess.Popen(
                ["curl", "-sN", "-H", f"Authorization: Bearer {TOKEN}", *more, url],
                stdin=subprocess.DEVNULL,
                stdout=out,
            )

    def __enter__(self) -> Curl:
        deadline = time.monotonic() + 20
        while "retry:" not in self._out.read_text() and time.monotonic() < deadline:
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def wait(self, count: int, seconds: float = 20) -> list[tuple[str, dict[str, Any]]]:
        """(id, alert) of the events, when so many came."""
        deadline = time.monotonic() + seconds
        found: list[tuple[str, dict[str, Any]]] = []
        while time.monotonic() < deadline:
            text = self._out.read_text()
            found = [
                (id, json.loads(data))
                for id, data in re.findall(r"^id: (\S+)\nevent: alert\ndata: (.+)\n\n", text, re.M)
            ]
            if len(found) >= count:
                return found
            time.sleep(0.02)
        raise AssertionError(f"{len(found)} of {count} events came: {self._out.read_text()[:500]}")


@pytest.fixture
def worker(embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path) -> Iterator[WorkerProcess]:
    (tmp_path / "token").write_text(TOKEN + "\n")
    settings = {
        "BOOTSTRAP_SERVERS": embedded_broker.bootstrap_servers,
        "TOPIC_PREFIX": topic_prefix,
        "SESSION_TIMEOUT": "2",
    }
    more = {"SSE_TOKEN_FILE": str(tmp_path / "token"), "SSE_CONNECTIONS": "3"}
    with WorkerProcess(tmp_path, "--only", "deliver", **settings, **more) as started:
        started.wait_until_ready()
        yield started


def test_curl_reads_and_resumes(
    embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path, worker: WorkerProcess
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("needs curl on the PATH")
    servers = embedded_broker.bootstrap_servers
    for name in ("ships", "trains"):
        subscribe(servers, topic_prefix, name, {"kind": "sse"})
    url = f"{worker.address}/v1/alerts/ships/events"
    told = [alert("ships", number) for number in range(30)]
    with Curl(tmp_path, url) as first, Curl(tmp_path, url) as second:
        write_alerts(servers, topic_prefix, [*told[:5], alert("trains", 1), *told[5:10]])
        for each in (first, second):
            assert [found for _, found in each.wait(10)] == told[:10]
        last = first.wait(10)[6][0]
    write_alerts(servers, topic_prefix, [alert("trains", 2), *told[10:25]])
    with Curl(tmp_path, url, last=last) as third:
        write_alerts(servers, topic_prefix, told[25:])
        found = third.wait(23)
        assert [each for _, each in found] == told[7:]
        assert len({id for id, _ in found}) == 23
    with Curl(tmp_path, url, last="3-999999999") as fourth:
        write_alerts(servers, topic_prefix, [alert("ships", 99)])
        assert fourth.wait(1)[0][1] == alert("ships", 99)
        assert worker.terminate(60) == 0, "an open stream does not hold up the end"


def test_who_gets_no_stream(
    embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path, worker: WorkerProcess
) -> None:
    subscribe(embedded_broker.bootstrap_servers, topic_prefix, "ships", {"kind": "sse"})
    subscribe(embedded_broker.bootstrap_servers, topic_prefix, "quiet")
    url = f"{worker.address}/v1/alerts/{{}}/events"
    for headers in (
        {},
        {"authorization": TOKEN},
        {"authorization": "Bearer wrong"},
        {"authorization": f"Basic {TOKEN}"},
    ):
        found = httpx.get(url.format("ships"), headers=headers)
        assert (found.status_code, found.headers["www-authenticate"]) == (401, "Bearer")
    assert httpx.get(url.format("none"), headers=HEADERS).status_code == 404
    assert "--sse" in httpx.get(url.format("quiet"), headers=HEADERS).text
    assert httpx.get(url.format("ships"), headers=HEADERS | {"last-event-id": "x"}).status_code == 400
    with httpx.Client(headers=HEADERS) as client:
        streams = [client.stream("GET", url.format("ships")) for _ in range(3)]
        assert [each.__enter__().headers["content-type"] for each in streams] == ["text/event-stream"] * 3
        assert client.get(url.format("ships")).status_code == 503
        for each in streams:
            each.__exit__(None, None, None)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:  # those who left make room
        with httpx.stream("GET", url.format("ships"), headers=HEADERS) as again:
            if again.status_code == 200:
                break
        time.sleep(0.1)
    assert again.status_code == 200
    (tmp_path / "token").write_text("short\n")
    assert httpx.get(url.format("ships"), headers=HEADERS).status_code == 503
    (tmp_path / "token").write_text("")
    closed = httpx.get(url.format("ships"), headers=HEADERS)
    assert (closed.status_code, "NEWSFEED_SSE_TOKEN_FILE" in closed.text) == (403, True)
    assert TOKEN not in worker.log.read_text()


def test_a_client_that_does_not_read_is_let_go(
    embedded_broker: EmbeddedBroker, topic_prefix: str, worker: WorkerProcess
) -> None:
    servers = embedded_broker.bootstrap_servers
    subscribe(servers, topic_prefix, "ships", {"kind": "sse"})
    host, port = worker.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as idle:
        idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        idle.sendall(
            f"GET /v1/alerts/ships/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n\r\n".encode()
        )
        assert idle.recv(1_000).startswith(b"HTTP/1.1 200")
        body = "x" * 500_000
        for number in range(30):
            write_alerts(servers, topic_prefix, [alert("ships", number, title=body)])
        deadline = time.monotonic() + 20
        while "newsfeed_event_streams 0.0" not in httpx.get(f"{worker.address}/metrics").text:
            assert time.monotonic() < deadline, "the stream is still open"
            time.sleep(0.1)
