"""The sample feed and what a careful editor expects of it, read from `agents/sample/`."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec
import orjson

from newsfeed.records import Position, RawMessage, Subscription

CONTENT_TYPES = {"jsonl": "application/json", "json": "application/json", "txt": "text/plain", "html": "text/html"}


@dataclass(frozen=True)
class Expected:
    """What should come of one message. Empty tuples and strings ask nothing, but ``of`` and ``alerts`` are exact.

    Attributes:
        kind: of the verdict, or ``dead``. of: name of the message it copies, updates, corrects or withdraws.
        actors: countries by ISO code, or actor ids, or actor codes that must be found; not_actors: that must not.
        topics: for each demand the ids of which one must be found, itself or as an ancestor.
        alerts: the subscriptions that are told.
    """

    name: str
    kind: str
    of: str = ""
    method: str = ""
    reason: str = ""
    actors: tuple[str, ...] = ()
    not_actors: tuple[str, ...] = ()
    topics: tuple[tuple[str, ...], ...] = ()
    not_topics: tuple[str, ...] = ()
    not_news: str = ""
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True)
class SampleMessage:
    """One message of the feed, in the order of publishing; ``file`` and ``line`` (from 0) say where it stands."""

    file: str
    line: int
    value: bytes
    content_type: str
    expected: Expected

    @property
    def key(self) -> bytes:
        """The producer's id or the URL, so that versions of one article stay in order; else a hash of the message."""
        if self.content_type == "application/json":
            try:
                fields = orjson.loads(self.value)
            except orjson.JSONDecodeError:
                fields = None
            if isinstance(fields, dict):
                for name in ("id", "url"):
                    if isinstance(fields.get(name), str):
                        return str(fields[name]).encode()
        return hashlib.blake2b(self.value, digest_size=8).hexdigest().encode()

    def raw(self) -> RawMessage:
        """As the pipeline reads it from a file."""
        position = Position(topic=self.file, partition=0, offset=self.line)
        return RawMessage(position=position, value=self.value, content_type=self.content_type)


def sample_folder() -> Traversable:
    return files("agents") / "sample"


def sample_messages() -> list[SampleMessage]:
    """The feed with its expectations, in the order of publishing."""
    folder = sample_folder()
    text = (folder / "expected.tsv").read_text(encoding="utf-8")
    table = csv.DictReader((row for row in text.splitlines() if not row.startswith("#")), delimiter="\t")
    contents: dict[str, list[bytes]] = {}
    messages = []
    for row in table:
        file = row["file"]
        if file not in contents:
            value = (folder / file).read_bytes()
            contents[file] = value.splitlines() if file.endswith(".jsonl") else [value]
        messages.append(
            SampleMessage(
                file=file,
                line=int(row["line"]),
                value=contents[file][int(row["line"])],
                content_type=CONTENT_TYPES[file.rsplit(".", 1)[1]],
                expected=_expected(row),
            )
        )
    return messages


def sample_subscriptions() -> list[Subscription]:
    """The three desks that listen during the demo."""
    lines = (sample_folder() / "subscriptions.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Subscription) for line in lines]


def _expected(row: dict[str, str]) -> Expected:
    return Expected(
        name=row["name"],
        kind=row["kind"],
        of=row["of"],
        method=row["method"],
        reason=row["reason"],
        actors=tuple(row["actors"].split()),
        not_actors=tuple(row["not_actors"].split()),
        topics=tuple(tuple(demand.split("|")) for demand in row["topics"].split()),
        not_topics=tuple(row["not_topics"].split()),
        not_news=row["not_news"],
        alerts=tuple(row["alerts"].split()),
    )
