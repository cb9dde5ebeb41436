"""``audit`` and ``dead-letters`` after a real worker's run: right when it is right, and otherwise when something is missing or doubled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feed
import pytest
from foreign_client import Record, read, write
from newsfeed_process import lines, newsfeed, told
from worker_process import WorkerProcess

from agents.embedded_broker import EmbeddedBroker

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("embedded"), pytest.mark.timeout(90)]

GOOD, BROKEN = 30, 10


class Desk:
    """A broker, topics of our own, and the command line that knows both."""

    def __init__(self, servers: str, prefix: str) -> None:
        self.servers, self.prefix = servers, prefix

    def run(self, *arguments: str, **more: str) -> Any:
        at = {"NEWSFEED_BOOTSTRAP_SERVERS": self.servers, "NEWSFEED_TOPIC_PREFIX": self.prefix}
        return newsfeed(*arguments, **(at | more))

    def audit(self, code: int = 0, wait: int = 0) -> dict[str, Any]:
        (report,) = lines(self.run("audit", "--json", "--wait", str(wait)), code)
        assert report["ok"] is (code == 0)
        return dict(report)

    def read(self, name: str) -> list[Record]:
        return read(self.servers, f"{self.prefix}news.{name}.v1")

    def write(self, name: str, key: bytes | None, value: bytes) -> None:
        write(self.servers, f"{self.prefix}news.{name}.v1", [(key, value, None)])


@pytest.fixture
def desk(embedded_broker: EmbeddedBroker, topic_prefix: str) -> Desk:
    return Desk(embedded_broker.bootstrap_servers, topic_prefix)


@pytest.fixture
def worker(desk: Desk, tmp_path: Path) -> Iterator[WorkerProcess]:
    with WorkerProcess(tmp_path, BOOTSTRAP_SERVERS=desk.servers, TOPIC_PREFIX=desk.prefix) as running:
        yield running.wait_until_ready()


def test_the_accounts_of_a_run(desk: Desk, worker: WorkerProcess) -> None:
    spoilt = [feed.broken(number) for number in range(BROKEN)]
    write(desk.servers, f"{desk.prefix}news.raw.v1", [*feed.messages(GOOD), *(message for message, _ in spoilt)])
    report = desk.audit(wait=30)
    assert (report["raw"], report["verdicts"], report["dead"]) == (GOOD + BROKEN, GOOD, BROKEN)
    assert report["published"] == report["enriched"] > 0
    assert "every message has exactly one verdict or dead letter" in told(desk.run("audit"))

    # Dead letters: listed with their reasons, shown untouched, sent again (and dead again: nothing was mended).
    rows = lines(desk.run("dead-letters", "list", "--json"))
    assert sorted(row["reason"] for row in rows) == sorted(reason for _, reason in spoilt)
    assert {row["topic"] for row in rows} == {f"{desk.prefix}news.raw.v1"}
    (number, wanted) = next((number, reason) for number, (_, reason) in enumerate(spoilt) if reason == "wrong_type")
    (row,) = lines(desk.run("dead-letters", "list", "--json", "--reason", wanted))
    (shown,) = lines(desk.run("dead-letters", "show", row["at"], "--json"))
    key, value, _ = spoilt[number][0]
    assert shown["record"]["key"] == (key or b"").decode()
    assert shown["record"]["value"] == json.loads(value)
    assert wanted in told(desk.run("dead-letters", "show", row["at"]))
    assert told(desk.run("dead-letters", "replay", row["at"])) == "replayed 1\n"
    (counts,) = lines(desk.run("dead-letters", "replay", "--reason", "not_object", "--json"))
    assert counts == {"replayed": sum(reason == "not_object" for _, reason in spoilt), "skipped": 0}
    report = desk.audit(wait=30)
    assert report["raw"] == GOOD + BROKEN + 1 + counts["replayed"]
    assert report["dead"] == BROKEN + 1 + counts["replayed"]
    assert worker.terminate() == 0

    # A repeat of the same bytes is well; another verdict for the same message is not.
    verdict = desk.read("verdicts")[0]
    desk.write("verdicts", verdict.key, verdict.value or b"")
    assert desk.audit()["repeats"] == 1
    changed = json.loads(verdict.value or b"") | {"score": 0.123}
    place = changed["raw"]["partition"], changed["raw"]["offset"]
    desk.write("verdicts", verdict.key, json.dumps(changed).encode())
    (problem,) = desk.audit(1)["problems"]
    assert (problem["what"], problem["partition"], problem["offset"]) == ("repeat differs", *place)
    assert "repeat differs" in told(desk.run("audit"), 1)


def test_a_message_without_an_answer(desk: Desk) -> None:
    told(desk.run("topics", "create"))
    assert desk.audit()["raw"] == 0
    desk.write("raw", b"k", b"{}")
    (problem,) = desk.audit(1)["problems"]
    assert problem["what"] == "no answer"
    assert "the accounts do not balance" in told(desk.run("audit"), 1)


def test_what_no_worker_writes(desk: Desk) -> None:
    told(desk.run("topics", "create"))
    desk.write("verdicts", b"k", b"\xff")
    desk.write("dead", b"k", b"no headers")
    problems = desk.audit(1)["problems"]
    assert {(problem["what"], problem["topic"].removeprefix(desk.prefix)) for problem in problems} == {
        ("unreadable", "news.verdicts.v1"),
        ("unreadable", "news.dead.v1"),
    }
