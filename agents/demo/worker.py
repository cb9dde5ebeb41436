"""A worker process of the demo: started with settings of its own, asked whether it is ready, ended with the demo."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson

from agents.embedded_broker import free_port

READY_SECONDS = 60.0
STOP_SECONDS = 8.0
HURRY_SECONDS = 2.0  # on Ctrl-C, which ends the broker at the same time: nothing is left to hand in
LOG_LINES = 12
_PR_SET_PDEATHSIG = 1


class WorkerError(Exception):
    """The worker did not come up; the message ends with the last lines of its log."""


class DemoWorker:
    """``newsfeed worker`` as a child process, in a session of its own, so that Ctrl-C reaches the demo first.

    Args:
        bootstrap_servers: the broker. folder: for its data and its log.
        settings: further ``NEWSFEED_`` variables without the prefix; none is taken over from the demo's own environment,
            because a variable that points to a real cluster must not lead the demo there.
    """

    def __init__(self, *, bootstrap_servers: str, folder: Path, settings: dict[str, str]) -> None:
        self._log = folder / "worker.log"
        self._port = free_port()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("NEWSFEED_")}
        own = settings | {
            "BOOTSTRAP_SERVERS": bootstrap_servers,
            "DATA_DIR": str(folder / "worker"),
            "WEB_PORT": str(self._port),
            "LOG_LEVEL": "warning",
        }
        self._environment = inherited | {f"NEWSFEED_{name}": value for name, value in own.items()}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "agents.cli", "worker"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS if kind is None else HURRY_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def check(self) -> None:
        """Raises WorkerError where the process has ended."""
        assert self._process is not None
        code = self._process.poll()
        if code is not None:
            raise WorkerError(f"the worker ended with exit code {code}\n{self.last_words()}")

    async def ready(self) -> None:
        """Wait until it says that it is ready.

        Raises:
            WorkerError: it ended, or said nothing within 60 s.
        """
        deadline = asyncio.get_running_loop().time() + READY_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            self.check()
            if await asyncio.to_thread(_says_ready, self._port):
                return
            await asyncio.sleep(0.1)
        raise WorkerError(f"the worker was not ready within {READY_SECONDS:.0f} s\n{self.last_words()}")

    def last_words(self) -> str:
        """The end of its log."""
        with contextlib.suppress(OSError):
            return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:])
        return ""


def _says_ready(port: int) -> bool:
    """Ready, and every agent has been given its partitions: what is published from now on is seen as it comes."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            agents = orjson.loads(answer.read()).get("agents", {})
    except (urllib.error.URLError, OSError, orjson.JSONDecodeError):
        return False
    return all(agent.get("partitions", True) for agent in agents.values())


def _die_with_parent() -> None:
    """Ask Linux to end the child when the demo ends, however it ends."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
