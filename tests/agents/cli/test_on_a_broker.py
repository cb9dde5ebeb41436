"""The command line as a process on the embedded broker: topics, publish, tail, subscriptions."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from foreign_client import read, write
from newsfeed_process import interrupted, lines, newsfeed, running, told

from agents.embedded_broker import EmbeddedBroker
from topics.catalogue import TOPICS

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("embedded"), pytest.mark.timeout(60)]

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
FERRY = {"id": "ferry-1", "title": "Ferry resumes", "body": "The ferry sails again from Monday."}


@pytest.fixture
def at(embedded_broker: EmbeddedBroker, topic_prefix: str) -> dict[str, str]:
    """Environment of a command: this broker, topics of the test's own."""
    return {"NEWSFEED_BOOTSTRAP_SERVERS": embedded_broker.bootstrap_servers, "NEWSFEED_TOPIC_PREFIX": topic_prefix, "NEWSFEED_PARTITIONS": "2"}  # fmt: skip


@pytest.fixture
def run(at: dict[str, str]) -> Run:
    def call(*arguments: str, stdin: bytes = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
        return newsfeed(*arguments, stdin=stdin, **(at | more))

    return call


def test_topics_are_created_once_and_then_right(run: Run, topic_prefix: str) -> None:
    before = lines(run("topics", "check", "--json"), 1)
    assert {finding["topic"] for finding in before} == {topic_prefix + name for name in TOPICS}
    (first,) = lines(run("topics", "create", "--json"))
    assert sorted(first["created"]) == sorted(topic_prefix + name for name in TOPICS)
    assert told(run("topics", "create")) == "nothing to create: all topics are there\n"
    assert told(run("topics", "check")) == "all topics are as they should be\n"
    wrong = lines(run("topics", "check", "--json", NEWSFEED_ARTICLES_PARTITIONS="3"), 1)
    assert {finding["topic"].removeprefix(topic_prefix) for finding in wrong} == {"news.articles.v1", "news.window.v1"}


def test_a_worker_that_cannot_listen_or_write(run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        found = run("worker", NEWSFEED_WEB_PORT=port, NEWSFEED_DATA_DIR=str(tmp_path))
    assert found.returncode == 2
    assert b"newsfeed: NEWSFEED_WEB_BIND, NEWSFEED_WEB_PORT: " in found.stderr
    (tmp_path / "file").write_text("")
    found = run("worker", NEWSFEED_DATA_DIR=str(tmp_path / "file" / "data"))
    assert found.returncode == 2
    assert b"newsfeed: NEWSFEED_DATA_DIR: nothing can be written to " in found.stderr
    assert b"Traceback" not in found.stderr


def test_publish_takes_every_kind_of_file(run: Run, at: dict[str, str], topic_prefix: str, tmp_path: Path) -> None:
    by_url = {"url": "https://example.com/a", "title": "By its URL"}
    (tmp_path / "feed.jsonl").write_text(f"{json.dumps(FERRY)}\n\nno json\n{json.dumps(by_url)}", encoding="utf-8")
    (tmp_path / "one.json").write_text(json.dumps(FERRY, indent=2), encoding="utf-8")
    (tmp_path / "page.html").write_bytes(b"<title>Page</title><p>Text\xff</p>")
    (tmp_path / "note.txt").write_text("Title\n\nBody", encoding="utf-8")
    names = [str(tmp_path / name) for name in ("feed.jsonl", "one.json", "page.html", "note.txt")]
    (counts,) = lines(run("publish", "--json", *names))
    sizes = sum(len(line) for line in (tmp_path / "feed.jsonl").read_bytes().split(b"\n"))
    sizes += sum(Path(name).stat().st_size for name in names[1:])
    assert counts == {"topic": f"{topic_prefix}news.raw.v1", "published": 7, "failed": 0, "bytes": sizes}
    found = read(at["NEWSFEED_BOOTSTRAP_SERVERS"], f"{topic_prefix}news.raw.v1")
    written = {(record.key, record.value, record.header("content-type")) for record in found}
    assert written == {
        (b"ferry-1", json.dumps(FERRY).encode(), "application/json"),
        (None, b"", "application/json"),
        (None, b"no json", "application/json"),
        (b"https://example.com/a", json.dumps(by_url).encode(), "application/json"),
        (b"ferry-1", (tmp_path / "one.json").read_bytes(), "application/json"),
        (None, (tmp_path / "page.html").read_bytes(), "text/html"),
        (None, b"Title\n\nBody", "text/plain"),
    }
    assert "published 2 messages" in told(run("publish", "-", "--rate", "50", stdin=b"{}\n{}\n"))


def test_publish_counts_what_the_broker_does_not_take(run: Run, tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * (9 << 20))
    small = tmp_path / "small.txt"
    small.write_bytes(b"x")
    found = run("publish", "--json", str(large), str(small))
    (counts,) = lines(found, 1)
    assert (counts["published"], counts["failed"]) == (1, 1)
    assert b"large.txt line 1 was not taken" in found.stderr


def test_publish_is_idempotent_where_the_broker_can(run: Run) -> None:
    found = run("publish", "-", stdin=b"{}\n", NEWSFEED_LOG_LEVEL="debug")
    assert "published 1 messages" in told(found)
    assert b"acks=all instead" in found.stderr


def test_tail_from_the_beginning(run: Run, topic_prefix: str) -> None:
    feed = "\n".join(json.dumps(FERRY | {"id": f"f{number}"}) for number in range(5)).encode()
    told(run("publish", "-", stdin=feed))
    found = lines(run("tail", "raw", "--json", "--from-beginning", "-n", "5"))
    assert (
        {record["value"]["id"] for record in found}
        == {record["key"] for record in found}
        == {f"f{n}" for n in range(5)}
    )
    for record in found:
        assert set(record) == {"topic", "partition", "offset", "timestamp", "key", "headers", "value"}
        assert record["topic"] == f"{topic_prefix}news.raw.v1"
        assert record["headers"] == {"content-type": "application/json"}
        assert record["timestamp"] > 1_600_000_000_000
    said = told(run("tail", f"{topic_prefix}news.raw.v1", "--from-beginning", "-n", "1"))
    assert "Ferry resumes" in said
    missing = run("tail", "no-such-topic")
    assert told(missing, 4) == ""
    assert b"no topic no-such-topic" in missing.stderr


def test_tail_ends_at_ctrl_c(run: Run, at: dict[str, str]) -> None:
    told(run("publish", "-", stdin=json.dumps(FERRY).encode()))
    with running("tail", "raw", "--json", "--from-beginning", **at) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["key"] == "ferry-1"
        rest, said = interrupted(process)
    assert rest == b""
    assert said == b""


def test_ctrl_c_while_nobody_answers_closes_what_was_begun() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        with running("tail", "raw", "--bootstrap-servers", f"127.0.0.1:{silent.getsockname()[1]}") as process:
            asked, _ = silent.accept()
            with asked:
                asked.recv(1)
                _, said = interrupted(process)
    assert said == b""


def test_subscriptions_are_added_listed_paused_and_removed(run: Run, at: dict[str, str], topic_prefix: str) -> None:
    own = f"{topic_prefix}mine"
    (added,) = lines(
        run("subscribe", "add", "talks", "actor:(RU AND US)", "--to-topic", own, "--on", "original", "--json")
    )
    assert added["outlets"] == [{"kind": "kafka", "topic": own}]
    told(run("subscribe", "add", "ferries", 'title:"ferry service"'))
    assert [each["id"] for each in lines(run("subscribe", "list", "--json"))] == ["ferries", "talks"]
    (paused,) = lines(run("subscribe", "pause", "talks", "--json"))
    assert paused["paused"] is True
    assert "paused" in told(run("subscribe", "list"))
    assert told(run("subscribe", "pause", "talks", "--resume")) == "resumed talks\n"
    told(run("subscribe", "add", "ferries", "title:ferry"))
    again = lines(run("subscribe", "list", "--json"))
    assert [(each["id"], each["query"], each.get("paused", False)) for each in again] == [
        ("ferries", "title:ferry", False),
        ("talks", "actor:(RU AND US)", False),
    ]
    assert told(run("subscribe", "remove", "ferries")) == "removed ferries\n"
    assert [each["id"] for each in lines(run("subscribe", "list", "--json"))] == ["talks"]
    gone = run("subscribe", "remove", "ferries")
    assert told(gone, 2) == ""
    assert b"there are: talks" in gone.stderr
    assert read(at["NEWSFEED_BOOTSTRAP_SERVERS"], own) == []


def test_a_subscription_that_workers_refuse_is_shown_with_the_reason_and_can_be_removed(
    run: Run, at: dict[str, str], topic_prefix: str
) -> None:
    told(run("subscribe", "add", "fine", "gas", "--group-by", "root", "--group-wait", "30", "--cap", "3", "--sse"))
    write(at["NEWSFEED_BOOTSTRAP_SERVERS"], f"{topic_prefix}news.subscriptions.v1", [
        (b"old", b'{"id": "old", "query": "actr:RU"}', None), (b"broken", b"{", None), (b"key", b'{"id": "id", "query": "gas"}', None),
    ])  # fmt: skip
    found = {each["id"]: each for each in lines(run("subscribe", "list", "--json"))}
    assert set(found) == {"fine", "old", "broken", "key"}
    assert "refused" not in found["fine"]
    assert found["old"]["query"] == "actr:RU"
    assert "did you mean actor?" in found["old"]["refused"]
    assert "not the id, 'id'" in found["key"]["refused"]
    shown = told(run("subscribe", "list"))
    assert shown.count("refused: ") == 3
    assert "by root, wait 30 s, interval 0 s, cap 3" in shown
    assert "server-sent events" in shown
    paused = run("subscribe", "pause", "broken")
    assert told(paused, 2) == ""
    assert b"broken is refused" in paused.stderr
    for name in ("old", "broken", "key"):
        told(run("subscribe", "remove", name))
    assert [each["id"] for each in lines(run("subscribe", "list", "--json"))] == ["fine"]


def test_a_foreign_dead_letter_is_shown_and_not_replayed(run: Run, at: dict[str, str], topic_prefix: str) -> None:
    told(run("topics", "create"))
    write(at["NEWSFEED_BOOTSTRAP_SERVERS"], f"{topic_prefix}news.dead.v1", [(b"k", b"\x1b[31m not ours", None)])
    (row,) = lines(run("dead-letters", "list", "--json"))
    assert row["topic"] is None
    assert "\x1b" not in told(run("dead-letters", "show", row["at"]))
    (counts,) = lines(run("dead-letters", "replay", row["at"], "--json"), 1)
    assert counts == {"replayed": 0, "skipped": 1}
    missing = run("dead-letters", "show", "0/999")
    assert told(missing, 2) == ""
    assert b"no dead letter at 0/999" in missing.stderr
