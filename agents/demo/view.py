"""The demo on a screen: a live table on a terminal, plain lines elsewhere, the same summary at the end of both."""

from __future__ import annotations

from collections import Counter
from types import TracebackType
from typing import Protocol, Self

from rich.box import SIMPLE
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from agents.demo.board import Board, Outcome
from agents.demo.wording import about, clauses_of, title_of, who, why
from agents.printable import shown

STYLES = {
    "original": "green", "update": "cyan", "correction": "yellow", "withdrawal": "magenta", "embargo": "blue",
    "duplicate": "bright_black", "dead": "red",
}  # fmt: skip
KINDS = tuple(STYLES)
LINES_A_MESSAGE = 3
LINES_AROUND = 14  # header, alerts and progress below the table
LAST_ALERTS = 5
PLAIN_WIDTH = 200  # where there is no screen to fit
FIXED_COLUMNS = 24  # cells of number, language, verdict and padding


class View(Protocol):
    """Where the demo shows what comes: entered before publishing, told of every change, left at the end."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def changed(self) -> None: ...


class LiveView:
    """A table that follows the feed, redrawn in place; afterwards the whole table stays on the screen."""

    def __init__(self, console: Console, board: Board) -> None:
        self._console, self._board = console, board
        self._live = Live(console=console, transient=True, auto_refresh=False, vertical_overflow="crop")

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)
        if kind is None:
            self._console.print(messages_table(self._board, self._board.outcomes, self._console.width))

    def changed(self) -> None:
        room = max(3, (self._console.height - LINES_AROUND) // LINES_A_MESSAGE)
        shown_now = [outcome for outcome in self._board.outcomes if outcome.kind is not None][-room:]
        self._live.update(self._screen(shown_now), refresh=True)

    def _screen(self, outcomes: list[Outcome]) -> RenderableType:
        board, width = self._board, self._console.width
        told = [line for outcome in board.outcomes for line in alert_lines(outcome, width)]
        progress = Text(f" {board.decided} of {len(board.outcomes)} decided", style="bold")
        return Group(messages_table(board, outcomes, width), *told[-LAST_ALERTS:], progress)


class PlainView:
    """One line for each message once all that belongs to it has come; fit for a log."""

    def __init__(self, console: Console, board: Board) -> None:
        self._console, self._board = console, board
        self._printed: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for outcome in self._board.outcomes:
            self._print(outcome)

    def changed(self) -> None:
        for outcome in self._board.outcomes:
            if outcome.complete:
                self._print(outcome)

    def _print(self, outcome: Outcome) -> None:
        if outcome.number in self._printed or outcome.kind is None:
            return
        self._printed.add(outcome.number)
        parts = [why(outcome, self._board), about(outcome), who(outcome), title_of(outcome)]
        text = " | ".join(shown(part, 120) for part in parts if part)
        self._console.print(Text(f"{outcome.number:>3} {language(outcome)} {outcome.kind:<10} {text}"), soft_wrap=True)
        for line in alert_lines(outcome, PLAIN_WIDTH):
            self._console.print(line, soft_wrap=True)


def language(outcome: Outcome) -> str:
    return (outcome.verdict.language if outcome.verdict else None) or "--"


def messages_table(board: Board, outcomes: list[Outcome], width: int) -> Table:
    """The title last in its line and isolated, so that right-to-left text moves nothing beside it."""
    room = max(20, width - FIXED_COLUMNS)
    table = Table(box=SIMPLE, show_edge=False, pad_edge=False, expand=True)
    table.add_column("#", justify="right", width=3, no_wrap=True)
    table.add_column("in", width=2, no_wrap=True)
    table.add_column("verdict", width=10, no_wrap=True)
    table.add_column("title · why · topics · actors", no_wrap=True, overflow="crop", ratio=1)
    for outcome in outcomes:
        kind = outcome.kind or "…"
        cell = Text(shown(title_of(outcome), room), style="bold")
        cell.append("\n" + shown(why(outcome, board), room), style="not bold italic")
        tags = " · ".join(part for part in (about(outcome), who(outcome)) if part)
        if tags:
            cell.append("\n" + shown(tags, room), style="not bold cyan")
        table.add_row(str(outcome.number), language(outcome), Text(kind, style=STYLES.get(kind, "")), cell)
    return table


def alert_lines(outcome: Outcome, width: int) -> list[Text]:
    """A line for each alert: who is told of which message, and which clauses of the query matched."""
    return [
        Text.assemble(
            (f"  ! {shown(alert.subscription, 20)}", "bold yellow"),
            f" is told of #{outcome.number} ({alert.trigger}): ",
            shown(clauses_of(alert), max(20, width - 50)),
        )
        for alert in outcome.alerts
    ]


def summary(console: Console, board: Board, faults: list[str]) -> None:
    """Alerts, totals beside what was expected, and every difference by name."""
    width = console.width if console.is_terminal else PLAIN_WIDTH
    alerts = [line for outcome in board.outcomes for line in alert_lines(outcome, width)]
    console.print(f"\n[bold]Alerts[/] ({len(alerts)})")
    for line in alerts:
        console.print(line, soft_wrap=not console.is_terminal, overflow="ellipsis", no_wrap=console.is_terminal)
    came, asked = board.totals(), Counter(outcome.expected.kind for outcome in board.outcomes)
    table = Table(title="Totals", title_justify="left", box=SIMPLE, show_edge=False, pad_edge=False)
    for name in ("verdict", "came", "expected"):
        table.add_column(name, justify="left" if name == "verdict" else "right")
    for kind in KINDS:
        mark = "" if came[kind] == asked[kind] else "bold red"
        table.add_row(Text(kind, style=STYLES[kind]), str(came[kind]), str(asked[kind]), style=mark)
    table.add_row("messages", str(board.decided), str(len(board.outcomes)), style="bold")
    told = sum(len({alert.subscription for alert in outcome.alerts}) for outcome in board.outcomes)
    table.add_row("alerts", str(told), str(sum(len(outcome.expected.alerts) for outcome in board.outcomes)))
    console.print()
    console.print(table)
    for fault in faults:
        console.print(f"[bold red]differs[/] {escape(shown(fault, 300))}", soft_wrap=True)
