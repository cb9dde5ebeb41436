"""A receiver in JavaScript, with the library of Standard Webhooks for it, takes what is signed and nothing else."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.webhook import Poster
from newsfeed.subscriptions.webhooks import read_secrets, sign

HERE = Path(__file__).with_name("javascript")
NEW, OLD = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
BODY = '{"trigger":"original","title":"غاز – Gas"}'.encode()


def library() -> Path:
    """The folder with the library, brought by npm once a machine."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsfeed-tests"
    base.mkdir(parents=True, exist_ok=True)
    wanted = base / "standardwebhooks-1.0.0"
    with (base / "lock-npm").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not wanted.is_dir():
            making = wanted.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            shutil.copy(HERE / "package.json", making)
            done = subprocess.run(
                ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"],
                cwd=making, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100, check=False,
            )  # fmt: skip
            if done.returncode:
                raise RuntimeError(f"npm could not bring the library: {(done.stdout + done.stderr)[-2000:]}")
            making.rename(wanted)
    return wanted


@pytest.fixture
def receiver() -> Iterator[subprocess.Popen[str]]:
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"needs {' and '.join(missing)} on the PATH")
    environment = {"PATH": os.environ["PATH"], "NODE_PATH": str(library() / "node_modules"), "SECRET": f"whsec_{OLD}"}
    with subprocess.Popen(
        ["node", str(HERE / "receiver.cjs")],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


async def test_a_javascript_receiver_verifies(receiver: subprocess.Popen[str]) -> None:
    assert receiver.stdout is not None
    url, now = f"http://127.0.0.1:{int(receiver.stdout.readline())}/hook", int(time.time())
    poster = Poster(seconds=10, allow_private=True)
    try:
        rotated = sign("0f" * 16, now, BODY, read_secrets(f"{NEW}\n{OLD}\n"))
        assert (await poster.post(url, BODY, rotated)).status == 204
        assert json.loads(receiver.stdout.readline()) == json.loads(BODY)
        assert (await poster.post(url, BODY + b" ", rotated)).status == 400
        assert (await poster.post(url, BODY, sign("0f" * 16, now, BODY, read_secrets(NEW)))).status == 400
        assert (await poster.post(url, BODY, sign("0f" * 16, now - 3_600, BODY, read_secrets(OLD)))).status == 400
    finally:
        await poster.close()
