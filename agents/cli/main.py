"""The commands together, and what they have in common when something goes wrong."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from agents.cli import audit, broker, dead_letters, demo, enrich, explain, publish, subscribe, tail, topics, worker

app = typer.Typer(
    name="newsfeed",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Find the copies in a news feed, tag what is new, tell who asked.\n\n"
        "Try [bold]newsfeed demo[/] first, or [bold]newsfeed enrich FILE[/] on a text of yours; both need nothing running. "
        "With a Kafka broker: [bold]newsfeed worker[/], [bold]newsfeed publish[/], [bold]newsfeed tail[/].\n\n"
        "Every setting is an environment variable NEWSFEED_…: see docs/settings.md."
    ),
)
app.command("demo")(demo.demo)
app.command("broker")(broker.broker)
app.command("worker")(worker.worker)
app.add_typer(topics.app, name="topics")
app.command("publish")(publish.publish)
app.command("tail")(tail.tail)
app.command("enrich")(enrich.enrich)
app.command("explain")(explain.explain)
app.command("audit")(audit.audit)
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(subscribe.app, name="subscribe")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"newsfeed {version('newsfeed')}")
        raise typer.Exit


@app.callback()
def _common(
    shown: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Entry point of the console script."""
    try:
        app()
    except BrokenPipeError:
        # The reader has seen enough (`| head`): leave without a word, and without a second try at closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
