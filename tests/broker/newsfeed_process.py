"""The command line as a process: the arguments go in, exit code and both outputs come back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("NEWSFEED_")}
SECONDS = 60


def newsfeed(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run ``newsfeed`` to its end; ``environment`` are whole names."""
    return subprocess.run(
        [sys.executable, "-m", "agents.cli", *arguments], input=stdin, capture_output=True, timeout=SECONDS, env=PLAIN | environment, check=False
    )  # fmt: skip


def told(found: subprocess.CompletedProcess[bytes], code: int = 0) -> str:
    """What it printed, after a look at the exit code; an error is never a traceback."""
    said = found.stderr.decode()
    assert found.returncode == code, f"exit code {found.returncode}: {said}"
    assert "Traceback" not in said
    return found.stdout.decode()


def lines(found: subprocess.CompletedProcess[bytes], code: int = 0) -> list[Any]:
    """The JSON lines it printed."""
    return [json.loads(line) for line in told(found, code).splitlines()]
