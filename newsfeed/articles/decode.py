"""From the bytes of a message to the fields it holds, or to the reason why it holds none."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from newsfeed.records import DeadLetter, RawMessage

JSON, PLAIN, HTML = "application/json", "text/plain", "text/html"
MAX_DEPTH = 64
_BOM = b"\xef\xbb\xbf"
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_BLANKS = b" \t\r\n"


class Unreadable(Exception):
    """A message that becomes a dead letter."""

    def __init__(self, dead: DeadLetter) -> None:
        super().__init__(dead.reason)
        self.dead = dead


def media_type(content_type: str | None) -> str:
    """The media type without its parameters, lower case; JSON where none is named."""
    return (content_type or "").split(";", 1)[0].strip().lower() or JSON


def decode(message: RawMessage, *, max_bytes: int) -> dict[str, Any]:
    """The fields of a message: the JSON object, or ``{"body": text}`` for plain text and HTML.

    Raises:
        Unreadable: too large, not UTF-8, another content type, not JSON, not an object.
    """
    kind = media_type(message.content_type)
    if kind not in (JSON, PLAIN, HTML):
        raise Unreadable(DeadLetter(reason="unsupported_content_type", detail=f"content type {kind[:100]!a}"))
    value = message.value or b""  # a tombstone has no value
    if len(value) > max_bytes:
        raise Unreadable(DeadLetter(reason="too_large", detail=f"{len(value)} bytes; the limit is {max_bytes}"))
    value = value.removeprefix(_BOM)
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(DeadLetter(reason="not_utf8", detail=f"byte {error.start}: {error.reason}")) from None
    return _object(value, text) if kind == JSON else {"body": text}


def _object(value: bytes, text: str) -> dict[str, Any]:
    if not value.strip(_BLANKS):
        raise _not_json("the message is empty")
    found = _parse(value, text)
    if _deeper_than(found, value, MAX_DEPTH):
        raise _not_json(f"nested deeper than {MAX_DEPTH}")
    if not isinstance(found, dict):
        raise Unreadable(DeadLetter(reason="not_object", detail=f"the message is {name_of(found)}, not an object"))
    return found


def _parse(value: bytes, text: str) -> object:
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError as error:
        if "depth" in str(error) or "recursion" in str(error):
            raise _not_json(f"nested deeper than {MAX_DEPTH}") from None
        if not _SURROGATE_ESCAPE.search(value):
            raise _not_json(str(error)) from None
    try:  # orjson refuses escapes of lone surrogates; the standard parser keeps them, cleaning removes them
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise _not_json(f"nested deeper than {MAX_DEPTH}") from None
    except ValueError as error:
        raise _not_json(str(error)) from None


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _deeper_than(found: object, value: bytes, limit: int) -> bool:
    if value.count(b"[") + value.count(b"{") <= limit:
        return False
    level, depth = [found], 0
    while level := [item for item in level if isinstance(item, (dict, list))]:
        depth += 1
        if depth > limit:
            return True
        level = [inner for item in level for inner in (item.values() if isinstance(item, dict) else item)]
    return False


def _not_json(detail: str) -> Unreadable:
    return Unreadable(DeadLetter(reason="not_json", detail=detail[:200]))


_NAMES = (
    (bool, "a boolean"),
    (str, "text"),
    (int, "a number"),
    (float, "a number"),
    (list, "a list"),
    (dict, "an object"),
)


def name_of(found: object) -> str:
    """What a JSON value is, in words for a note or a dead letter."""
    return next((name for kind, name in _NAMES if isinstance(found, kind)), "null")
