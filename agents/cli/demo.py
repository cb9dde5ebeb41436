"""``newsfeed demo``: everything on one screen, with nothing to install or configure."""

from __future__ import annotations

from typing import Annotated

import typer

from agents.demo import DEFAULT_RATE

WRONG, INTERRUPTED = 1, 130


def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Go on after the feed, until Ctrl-C, for use from outside.")
    ] = False,
    rate: Annotated[float, typer.Option(min=0.0, help="Messages a second; 0 for as fast as they go.")] = DEFAULT_RATE,
) -> None:
    """Watch a sample feed in six languages become verdicts, tags and alerts.

    Starts a broker in memory and a worker, adds three subscriptions, publishes the sample feed, and shows what became of each message, and why.

    Ends with totals beside what the sample says should come out; exit code 1 where they differ. Leaves nothing behind, and never touches the
    cluster that your settings name.
    """
    from rich.console import Console

    from agents.demo.run import run_demo
    from agents.demo.worker import WorkerError
    from agents.embedded_broker import BrokerError

    try:
        code = run_demo(console=Console(), keep=keep, rate=rate)
    except (BrokerError, WorkerError) as error:
        typer.echo(f"newsfeed: {error}", err=True)
        code = WRONG
    except KeyboardInterrupt:
        typer.echo("newsfeed: stopped; broker and worker are ended", err=True)
        code = INTERRUPTED
    raise typer.Exit(code)
