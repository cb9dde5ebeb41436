"""README and docs say what is so: code parses, commands and files exist, the example output is what really comes out."""

from __future__ import annotations

import ast
import json
import re
import shlex
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from typer.testing import CliRunner, Result

from agents.demo.sample import sample_messages
from newsfeed.pipeline import Pipeline
from newsfeed.records import DeadLetter, Enriched, Position, RawMessage
from newsfeed.records.raw import DeadReason
from topics.catalogue import TOPICS

ROOT = Path(__file__).parents[2]
PAPERS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"<!-- from the sample feed: ([\w-]+) -->\n```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def blocks(*languages: str) -> list[Any]:
    """Code blocks of the papers as (paper, code), each named by where it stands."""
    return [
        pytest.param(found.group(2), id=f"{paper.name}:{text[: found.start()].count(chr(10)) + 1}")
        for paper in PAPERS
        for text in [paper.read_text(encoding="utf-8")]
        for found in FENCE.finditer(text)
        if found.group(1) in languages
    ]


@cache
def help_of(*words: str) -> Result:
    """The help page of a command, as a user gets it."""
    from agents.cli.group import root  # late: the tests of text need no command line

    return CliRunner(env={"COLUMNS": "200", "TERM": "dumb"}).invoke(root, [*words, "--help"])


def shell_words() -> list[Any]:
    """Every use of `newsfeed …` in shell blocks and inline code, as its words."""
    uses: dict[str, list[str]] = {}
    for paper in PAPERS:
        text = paper.read_text(encoding="utf-8")
        lines = [
            line
            for found in FENCE.finditer(text)
            if found.group(1) in ("sh", "bash", "console")
            for line in found.group(2).splitlines()
        ]
        lines += re.findall(r"`(newsfeed [^`\n]+)`", text)
        for line in lines:
            code = line.split(" #")[0].split(" | ")[0].strip().removeprefix("$ ")
            if code.startswith("newsfeed "):
                uses[f"{paper.name}: {code}"] = shlex.split(code)[1:]
    return [pytest.param(words, id=name) for name, words in uses.items()]


def test_there_is_something_to_check() -> None:
    assert len(blocks("json")) >= 5
    assert len(blocks("python")) >= 3
    assert len(shell_words()) >= 10


@pytest.mark.parametrize("code", blocks("python"))
def test_python_compiles(code: str) -> None:
    ast.parse(code)


@pytest.mark.parametrize("code", blocks("json"))
def test_json_parses(code: str) -> None:
    json.loads(code)


