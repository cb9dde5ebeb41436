"""The demo's screen: both forms show every message, why, who and what; nothing in them steers the terminal."""

from __future__ import annotations

import io
import re

import pytest
from msgspec.structs import replace
from rich.console import Console

from agents.demo.board import Board
from agents.demo.sample import sample_messages
from agents.demo.view import LiveView, PlainView, summary
from newsfeed.pipeline import Pipeline
from newsfeed.records import Alert, Clause, ClauseSpan, DeadLetter, Enriched, Verdict

FIRST = 24


@pytest.fixture(scope="module")
def board() -> Board:
    """The first messages of the feed, and one whose title tries to steer the terminal."""
    pipeline, board = Pipeline(capacity=100), Board()
    for number, message in enumerate(sample_messages()[:FIRST]):
        raw = message.raw()
        if message.expected.name == "quake":
            raw = replace(raw, value=raw.value.replace("سبعة قتلى".encode(), "سبعة \\u001b[31m[bold]قتلى".encode(), 1))
        board.published(message, 0, number)
        answer = pipeline.run(replace(raw, position=replace(raw.position, offset=number)), number)
        if isinstance(answer, DeadLetter):
            board.dead_letter(0, number, answer)
        elif isinstance(answer, Enriched):
            board.verdict(answer.verdict)
            board.enriched(answer)
        elif isinstance(answer, Verdict):
            board.verdict(answer)
    told = board.outcomes[1].verdict
    assert told is not None
    board.alert(
        Alert(
            alert_id="x", subscription="disasters", trigger="original", article_id=told.article_id, version=1, title="t", url=None,
            source="s", published=None, verdict=told,
            clauses=[Clause(clause="topic:medtop:03000000", spans=[ClauseSpan(field="title", start=0, end=5, text="زل\x1bزال")])],
        )
    )  # fmt: skip
    return board


def console(*, terminal: bool, width: int = 100) -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, force_terminal=terminal, width=width, height=40, color_system=None), out


def test_plain_lines_tell_everything_once(board: Board) -> None:
    screen, out = console(terminal=False)
    with PlainView(screen, board) as view:
        for _ in range(3):
            view.changed()
    lines = out.getvalue().splitlines()
    numbers = [int(line.split()[0]) for line in lines if re.match(r" *\d+ ", line)]
    assert sorted(numbers) == list(range(1, FIRST + 1))
    assert any("duplicate" in line and "#1 cut short (0." in line for line in lines)
    assert any("dead" in line and "not_json: " in line for line in lines)
    assert any("disasters is told of #2" in line and "topic:medtop:03000000 → زلزال" in line for line in lines)
    assert "\x1b" not in out.getvalue()


def test_table_stays_after_the_live_view(board: Board) -> None:
    screen, out = console(terminal=True)
    with LiveView(screen, board) as view:
        view.changed()
        during = out.getvalue()
    after = out.getvalue()[len(during) :]
    assert "decided" in during
    for outcome in board.outcomes:
        assert re.search(rf"^ *{outcome.number} ", after, re.MULTILINE), outcome.number
    assert "diplomacy" in after
    assert "Foreign Ministry of T" in after
    # rich steers the cursor for the live view; nothing of the text may: no colour was asked for
    assert not re.search("\x1b\\[[0-9;]*m", out.getvalue())


@pytest.mark.parametrize("width", [40, 80, 200])
def test_lines_fit(board: Board, width: int) -> None:
    screen, out = console(terminal=True, width=width)
    with LiveView(screen, board):
        pass
    for line in out.getvalue().splitlines():
        visible = re.sub("\x1b\\[[?0-9;]*[A-Za-z]|[\u2068\u2069]", "", line)
        assert len(visible) <= width + 1


def test_summary_shows_differences(board: Board) -> None:
    screen, out = console(terminal=False)
    summary(screen, board, ["quake: actor \x1b[31mXX not found", "[bold]odd[/]: x"])
    text = out.getvalue()
    assert "Alerts (1)" in text
    assert re.search(r"^duplicate +\d+ +\d+", text, re.MULTILINE)
    assert "differs quake: actor [31mXX not found" in text
    assert "differs [bold]odd[/]: x" in text
    assert "\x1b" not in text
