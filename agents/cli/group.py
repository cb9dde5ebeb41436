"""The table of commands, and the group that loads one of them when it is called: ``newsfeed --help`` stays fast."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from inspect import cleandoc
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from agents.cli import exits


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: module under ``agents.cli``, what it is called there, one line of help, panel of the help page."""

    module: str
    what: str
    panel: str
    name: str = "app"


START, FEED, LOOK, TELL = "Start here", "Run it", "Look into it", "Be told"
COMMANDS: dict[str, Entry] = {
    "demo": Entry("demo", "Watch a sample feed in six languages become verdicts, tags and alerts.", START, name="demo"),
    "enrich": Entry("enrich", "The whole pipeline without Kafka: one JSON line for each message of a file.", START),
    "explain": Entry("explain", "Why an article got its verdict, actors and topics; or why two are copies.", START),
    "broker": Entry("broker", "Run a small Kafka-compatible broker in memory.", FEED),
    "worker": Entry("worker", "Run the agents.", FEED),
    "topics": Entry("topics", "Create, list and check the topics; print their schemas.", FEED),
    "publish": Entry("publish", "Publish articles from .jsonl, .json, .txt and .html files.", FEED),
    "tail": Entry("tail", "Read a topic.", LOOK),
    "audit": Entry("audit", "Check that every message has exactly one verdict or dead letter.", LOOK),
    "dead-letters": Entry("dead_letters", "List, show and replay what could not be read.", LOOK),
    "forget": Entry("forget", "Have an article's text forgotten, and see where it stands until when.", FEED),
    "replay": Entry("replay", "Tag history again by new rules, under another topic prefix.", FEED),
    "subscribe": Entry("subscribe", "Say what you want to be alerted about.", TELL),
}


class Commands(TyperGroup):
    """Knows every command by its line of help; imports one when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command; for the help page and for completion a stand-in with its line of help."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        stand_in = typer.Typer(add_completion=False)
        stand_in.command(name=cmd_name, help=entry.what, rich_help_panel=entry.panel)(_nothing)
        return typer.main.get_command(stand_in)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The real command of the arguments."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, load(name) if name in COMMANDS else found, rest

    def invoke(self, ctx: Any) -> Any:
        """Run it; what can go wrong outside ends with one line and a code that means something."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise typer.Exit(exits.INTERRUPTED) from None
        except BrokenPipeError:
            # Whoever read us has read enough. What is left in the buffer has nowhere to go.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(exits.FINE) from None
        except Exception as error:
            code = exits.of(error)
            if code is None:
                raise
            for line in str(error).splitlines():
                print(f"newsfeed: {line}", file=sys.stderr)
            raise typer.Exit(code) from None


def _nothing() -> None:
    """Stands in for a command that was not loaded."""


def load(name: str | None) -> Any:
    """Import a command and make it ready to run."""
    entry = COMMANDS[str(name)]
    found = getattr(import_module(f"agents.cli.{entry.module}"), entry.name)
    if not isinstance(found, typer.Typer):
        single = typer.Typer(add_completion=False, rich_markup_mode="rich")
        single.command(name=name)(found)
        found = single
    command = typer.main.get_command(found)
    command.name = name
    for each in (command, *getattr(command, "commands", {}).values()):
        each.help = flowing(each.help or "")
    return command


def flowing(text: str) -> str:
    """A docstring for the help page: each paragraph in one piece, which breaks where the screen ends; examples are indented."""
    out: list[str] = []
    for paragraph in cleandoc(text).split("\n\n"):
        # Indentation that all lines behind the first have is gone by now, and Typer would remove what comes anew but behind a mark.
        example = paragraph.startswith((" ", "newsfeed ", "NEWSFEED_"))
        out.append(f"[bold]  {paragraph.strip()}[/]" if example else paragraph.replace("\n", " "))
    return "\n\n".join(out)


root = typer.Typer(cls=Commands, no_args_is_help=True, rich_markup_mode="rich", add_completion=False)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"newsfeed {version('newsfeed')}")
        raise typer.Exit


@root.callback(epilog=exits.TOLD)
def newsfeed(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A stream of news in, each story out once: copies found, actors and topics tagged, alerts sent, every decision explained.

    Try:

      newsfeed demo

      newsfeed enrich articles.jsonl | jq .verdict.kind

      newsfeed COMMAND --help

    Settings are environment variables with the prefix NEWSFEED_ (docs/settings.md); options go before them.
    """


def main() -> NoReturn:
    """Run the command line and end the process."""
    root(prog_name="newsfeed")
    sys.exit(0)
