"""A webhook receiver as others write them, on 127.0.0.1: each path behaves in a way of its own, everything that came is kept."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

JUNK = b"x" * 65_536


@dataclass(frozen=True)
class Got:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes
    time: float
    status: int | None

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def alert(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    outer: Receiver

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def do_POST(self) -> None:
        outer = self.server.outer
        body = self.rfile.read(int(self.headers["content-length"]))
        name = self.path.split("?")[0].strip("/")
        answer = outer.answers.get(name, (200, {}))
        if callable(answer):
            answer = answer(self.headers["webhook-id"])
        status = answer[0] if isinstance(answer, tuple) else None
        headers = {key.lower(): value for key, value in self.headers.items()}
        with outer.lock:
            outer.got.append(Got(self.path, headers, body, time.monotonic(), status))
        if isinstance(answer, tuple):
            self.send_response(answer[0])
            for key, value in {"content-length": "0", **answer[1]}.items():
                self.send_header(key, value)
            self.end_headers()
            return
        self.close_connection = True
        if answer == "hang":
            outer.over.wait()
        elif answer == "garbage":
            self.wfile.write(b"\x00\xff SMTP or so\r\n\r\n")
        elif answer == "short":  # promises more than it sends
            self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\nok")
        elif answer == "flood":
            self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
            while not outer.over.is_set():
                self.wfile.write(JUNK)
        elif answer == "headers":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not outer.over.is_set():
                self.wfile.write(b"x-more: " + JUNK[:1_000] + b"\r\n")


Answer = tuple[int, dict[str, str]] | str | Callable[[str], tuple[int, dict[str, str]]]


@dataclass
class Receiver:
    """``answers``: by the URL's path, without slashes: (status, headers), how it misbehaves, or a function of the webhook id."""

    answers: dict[str, Answer] = field(default_factory=dict)
    port: int = 0
    got: list[Got] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Receiver:
        self.over.clear()
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.outer = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}?key=SECRET-IN-URL"

    def at(self, name: str) -> list[Got]:
        with self.lock:
            return [got for got in self.got if got.path.split("?")[0] == f"/{name}"]

    def wait(self, name: str, count: int, seconds: float = 30.0) -> list[Got]:
        """Until so many requests came to a path."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if len(self.at(name)) >= count:
                return self.at(name)
            time.sleep(0.02)
        raise AssertionError(f"{len(self.at(name))} of {count} requests came to /{name}")
