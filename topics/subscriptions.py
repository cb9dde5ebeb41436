"""A record of news.subscriptions.v1 as every reader takes it: the key names the subscription, and the newest record of a key counts."""

from __future__ import annotations

from newsfeed.records import Subscription
from topics import codec


def name(key: bytes | None) -> str:
    """The name that a key gives."""
    return (key or b"").decode("utf-8", "replace")


def read(key: bytes | None, value: bytes | None) -> Subscription | codec.Bad | None:
    """The subscription; None where the record removes it, ``Bad`` where it is none. Its query is not looked at.

    One under another key than its id is refused: it could neither be removed nor outlive the compaction of the topic.
    """
    if not value:
        return None
    found = codec.decode(value, Subscription)
    if isinstance(found, codec.Bad) or found.id == name(key):
        return found
    return codec.Bad(value, f"the key of the record is {name(key)[:200]!r} and not the id, {found.id[:200]!r}")
