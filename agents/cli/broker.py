"""``newsfeed broker``: the embedded broker in the foreground."""

from __future__ import annotations

from typing import Annotated

import typer

from agents.cli.options import UnusedServers

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command()
def broker(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Loopback port; 0 takes a free one.")] = 9092,
    bootstrap_servers: UnusedServers = None,
) -> None:
    """Run a small Kafka-compatible broker in memory until Ctrl-C. For trying and testing: what is in it is gone with it.

      newsfeed broker

      newsfeed broker --port 0

    Its address stands on standard output.
    """
    from agents.cli import exits, options
    from agents.embedded_broker import run_forever

    def started(address: str) -> None:
        print(address, flush=True)
        options.told().print("in memory only; Ctrl-C ends it. In another terminal: newsfeed worker")

    code = run_forever(port, started)
    if code is not None:
        options.told().print(f"newsfeed: the broker ended by itself (exit code {code})")
        raise typer.Exit(exits.FOUND)
