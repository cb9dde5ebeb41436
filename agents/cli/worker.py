"""``newsfeed worker``: the agents of one process."""

from __future__ import annotations

from typing import Annotated

import typer

from agents.cli.options import Servers

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command()
def worker(
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="AGENTS", help="Run these agents only, comma separated; default all."),
    ] = None,
    bootstrap_servers: Servers = None,
) -> None:
    """Run the agents until SIGTERM or Ctrl-C: raw messages become verdicts, enriched events and alerts.

      newsfeed worker

      newsfeed worker --only clean,tag

      NEWSFEED_DATA_DIR=/var/lib/newsfeed-2 newsfeed worker --bootstrap-servers kafka-1:9092

    Workers share the work; start as many as you like, each with a data folder of its own. Missing topics are created. Logs go
    to standard error, as JSON when it is no terminal; they name the address of the health pages.
    """
    from agents.cli import options

    settings = options.settings(bootstrap_servers, long_running=True)
    from agents import worker as running

    wanted = [name.strip() for given in only or [] for name in given.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in running.AGENTS]
    if only and not wanted:
        raise typer.BadParameter(f"no agent named; there are {', '.join(running.AGENTS)}", param_hint="--only")
    if unknown:
        raise typer.BadParameter(
            f"no agent {', '.join(unknown)}; there are {', '.join(running.AGENTS)}", param_hint="--only"
        )
    raise typer.Exit(running.run(settings, tuple(dict.fromkeys(wanted)) or running.AGENTS))
