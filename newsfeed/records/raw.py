"""What comes in: the raw message as the log holds it, the raw article inside, and the dead letter it may become."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from newsfeed.records.position import Position

Status = Literal["usable", "withheld", "canceled"]
DeadReason = Literal[
    "too_large",
    "not_utf8",
    "not_json",
    "not_object",
    "wrong_type",
    "no_text",
    "unsupported_content_type",
    "internal",
    "undeliverable",
]


class RawMessage(Struct, frozen=True, kw_only=True):
    """One message as it stands in ``news.raw.v1`` or in a file.

    Attributes:
        position: its place in the log.
        value: the bytes, untouched.
        content_type: ``application/json`` (default), ``text/plain`` or ``text/html``.
        time_ms: the log's time of the record in milliseconds since the epoch (LogAppendTime); 0 in process.
    """

    position: Position
    value: bytes
    content_type: str = "application/json"
    time_ms: int = 0


class RawArticle(Struct, kw_only=True, omit_defaults=True):
    """A raw article as producers write it; the schema of ``news.raw.v1``. Unknown fields are tolerated, null is absent.

    At least one of ``title`` and ``body`` has letters, except that ``withheld`` and ``canceled`` need only ``id`` or ``url``.
    ``published`` is RFC 3339 or a date. ``corrects`` names what this corrects: the producer's id within the same
    source, else a URL, else an article id.
    """

    id: str | None = None
    url: str | None = None
    source: str | None = None
    title: str | None = None
    body: str | None = None
    language: str | None = None
    published: str | None = None
    authors: list[str] | None = None
    status: Status | None = None
    corrects: str | None = None


class DeadLetter(Struct, frozen=True, kw_only=True):
    """Why a message could not be read: a reason to count by, a detail to mend it by. The message itself stays untouched."""

    reason: DeadReason
    detail: str

    def as_json(self) -> dict[str, Any]:
        return {"dead": {"reason": self.reason, "detail": self.detail}}
