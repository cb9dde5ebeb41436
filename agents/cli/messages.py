"""Raw messages from files: a .txt or .html file is one, a .json file one, a .jsonl file or standard input one a line."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from newsfeed.records import Position, RawMessage

CONTENT_TYPES = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html", ".json": "application/json"}


def messages(path: Path) -> Iterator[RawMessage]:
    """The messages of a file, positions (file name or ``-``, 0, number from 0). Holds one line at a time."""
    suffix = path.suffix.lower()
    if str(path) != "-" and suffix in CONTENT_TYPES:
        yield RawMessage(
            position=Position(topic=path.name, partition=0, offset=0),
            value=path.read_bytes(),
            content_type=CONTENT_TYPES[suffix],
        )
        return
    if str(path) == "-":
        yield from _lines(sys.stdin.buffer, "-")
        return
    with path.open("rb") as file:
        yield from _lines(file, path.name)


def _lines(file: Iterable[bytes], name: str) -> Iterator[RawMessage]:
    for number, line in enumerate(file):
        yield RawMessage(position=Position(topic=name, partition=0, offset=number), value=line.rstrip(b"\r\n"))
