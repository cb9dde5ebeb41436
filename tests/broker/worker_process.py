"""The real ``newsfeed worker`` as a child process, its log read line by line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

READY_SECONDS = 60.0
ROOT = Path(__file__).resolve().parents[2]
PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "TMPDIR",
    "VIRTUAL_ENV",
    "PYTHONDONTWRITEBYTECODE",
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
)


class WorkerProcess:
    """A worker; ``settings`` are environment variables without their prefix.

    Args:
        program: what Python runs, where it is not the command line.
    """

    def __init__(
        self, folder: Path, *arguments: str, program: tuple[str, ...] = ("-m", "agents.cli", "worker"), **settings: str
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / f"worker-{len(list(folder.glob('worker-*.log')))}.log"
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        defaults = {
            "DATA_DIR": str(folder / "data"),
            "WINDOW_ARTICLES": "50000",
            "SESSION_TIMEOUT": "6",
            "LOG_FORMAT": "json",
        }
        environment |= {f"NEWSFEED_{name}": value for name, value in (defaults | settings).items()}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, *program, *arguments],
                cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        self.pid = self._process.pid

    def events(self) -> list[dict[str, Any]]:
        """What it logged so far."""
        found = []
        for line in self.log.read_text(errors="replace").splitlines():
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict):
                found.append(event)
        return found

    def wait_for(self, event: str, seconds: float = READY_SECONDS) -> dict[str, Any]:
        """The first log line with that event; the worker must not have ended before."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for line in self.events():
                if line.get("event") == event:
                    return line
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(
            f"no {event!r} of the worker (exit code {self._process.poll()}): {self.log.read_text(errors='replace')[-3000:]}"
        )

    @property
    def address(self) -> str:
        """Of its health pages."""
        return self._address(READY_SECONDS)

    def _address(self, seconds: float) -> str:
        return str(self.wait_for("worker starts", seconds)["health"])

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> WorkerProcess:
        """Until /readyz says that every agent has its partitions."""
        deadline = time.monotonic() + seconds
        address = self._address(seconds)
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                if httpx.get(f"{address}/readyz", timeout=2).status_code == 200:
                    return self
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"the worker is not ready: {self.log.read_text(errors='replace')[-3000:]}")

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def send(self, number: signal.Signals) -> None:
        """Send a signal; nothing where the worker has ended."""
        self._process.send_signal(number)

    def wait(self, seconds: float) -> int:
        return self._process.wait(seconds)

    def terminate(self, seconds: float = 10.0) -> int:
        """SIGTERM; returns the exit code, fails where it takes longer."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(seconds)

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> WorkerProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.running:
            self.kill()
