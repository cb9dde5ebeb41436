"""What commands share: options, settings with one-line errors, running something asynchronous, text that is safe to show."""

from __future__ import annotations

import asyncio
import sys
import unicodedata
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from agents.settings import Settings, SettingsError, load

T = TypeVar("T")

EXIT_WRONG, EXIT_USAGE, EXIT_UNREACHABLE, EXIT_TOPICS, EXIT_INTERRUPTED = 1, 2, 3, 4, 130

Servers = Annotated[
    str | None,
    typer.Option(
        "--bootstrap-servers",
        "-b",
        help="Kafka brokers, host:port; else NEWSFEED_BOOTSTRAP_SERVERS, else 127.0.0.1:9092.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON value a line, for pipes.")]


def fail(message: str, code: int) -> NoReturn:
    """One line on standard error, and out."""
    typer.echo(f"newsfeed: {message}", err=True)
    raise typer.Exit(code)


def settings(servers: str | None = None, **given: Any) -> Settings:
    """The settings; a wrong value ends the command with one line a value."""
    try:
        return load(bootstrap_servers=servers, **given)
    except SettingsError as error:
        fail(str(error), EXIT_USAGE)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end; an unreachable broker and Ctrl-C end the command in one line."""
    from agents.clients import Unreachable

    try:
        return asyncio.run(work)
    except Unreachable as error:
        fail(str(error), EXIT_UNREACHABLE)
    except KeyboardInterrupt:
        raise typer.Exit(EXIT_INTERRUPTED) from None


def existing(path: Path) -> Path:
    """The file, if it can be read; else out with one line."""
    if str(path) != "-" and not path.is_file():
        fail(f"{path}: {'is a folder, name a file' if path.is_dir() else 'no such file'}", EXIT_USAGE)
    return path


def printable(text: str) -> str:
    """Text from articles without what could act on a terminal: control, format and surrogate characters become spaces."""
    return "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else char for char in text)


def write(line: bytes) -> None:
    """A line of results on standard output, at once."""
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()
