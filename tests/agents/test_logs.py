"""Logs: JSON lines on standard error where nobody sits at a terminal, text where somebody does, results never among them."""

from __future__ import annotations

import json
import logging
import os
import pty
import subprocess
import sys

import pytest

from agents import logs

SCRIPT = """
import logging
from agents import logs
logs.configure({arguments})
logs.get("clean").info("batch done", count=3, topic="news.raw.v1")
logging.getLogger("other").warning("from %s", "elsewhere")
logging.getLogger("aiokafka").info("chatter")
logs.get("clean").debug("detail")
try:
    1 / 0
except ZeroDivisionError:
    logs.get("clean").exception("failed")
"""


def run(arguments: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SCRIPT.format(arguments=arguments)], capture_output=True, text=True, timeout=60, check=True
    )  # fmt: skip


def test_json_when_not_at_a_terminal() -> None:
    found = run()
    assert found.stdout == ""
    events = [json.loads(line) for line in found.stderr.splitlines()]
    assert [event["event"] for event in events] == ["batch done", "from elsewhere", "failed"]
    first, second, third = events
    assert (first["level"], first["logger"], first["count"], first["topic"]) == (
        "info",
        "newsfeed.clean",
        3,
        "news.raw.v1",
    )
    assert first["timestamp"].endswith("Z")
    assert (second["level"], second["logger"]) == ("warning", "other")
    assert "ZeroDivisionError" in third["exception"]


def test_a_library_does_not_say_the_same_a_hundred_times() -> None:
    said = list[str]()

    class Hears(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    handler, client, own = Hears(), logging.getLogger("aiokafka.cluster"), logging.getLogger("newsfeed.window")
    handler.addFilter(logs.Sparing(seconds=60))
    for logger in (client, own):
        logger.addHandler(handler)
    try:
        for node in range(100):
            client.error("no connection to node %s", node)
            own.error("no article %s", node)
        client.error("no metadata")
    finally:
        for logger in (client, own):
            logger.removeHandler(handler)
    assert [text for text in said if text.startswith("no article")] == [f"no article {node}" for node in range(100)]
    assert [text for text in said if not text.startswith("no article")] == ["no connection to node 0", "no metadata"]


def test_how_many_were_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, sparing = iter([0.0, 1.0, 2.0, 11.0]), logs.Sparing(seconds=10)
    monkeypatch.setattr("agents.logs.time.monotonic", lambda: next(clock))
    records = [logging.LogRecord("faust", logging.ERROR, "", 0, "node %s", (node,), None) for node in range(4)]
    assert [sparing.filter(record) for record in records] == [True, False, False, True]
    assert records[3].getMessage() == "node 3 (and 2 like it)"


def test_text_when_it_is_asked_for() -> None:
    found = run('"info", "console"')
    assert "batch done" in found.stderr
    with pytest.raises(ValueError):
        json.loads(found.stderr.splitlines()[0])


def test_levels() -> None:
    assert [json.loads(line)["event"] for line in run('"error"').stderr.splitlines()] == ["failed"]
    assert "detail" in [json.loads(line)["event"] for line in run('"debug"').stderr.splitlines()]


def test_text_at_a_terminal() -> None:
    ours, theirs = pty.openpty()
    try:
        subprocess.run(
            [sys.executable, "-c", SCRIPT.format(arguments="")], stdout=subprocess.DEVNULL, stderr=theirs, timeout=60, check=True
        )  # fmt: skip
        said = os.read(ours, 65_536).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert "batch done" in said
    assert not said.lstrip().startswith("{")
