"""Records to bytes and back. Decoding never raises: what cannot be read comes back as ``Bad`` with the reason."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

import msgspec

from topics.catalogue import TopicSpec

T = TypeVar("T")

_to_json = msgspec.json.Encoder().encode
_to_msgpack = msgspec.msgpack.Encoder().encode


class Bad(msgspec.Struct, frozen=True):
    """Bytes that are no record of the wanted type, and why."""

    raw: bytes | None
    error: str


@cache
def _json_decoder(wanted: Any) -> Any:
    return msgspec.json.Decoder(wanted)


@cache
def _msgpack_decoder(wanted: Any) -> Any:
    return msgspec.msgpack.Decoder(wanted)


def key(id: str) -> bytes:
    """An id as the key of a record; what UTF-8 cannot hold is replaced, as in every other place."""
    return id.encode("utf-8", "replace")


def encode(record: Any, spec: TopicSpec | None = None) -> bytes:
    """The record as JSON, or as the topic packs it."""
    return _to_msgpack(record) if spec is not None and spec.packing == "msgpack" else _to_json(record)


def decode(value: bytes | None, wanted: type[T], spec: TopicSpec | None = None) -> T | Bad:
    """The record of the wanted type, or ``Bad``. Unknown fields are passed over."""
    if value is None:
        return Bad(None, "no value")
    kind: Any = wanted  # a type is hashable, which the checker does not know of type[T]
    decoder: Any = _msgpack_decoder(kind) if spec is not None and spec.packing == "msgpack" else _json_decoder(kind)
    try:
        found: T = decoder.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        return Bad(value, f"{type(error).__name__}: {error}")
    return found