@pytest.mark.parametrize("words", shell_words())
def test_commands_and_their_options_exist(words: list[str]) -> None:
    options = [word.split("=")[0] for word in words if word.startswith("-") and word != "-"]
    first = next((place for place, word in enumerate(words) if word.startswith("-") and word != "-"), len(words))
    page = help_of(*words[:first])
    assert page.exit_code == 0, page.output
    assert words[0] in page.output.split("Options")[0]
    for option in options:
        assert option in page.output, f"newsfeed {' '.join(words[:first])} has no {option}"


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for paper in PAPERS:
        for target in re.findall(r"(?:^|`)make (\w+)", paper.read_text(encoding="utf-8"), re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{paper.name}: make {target}"


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_links_lead_somewhere(paper: Path) -> None:
    for target in LINK.findall(paper.read_text(encoding="utf-8")):
        if not re.match(r"https?://|#", target):
            assert (paper.parent / target.split("#")[0]).exists(), f"{paper.name} links to {target}"


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_named_files_exist(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    for name in re.findall(
        r"`((?:agents|newsfeed|topics|tests|docs|tools|examples|deploy|benchmarks)/[\w./-]+|docker-compose\.yml|Dockerfile|Makefile|\.ci/run)`",
        text,
    ):
        assert (ROOT / name).exists(), f"{paper.name} names {name}"


def test_topics_exist() -> None:
    for paper in PAPERS:
        for name in re.findall(r"\bnews\.[a-z]+\.v\d\b", paper.read_text(encoding="utf-8")):
            assert name in TOPICS, f"{paper.name} names {name}"


def test_table_of_topics_says_what_the_catalogue_says() -> None:
    rows = re.findall(
        r"^\| `(news\.[a-z]+\.v\d)` \| (.+) \|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows) >= 5
    assert rows == [(name, spec.what) for name, spec in TOPICS.items() if not spec.internal]


def test_table_of_reasons_is_complete() -> None:
    text = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([a-z0-9_]+)` \|", text, re.MULTILINE)
    assert sorted(told) == sorted(get_args(DeadReason))


def test_examples_are_what_comes_out() -> None:
    examples = {
        name: json.loads(code) for paper in PAPERS for name, code in EXAMPLE.findall(paper.read_text(encoding="utf-8"))
    }
    assert len(examples) >= 2
    pipeline = Pipeline(capacity=1_000)
    for number, message in enumerate(sample_messages()):
        answer = pipeline.run(message.raw(), number)
        if message.expected.name in examples and answer is not None and not isinstance(answer, DeadLetter):
            assert_within(
                examples.pop(message.expected.name), json.loads(msgspec.json.encode(answer)), message.expected.name
            )
    assert not examples, "an example names no message of the feed"


def assert_within(shown: Any, came: Any, where: str) -> None:
    """Whether everything shown stands in what came; of a list each item in some item, in order. Numbers to a tenth."""
    if isinstance(shown, dict):
        assert isinstance(came, dict), where
        for key, value in shown.items():
            assert key in came, f"{where}.{key}"
            assert_within(value, came[key], f"{where}.{key}")
    elif isinstance(shown, list) and shown and isinstance(shown[0], dict):
        rest = iter(came)
        for item in shown:
            assert any(_within(item, other) for other in rest), f"{where}: nothing like {item}"
    elif isinstance(shown, float):
        assert came == pytest.approx(shown, abs=0.1), where
    else:
        assert shown == came, where


def _within(shown: Any, came: Any) -> bool:
    try:
        assert_within(shown, came, "")
    except AssertionError:
        return False
    return True


def test_a_desks_page_shows_files_that_work_and_what_they_give(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "desk.md").read_text(encoding="utf-8")
    shown = {found.group(1): found.group(2) for found in FENCE.finditer(text)}
    names, rules = tmp_path / "names.tsv", tmp_path / "rules.yaml"
    names.write_text(shown["tsv"], encoding="utf-8")
    rules.write_text(shown["yaml"], encoding="utf-8")
    pipeline = Pipeline(capacity=10, extra_actors=[names], extra_subjects=[rules])
    position = Position(topic="desk.md", partition=0, offset=0)
    came = pipeline.run(RawMessage(position=position, value=shown["text"].encode(), content_type="text/plain"), 0)
    assert isinstance(came, Enriched)
    told = re.search(r"gets the actors `(\S+)` and `(\S+)` and the topic `(\S+)`", text)
    assert told is not None
    assert {told[1], told[2]} <= {actor.id for actor in came.actors}
    assert [topic.id for topic in came.topics] == [told[3]]


def test_pictures_are_well_formed() -> None:
    for picture in (ROOT / "docs").rglob("*.svg"):
        root = ET.fromstring(picture.read_text(encoding="utf-8"))
        assert root.find("{http://www.w3.org/2000/svg}title") is not None, picture.name


def test_licence_is_whole() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


def test_notice_names_sources() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for source in ("IPTC", "Wikidata", "CLDR"):
        assert source in notice


def promised() -> list[str]:
    """The tests that docs/guarantees.md names."""
    text = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
    return sorted(set(re.findall(r"`(tests/[\w/]+\.py::\w+)`", text)))


@pytest.mark.parametrize("named", promised())
def test_a_promise_names_a_test_that_exists(named: str) -> None:
    path, _, function = named.partition("::")
    assert re.search(rf"^(?:async )?def {function}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_promise_has_a_test() -> None:
    rows = re.findall(
        r"^\| (?!promise|---)(.+?) \|", (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows) >= 15
    assert len(promised()) >= 15


@pytest.mark.parametrize("package", ["newsfeed", "topics", "agents"])
def test_every_room_is_named(package: str) -> None:
    """docs/architecture.md says of each module where a line of code belongs, and names none that is not there."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition(f"| in `{package}/` | does |\n")[2].partition("\n\n")[0]
    rooms = {
        path.stem
        for path in (ROOT / package).iterdir()
        if not path.name.startswith(("_", ".")) and path.name != "py.typed"
    }
    named = set(re.findall(r"`(\w+)`", table))
    first = {name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert rooms <= named, f"not named: {rooms - named}"
    assert first <= rooms, f"not there: {first - rooms}"
