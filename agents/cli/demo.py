"""``newsfeed demo``: everything on one screen, with nothing to install or configure."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from agents.demo.run import DEFAULT_RATE, run_demo
from agents.demo.worker import WorkerError
from agents.embedded_broker import BrokerError

INTERRUPTED = 130  # the shell's convention for a process ended by Ctrl-C


def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Go on after the feed, until Ctrl-C, for use from outside.")
    ] = False,
    rate: Annotated[float, typer.Option(min=0.0, help="Messages a second; 0 for as fast as they go.")] = DEFAULT_RATE,
) -> None:
    """Watch a sample feed in six languages become verdicts, tags and alerts.

    Starts a Kafka-compatible broker in memory and a worker, adds three subscriptions, publishes the sample feed, and shows for each message what
    became of it and why. At the end the totals are held against what the sample says should come out: exit code 1 where they
    differ. Needs nothing beside the installation and leaves nothing behind; settings that point to a cluster of yours are
    not used.
    """
    console = Console()
    try:
        code = run_demo(console=console, keep=keep, rate=rate)
    except (BrokerError, WorkerError) as error:
        Console(stderr=True).print(str(error), style="red", markup=False, highlight=False)
        code = 1
    except KeyboardInterrupt:
        Console(stderr=True).print("Stopped; broker and worker are ended.")
        code = INTERRUPTED
    raise typer.Exit(code)
