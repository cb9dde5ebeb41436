"""Signed webhooks as Standard Webhooks has them (standardwebhooks.com, specification 1.0): id, time and body, signed by HMAC-SHA256."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64  # bytes of a secret, by the specification
MOST_KEYS = 8  # each is a signature in every request
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


class SecretError(ValueError):
    """A secret cannot be used; the message never contains it."""


def read_secrets(text: str) -> list[bytes]:
    """The keys of a secret file: one a line, base64, with or without ``whsec_``, the newest first; ``#`` lines are comments.

    Raises:
        SecretError: there is none, there are more than eight, or a line is not base64 of 24 to 64 bytes.
    """
    keys = [
        _key(line.strip(), number)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not keys:
        raise SecretError("there is no secret in the file")
    if len(keys) > MOST_KEYS:
        raise SecretError(f"there are {len(keys)} secrets in the file, at most {MOST_KEYS}")
    return keys


def _key(line: str, number: int) -> bytes:
    try:
        key = base64.b64decode(line.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise SecretError(f"line {number} is not base64") from None
    if not SHORTEST <= len(key) <= LONGEST:
        raise SecretError(f"line {number} holds {len(key)} bytes, not {SHORTEST} to {LONGEST}")
    return key


def sign(id: str, timestamp: int, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """The headers of a request: id, time in seconds, and one signature a key (an old key signs along while it is replaced).

    Raises:
        ValueError: no key, or an id with a full stop, which would leave open where it ends.
    """
    if not keys:
        raise ValueError("a webhook is signed with at least one key")
    if not id or "." in id:
        raise ValueError("a webhook id is not empty and has no full stop")
    signed = f"{id}.{int(timestamp)}.".encode() + body
    marks = ["v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys]
    return {ID: id, TIMESTAMP: str(int(timestamp)), SIGNATURE: " ".join(marks)}
