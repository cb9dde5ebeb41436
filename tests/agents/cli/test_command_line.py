"""The command line as a process, without a broker."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from newsfeed_process import PLAIN, newsfeed, told

from agents.cli.group import COMMANDS, flowing

ARTICLE = {"id": "a-1", "source": "desk", "title": "Ferry service resumes", "body": "The ferry to the outer islands sails again from Monday after two weeks of repairs at the main pier."}  # fmt: skip


HEAVY = {"aiokafka", "faust", "numpy", "msgspec", "orjson", "pydantic", "newsfeed", "topics"}


def test_help_lists_every_command_and_loads_none() -> None:
    found = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "agents.cli", "--help"], capture_output=True, timeout=60, env=PLAIN, check=True
    )  # fmt: skip
    loaded = {line.rpartition("|")[2].strip() for line in found.stderr.decode().splitlines()}
    assert "agents.cli.group" in loaded
    assert not {f"agents.cli.{entry.module}" for entry in COMMANDS.values()} & loaded
    assert not {name.partition(".")[0] for name in loaded} & HEAVY
    for name in COMMANDS:
        assert name in found.stdout.decode()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_help(name: str) -> None:
    assert f"newsfeed {name}" in told(newsfeed(name, "--help"))


def test_help_breaks_lines_where_the_screen_ends_and_indents_examples() -> None:
    assert (
        flowing("Sum up.\n\n  newsfeed one\n\nA line\nand the next.")
        == "Sum up.\n\n[bold]  newsfeed one[/]\n\nA line and the next."
    )
    forget, schema = (told(newsfeed(*words, "--help", COLUMNS="300")) for words in (["forget"], ["topics", "schema"]))
    assert "the copy window forgets the words (id and verdict stay), and a tombstone" in forget
    assert "\n   newsfeed topics schema enriched" in schema


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["enrich", "no-such-file.txt"], "no such file"),
        (["enrich", "."], "is a folder"),
        (["enrich"], "Missing argument"),
        (["publish", "no-such-file.jsonl"], "no such file"),
        (["nonsense"], "No such command"),
        (["topics", "schema", "nonsense"], "no schema"),
        (["topics", "schema", "--write", "README.md"], "cannot be written"),
        (["worker", "--only", "cleen"], "no agent cleen"),
        (["subscribe", "add", "x", "actor:(RU AND"], "column 7"),
        (["subscribe", "add", "x", "actor:RU", "--to-topic", "news.raw.v1"], "topic of newsfeed itself"),
        (["subscribe", "add", "x", "actor:RU", "--to-topic", "a b"], "no name for a topic"),
        (["subscribe", "add", "x", "actor:RU", "--webhook", "https://example.com/"], "openssl rand -base64 32"),
        (["subscribe", "add", "x", "actor:RU", "--secret-file", "hook.secret"], "give --webhook"),
        (["subscribe", "add", "x", "actor:RU", "--webhook", "https://u:pw@example.com/"], "user or password"),
        (["subscribe", "add", "x", "actor:RU", "--webhook", "ftp://example.com/"], "no http or https URL"),
        (
            ["subscribe", "add", "x", "actor:RU", "--webhook", "https://example.com/", "--secret-file", "/dev/null"],
            "is no regular file",
        ),
        (
            ["subscribe", "add", "x", "actor:RU", "--webhook", "https://example.com/", "--secret-file", "README.md"],
            "is not base64",
        ),
        (["dead-letters", "replay"], "say which"),
        (["dead-letters", "replay", "--reason", "notjson"], "no reason notjson; there are too_large"),
        (["dead-letters", "show", "x"], "for example 0/17"),
        (["dead-letters", "replay", "x"], "for example 0/17"),
        (["dead-letters", "replay", "0/1", "--all"], "say which in one way"),
        (["subscribe", "add", "a b", "gas"], "a name has letters"),
        (["subscribe", "add", "x", "gas", "--group-wait", "5"], "needs --group-by"),
        (["replay", "--since", "yesterday", "--to-prefix", "x."], "give a span"),
        (["replay", "--since", "1d", "--to-prefix", "a b"], "Invalid value for --to-prefix"),
        (["explain", "--compare", "desk.tsv", "sample.jsonl"], "give --topics"),
        (["explain", "--mentions", "--topics", "a.txt"], "one of --mentions and --topics"),
    ],
)
def test_wrong_use_ends_with_two_and_says_why(arguments: list[str], said: str) -> None:
    found = newsfeed(*arguments)
    assert found.returncode == 2
    assert said in " ".join(found.stderr.decode().replace("│", " ").split())
    assert found.stdout == b""
    assert b"Traceback" not in found.stderr


@pytest.mark.parametrize("variable", ["NEWSFEED_ACTOR_FILES", "NEWSFEED_SUBJECT_FILES"])
@pytest.mark.parametrize("command", [["enrich", "-"], ["replay", "--since", "1d", "--to-prefix", "x."]])
def test_a_desks_bad_file_is_refused_at_start(variable: str, command: list[str], tmp_path: Path) -> None:
    bad = tmp_path / "desk.tsv"
    bad.write_text("colour\nred\n", encoding="utf-8")
    found = newsfeed(*command, **{variable: json.dumps([str(bad)])})
    assert found.returncode == 2
    assert "desk.tsv" in found.stderr.decode()
    assert "colour" in found.stderr.decode()
    assert b"Traceback" not in found.stderr


def test_version() -> None:
    found = newsfeed("--version")
    assert found.returncode == 0
    assert found.stdout.decode().strip() == f"newsfeed {version('newsfeed')}"


def test_a_wrong_setting_names_the_variable_and_hides_secrets() -> None:
    found = newsfeed("topics", "list", NEWSFEED_PARTITIONS="many", NEWSFEED_SASL_PASSWORD="hunter2")
    assert found.returncode == 2
    assert b"NEWSFEED_PARTITIONS" in found.stderr
    assert b"hunter2" not in found.stderr


def test_a_setting_with_a_slip_is_told_and_the_command_goes_on() -> None:
    found = newsfeed("topics", "list", NEWSFEED_WINDOW_HOUR="1")
    assert "news.raw.v1" in told(found)
    assert b"did you mean NEWSFEED_WINDOW_HOURS?" in found.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["tail", "raw"],
        ["audit"],
        ["topics", "check"],
        ["topics", "create"],
        ["dead-letters", "list"],
        ["subscribe", "list"],
        ["publish", "-"],
    ],
)
def test_no_broker_is_three(arguments: list[str]) -> None:
    found = newsfeed(*arguments, "--bootstrap-servers", "127.0.0.1:1")
    assert found.returncode == 3
    (line,) = found.stderr.decode().splitlines()
    assert line.startswith("newsfeed: no Kafka broker answers at 127.0.0.1:1")


def test_enrich_answers_every_line_in_order() -> None:
    lines = [json.dumps(ARTICLE), "", "{", json.dumps(ARTICLE | {"id": "a-2"})]
    found = newsfeed("enrich", "-", stdin="\n".join(lines).encode())
    assert found.returncode == 0, found.stderr.decode()
    first, blank, broken, copy = [json.loads(line) for line in found.stdout.splitlines()]
    assert first["verdict"]["kind"] == "original"
    assert first["verdict"]["raw"] == {"topic": "-", "partition": 0, "offset": 0}
    assert set(blank) == set(broken) == {"dead"}
    assert set(broken["dead"]) == {"reason", "detail"}
    assert set(copy) == {"article_id", "verdict"}
    assert copy["verdict"]["kind"] == "duplicate"
    assert copy["verdict"]["of"] == first["article_id"]
    assert copy["verdict"]["raw"]["offset"] == 3


def test_enrich_takes_a_text_file_as_one_message(tmp_path: Path) -> None:
    file = tmp_path / "ferry.txt"
    file.write_text(f"{ARTICLE['title']}\n\n{ARTICLE['body']}\n", encoding="utf-8")
    found = newsfeed("enrich", str(file))
    assert found.returncode == 0, found.stderr.decode()
    (record,) = [json.loads(line) for line in found.stdout.splitlines()]
    assert record["title"] == ARTICLE["title"]
    assert record["verdict"]["raw"] == {"topic": "ferry.txt", "partition": 0, "offset": 0}


def test_a_reader_that_leaves_is_no_error() -> None:
    reader = subprocess.run(
        ["bash", "-c", f"'{sys.executable}' -m agents.cli topics schema | head -c 1; exit ${{PIPESTATUS[0]}}"],
        capture_output=True, timeout=60, env=PLAIN, check=False,
    )  # fmt: skip
    assert reader.returncode == 0
    assert b"Traceback" not in reader.stderr


def test_nothing_of_an_article_steers_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "evil.json"
    file.write_text(
        json.dumps(ARTICLE | {"title": "Ferry \u001b[31m[bold]service[/bold] \u202e resumes"}), encoding="utf-8"
    )
    found = newsfeed("explain", str(file))
    assert b"\x1b" not in found.stdout
    assert "\u202e".encode() not in found.stdout
    assert b"[bold]service[/bold]" in found.stdout
