"""The command line as a process: the arguments go in, exit code and both outputs come back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("NEWSFEED_")}
SECONDS = 60


def newsfeed(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run ``newsfeed`` to its end; ``environment`` are whole names."""
    return subprocess.run(
        [sys.executable, "-m", "agents.cli", *arguments], input=stdin, capture_output=True, timeout=SECONDS, env=PLAIN | environment, check=False
    )  # fmt: skip


@contextmanager
def running(*arguments: str, python: tuple[str, ...] = (), **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """``newsfeed`` while it runs; killed at the end where it still does. ``python``: options of the interpreter."""
    process = subprocess.Popen(
        [sys.executable, *python, "-m", "agents.cli", *arguments], env=PLAIN | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def interrupted(process: subprocess.Popen[bytes], seconds: float = 20) -> tuple[bytes, bytes]:
    """What it still printed to both outputs after Ctrl-C, which has an exit code of its own."""
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=seconds)
    assert process.returncode == 130
    return out, said


def told(found: subprocess.CompletedProcess[bytes], code: int = 0) -> str:
    """What it printed, after a look at the exit code; an error is never a traceback."""
    said = found.stderr.decode()
    assert found.returncode == code, f"exit code {found.returncode}: {said}"
    assert "Traceback" not in said
    return found.stdout.decode()


def lines(found: subprocess.CompletedProcess[bytes], code: int = 0) -> list[Any]:
    """The JSON lines it printed."""
    return [json.loads(line) for line in told(found, code).splitlines()]
