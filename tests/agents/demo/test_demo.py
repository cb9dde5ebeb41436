"""`newsfeed demo` as a user runs it: a real broker, a real worker, and nothing left behind however it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from agents.demo.sample import sample_messages

COMMAND = [sys.executable, "-P", "-m", "agents.cli", "demo"]
PATIENCE = 60.0

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("broker"), pytest.mark.timeout(180)]


def environment(folder: Path) -> dict[str, str]:
    """A fresh home, and settings that lead to a cluster which must not be used."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NEWSFEED_")}
    return clean | {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "COLUMNS": "120",
        "NEWSFEED_BOOTSTRAP_SERVERS": "203.0.113.1:9092",
        "NEWSFEED_TOPIC_PREFIX": "production.",
    }


def children(pid: int) -> set[int]:
    """All descendants of a process."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
    found, new = set[int](), {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - found
        found |= new
    return found


def alive(pids: set[int]) -> set[int]:
    """Those that run (a zombie does not)."""
    out = set()
    for pid in pids:
        with suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
                out.add(pid)
    return out


@contextmanager
def running(
    folder: Path, *arguments: str, until: str = "Publishing "
) -> Iterator[tuple[subprocess.Popen[str], set[int], str]]:
    """The demo at work, ``until`` it has printed a line; broker and worker are its children."""
    demo = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(folder),
        cwd=folder,
    )
    assert demo.stdout is not None
    mine, line = set[int](), ""
    try:
        said = []
        for line in demo.stdout:
            said.append(line)
            if line.startswith(until):
                break
        else:
            pytest.fail("the demo ended too early:\n" + "".join(said))
        mine = children(demo.pid)
        assert len(mine) >= 2, "a broker and a worker"
        yield demo, mine, line.strip()
    finally:
        for pid in alive({demo.pid, *mine}):
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        demo.stdout.close()
        demo.wait()


def test_the_whole_demo(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "--rate", "0"],
        capture_output=True,
        text=True,
        env=environment(tmp_path),
        cwd=tmp_path,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    messages = sample_messages()
    numbers = [int(found) for found in re.findall(r"^ *(\d+) (?:[a-z]{2}|--) ", done.stdout, re.MULTILINE)]
    assert sorted(numbers) == list(range(1, len(messages) + 1)), "each message is shown once"
    assert re.search(rf"^messages +{len(messages)} +{len(messages)}$", done.stdout, re.MULTILINE)
    told = sum(len(message.expected.alerts) for message in messages)
    assert re.search(rf"^alerts +{told} +{told}$", done.stdout, re.MULTILINE)
    assert "differs" not in done.stdout
    assert "What to try next" in done.stdout
    assert "\x1b" not in done.stdout
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("newsfeed-demo-")] == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_kept_it_can_be_used_from_outside(tmp_path: Path) -> None:
    with running(tmp_path, "--keep", "--rate", "0", until="  export NEWSFEED_BOOTSTRAP_SERVERS=") as (demo, mine, line):
        time.sleep(0.5)
        assert demo.poll() is None
        servers = line.split("=")[1]
        audit = [*COMMAND[:-1], "audit", "--bootstrap-servers", servers]
        clean = {name: value for name, value in environment(tmp_path).items() if not name.startswith("NEWSFEED_")}
        done = subprocess.run(audit, capture_output=True, text=True, env=clean, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        demo.send_signal(signal.SIGINT)
        assert demo.wait(PATIENCE) == 0
        assert alive(mine) == set()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_clears_away(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path, "--rate", "2") as (demo, mine, _):
        demo.send_signal(number)
        assert demo.wait(PATIENCE) == 130
        assert alive(mine) == set()
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith("newsfeed-demo-")] == []


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends the children; reads /proc")
def test_killed_it_takes_broker_and_worker_with_it(tmp_path: Path) -> None:
    with running(tmp_path, "--rate", "2") as (demo, mine, _):
        demo.kill()
        demo.wait()
        deadline = time.monotonic() + PATIENCE
        while alive(mine) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert alive(mine) == set()
