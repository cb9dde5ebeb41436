"""What is a copy: fingerprints, the window of earlier articles, the comparison and the verdict."""

from newsfeed.copies.entry import STATE_VERSION, ids_with_text, pack_entries, unpack_entries
from newsfeed.copies.fingerprint import fingerprint
from newsfeed.copies.positions import RecreatedTopic
from newsfeed.copies.window import CopyWindow, Judgement, WindowGap

__all__ = [
    "STATE_VERSION",
    "CopyWindow",
    "Judgement",
    "RecreatedTopic",
    "WindowGap",
    "fingerprint",
    "ids_with_text",
    "pack_entries",
    "unpack_entries",
]
