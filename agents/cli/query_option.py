"""What ``subscribe add`` and ``subscribe test`` both take: a query, and the triggers of ``--on``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

if TYPE_CHECKING:
    from newsfeed.records.subscription import Trigger
    from newsfeed.subscriptions import QueryError

TRIGGERS = ("original", "update", "correction", "withdrawal")
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

    options.told().print(f"newsfeed: {error}\n  {options.clean(query)}\n  {' ' * (error.column - 1)}^", soft_wrap=True)
    return typer.Exit(exits.USAGE)
