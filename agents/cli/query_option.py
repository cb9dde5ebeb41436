"""What ``subscribe add`` and ``subscribe test`` both take: a query, and the triggers of ``--on``."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Annotated, cast

import typer

if TYPE_CHECKING:
    from newsfeed.records.subscription import Trigger
    from newsfeed.subscriptions import Query, QueryError

TRIGGERS = ("original", "update", "correction", "withdrawal")
MOST_POINTED = 40  # characters of a query that runs from right to left, from where it is broken
USUAL = "original,correction,withdrawal"

On = Annotated[str, typer.Option("--on", metavar="TRIGGERS", help=f"Of {', '.join(TRIGGERS)}; comma separated.")]


def triggers(on: str) -> list[Trigger]:
    """The triggers named.

    Raises:
        typer.BadParameter: none, or one that does not exist.
    """
    named = [part.strip() for part in on.split(",") if part.strip()]
    if not named or not set(named) <= set(TRIGGERS):
        raise typer.BadParameter(f"{on!r}: give some of {', '.join(TRIGGERS)}", param_hint="--on")
    return cast("list[Trigger]", named)


def refused(error: QueryError, query: str) -> typer.Exit:
    """Show where a query is broken; to be raised."""
    from agents.cli import exits, options

    options.told().print(f"newsfeed: {error}\n{pointed(query, error.column)}", soft_wrap=True)
    return typer.Exit(exits.USAGE)


def note_unknown(query: Query) -> None:
    """Say which topics and actors of a query nothing that comes with newsfeed gives to an article: such a clause may wait for ever."""
    from agents.cli import options

    for value in query.unknown_actors():
        options.told().print(
            f"newsfeed: no actor {value} is known; only names of your own can give it to an article", soft_wrap=True
        )

    for value in query.unknown_topics():
        options.told().print(
            f"newsfeed: no topic {value} is known; only rules of your own can give it to an article", soft_wrap=True
        )


def pointed(query: str, column: int) -> str:
    """The query with a mark under a column (from 1, in code points).

    Where text runs from right to left, terminals differ in where they put it: there what stands at the column is said instead.
    """
    from rich.cells import cell_len

    from agents.cli import options

    shown, rest = options.clean(query), options.clean(query[column - 1 :])
    if any(unicodedata.bidirectional(char) in ("R", "AL") for char in query):
        return f"  {shown}\n  here: {rest[:MOST_POINTED]}" if rest else f"  {shown}\n  here: at the end"
    before = options.clean(f"{query[: column - 1]}^")
    return f"  {shown}\n  {' ' * cell_len(before[:-1])}^"
