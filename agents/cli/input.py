"""Files and standard input as raw messages: .jsonl and ``-`` one a line, .json, .txt and .html one a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

STDIN = "-"
LINES = ".jsonl"
CONTENT_TYPES = {
    ".jsonl": "application/json",
    ".json": "application/json",
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
}
MOST_BYTES = 64 << 20  # what is longer is cut here: it is over every limit as it is


class InputError(Exception):
    """A file cannot be read; the message says which and why."""


class Incoming(msgspec.Struct, frozen=True):
    """One message of a file: file name (or ``-``), line from 0, the bytes and their content type."""

    name: str
    line: int
    value: bytes
    content_type: str


class _Named(msgspec.Struct):
    id: str | None = None
    url: str | None = None


def check(name: str) -> None:
    """Complain before work begins.

    Raises:
        InputError: no such file, a folder, or a kind of file that is not known.
    """
    if name == STDIN:
        return
    path = Path(name)
    if not path.exists():
        raise InputError(f"{name}: no such file")
    if path.is_dir():
        raise InputError(f"{name}: is a folder; give files")
    if path.suffix.lower() not in CONTENT_TYPES:
        raise InputError(f"{name}: not a kind of file that is read ({', '.join(CONTENT_TYPES)}, or - for JSON lines)")


def messages(name: str) -> Iterator[Incoming]:
    """The messages of a file, one after the other, in constant memory.

    Raises:
        InputError: the file cannot be read.
    """
    check(name)
    if name == STDIN:
        yield from _lines(sys.stdin.buffer, STDIN)
        return
    path = Path(name)
    suffix = path.suffix.lower()
    try:
        with path.open("rb") as file:
            if suffix == LINES:
                yield from _lines(file, path.name)
            else:
                yield Incoming(path.name, 0, file.read(MOST_BYTES), CONTENT_TYPES[suffix])
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise InputError(f"{name}: {error.strerror}") from None


def _lines(file: BinaryIO, name: str) -> Iterator[Incoming]:
    number = 0
    while value := file.readline(MOST_BYTES):
        whole = value.endswith(b"\n")
        while not whole and (rest := file.readline(MOST_BYTES)):
            whole = rest.endswith(b"\n")
        yield Incoming(name, number, value.rstrip(b"\r\n"), CONTENT_TYPES[LINES])
        number += 1


def key(message: Incoming) -> bytes | None:
    """The article's id, else its URL, else nothing: what keeps the versions of one article in order."""
    if message.content_type != "application/json":
        return None
    try:
        named = msgspec.json.decode(message.value, type=_Named)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    found = named.id or named.url
    return found.encode("utf-8", "replace") if found else None
