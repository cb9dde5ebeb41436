"""Where each word of an article stands, packed: three bytes a word where texts and words are short, eight where not.

One word's place is read without unpacking the others: a verdict shows a few passages of a text, not all of its words.
"""

from __future__ import annotations

from struct import Struct

import numpy as np
from numpy.typing import NDArray

Offsets = NDArray[np.int32]

_SHORT, _LONG = 0, 1  # first byte
_START = Struct("<H").unpack_from
_BOUND = Struct("<i").unpack_from


def pack_bounds(start: Offsets, end: Offsets) -> bytes:
    """Pack start and end (exclusive) of every word, code points within its field."""
    length = end - start
    if len(start) == 0 or (start.max() < 65_536 and length.max() < 256):
        return bytes([_SHORT]) + start.astype("<u2").tobytes() + length.astype(np.uint8).tobytes()
    return bytes([_LONG]) + start.astype("<i4").tobytes() + end.astype("<i4").tobytes()


def unpack_bounds(packed: bytes) -> tuple[Offsets, Offsets]:
    """Start and end (exclusive) of every word; int32."""
    if packed[0] == _LONG:
        both = np.frombuffer(packed, "<i4", offset=1)
        return both[: len(both) // 2], both[len(both) // 2 :]
    count = len(packed) // 3
    start = np.frombuffer(packed, "<u2", count, 1).astype(np.int32)
    return start, start + np.frombuffer(packed, np.uint8, count, 1 + 2 * count)


def start_of(packed: bytes, word: int) -> int:
    """Where a word begins."""
    return int(_BOUND(packed, 1 + 4 * word)[0] if packed[0] == _LONG else _START(packed, 1 + 2 * word)[0])


def end_of(packed: bytes, word: int) -> int:
    """Where a word ends (exclusive)."""
    if packed[0] == _LONG:
        return int(_BOUND(packed, 1 + len(packed) // 8 * 4 + 4 * word)[0])
    return int(_START(packed, 1 + 2 * word)[0]) + packed[1 + len(packed) // 3 * 2 + word]
