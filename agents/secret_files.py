"""Secrets that stand in files: read anew each time, so that they can be changed while the worker runs; never logged."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from newsfeed.subscriptions.webhooks import SecretError, read_secrets

LONGEST_FILE = 16 << 10  # bytes


def read_file(path: str | Path) -> str:
    """The text of a small regular file.

    Raises:
        SecretError: it cannot be read, is no regular file, is too long or no text. The message names nothing of its content.
    """
    try:
        # Without waiting: a pipe that nobody writes to would hold the reader for ever.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise SecretError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise SecretError("is no regular file")
        try:
            content = file.read(LONGEST_FILE + 1)
        except OSError as error:
            raise SecretError(f"cannot be read: {error.strerror}") from None
    if len(content) > LONGEST_FILE:
        raise SecretError(f"is longer than {LONGEST_FILE:,} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise SecretError("is no text") from None


def webhook_keys(path: str | Path | None) -> list[bytes]:
    """The keys of a webhook's secret file, the newest first.

    Raises:
        SecretError: no file is named, it cannot be read, or it holds no usable secret.
    """
    if not path:
        raise SecretError("no secret file is named")
    return read_secrets(read_file(path))
