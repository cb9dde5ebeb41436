"""Options and small output that several commands share."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from agents.settings import Settings

Servers = Annotated[
    str | None,
    typer.Option(
        "--bootstrap-servers",
        metavar="HOST:PORT,…",
        help="Kafka brokers; else NEWSFEED_BOOTSTRAP_SERVERS, else 127.0.0.1:9092.",
        show_default=False,
    ),
]
UnusedServers = Annotated[str | None, typer.Option("--bootstrap-servers", hidden=True)]
Json = Annotated[bool, typer.Option("--json", help="JSON for machines instead of a table for people.")]


def settings(servers: str | None = None, *, long_running: bool = False) -> Settings:
    """The settings with the option's brokers; logs configured by them.

    A command that ends says in one line what went wrong; only of a long-running one (or with the level debug) the Kafka client's
    own complaints are logged, too.
    """
    import logging
    import os

    from agents import logs
    from agents.settings import load, mistyped

    for variable, meant in mistyped(name for name in os.environ if name.startswith("NEWSFEED_")).items():
        print(f"newsfeed: {variable} is no setting and changes nothing; did you mean {meant}?", file=sys.stderr)
    found = load(bootstrap_servers=servers)
    logs.configure(found.log_level, found.log_format)
    if not long_running and found.log_level != "debug":
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    return found


def told() -> Console:
    """Standard error, for what is no result."""
    from rich.console import Console

    return Console(stderr=True, markup=False, highlight=False)


def people() -> Console:
    """Standard output, for people: wide where it is no terminal, so that nothing is cut in a file."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 200, markup=False, highlight=False, emoji=False)


def reading(topic: str) -> None:
    """Tells whoever waits at a terminal which topic is read now."""
    if sys.stderr.isatty():
        print(f"newsfeed: reading {topic}", file=sys.stderr)


def line(record: Any) -> None:
    """One line of JSON on standard output, at once."""
    import msgspec

    sys.stdout.buffer.write(msgspec.json.encode(record) + b"\n")
    sys.stdout.buffer.flush()


def clean(text: str) -> str:
    """A stranger's text on one line, without anything that steers a terminal."""
    from agents.printable import printable

    return printable(text)
