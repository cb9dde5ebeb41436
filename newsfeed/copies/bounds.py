"""Where each word of an article stands, packed: three bytes a word where words and gaps are short, eight where not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Offsets = NDArray[np.int32]

_SHORT, _LONG = b"\x00", b"\x01"


def pack_bounds(start: Offsets, end: Offsets) -> bytes:
    """Pack start and end (exclusive) of every word, code points within its field. The step back at the body's first word counts as long."""
    step = np.diff(start, prepend=np.int32(0))
    length = end - start
    if len(start) == 0 or (step.min() >= 0 and step.max() < 65_536 and length.max() < 256):
        return _SHORT + step.astype("<u2").tobytes() + length.astype(np.uint8).tobytes()
    if length.max() < 256 and step.max() < 65_535:
        # One field follows another: the only negative step is the body's start, told apart by a reserved value.
        back = np.flatnonzero(step < 0)
        if len(back) == 1 and start[back[0]] < 65_536:
            short = step.copy()
            short[back[0]] = start[back[0]]
            return (
                b"\x02"
                + int(back[0]).to_bytes(4, "little")
                + short.astype("<u2").tobytes()
                + length.astype(np.uint8).tobytes()
            )
    return _LONG + start.astype("<i4").tobytes() + end.astype("<i4").tobytes()


def unpack_bounds(packed: bytes) -> tuple[Offsets, Offsets]:
    """Start and end (exclusive) of every word; int32."""
    if packed[:1] == _LONG:
        both = np.frombuffer(packed, "<i4", offset=1)
        return both[: len(both) // 2], both[len(both) // 2 :]
    head = 5 if packed[:1] == b"\x02" else 1
    count = (len(packed) - head) // 3
    step = np.frombuffer(packed, "<u2", count, head).astype(np.int32)
    length = np.frombuffer(packed, np.uint8, count, head + 2 * count)
    start = np.cumsum(step, dtype=np.int32)
    if head == 5:
        back = int.from_bytes(packed[1:5], "little")
        start[back:] -= start[back] - step[back]
    return start, start + length
