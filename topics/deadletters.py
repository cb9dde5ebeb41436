"""The headers of a dead letter, in the words of Kafka Connect's error handling (KIP-298): where it came from and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newsfeed.records import DeadLetter, Position

Headers = list[tuple[str, bytes]]

PREFIX = "__connect.errors."


@dataclass(frozen=True, slots=True)
class Origin:
    """What the headers of a dead letter say."""

    position: Position
    stage: str
    reason: str
    detail: str


def headers(letter: DeadLetter, position: Position, *, stage: str, content_type: str | None) -> Headers:
    """Position of the original, the agent that gave up (stage), reason and detail."""
    out = [
        (PREFIX + "topic", position.topic.encode()),
        (PREFIX + "partition", str(position.partition).encode()),
        (PREFIX + "offset", str(position.offset).encode()),
        (PREFIX + "stage", stage.encode()),
        (PREFIX + "class.name", f"agents.{stage}".encode()),
        (PREFIX + "exception.class.name", letter.reason.encode()),
        (PREFIX + "exception.message", letter.detail.encode("utf-8", "replace")),
    ]
    return out if content_type is None else [*out, ("content-type", content_type.encode())]


def origin(found: Iterable[tuple[str, bytes]]) -> Origin | None:
    """Read the headers back; None where they are not those of a dead letter of newsfeed."""
    said = {
        name.removeprefix(PREFIX): value.decode("utf-8", "replace") for name, value in found if name.startswith(PREFIX)
    }
    try:
        position = Position(topic=said["topic"], partition=int(said["partition"]), offset=int(said["offset"]))
    except (KeyError, ValueError):
        return None
    return Origin(
        position=position,
        stage=said.get("stage", ""),
        reason=said.get("exception.class.name", ""),
        detail=said.get("exception.message", ""),
    )
