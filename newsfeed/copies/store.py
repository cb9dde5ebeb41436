"""The entries of the window by offset: packed in a file, found by a table in memory.

The file lies in the data folder (or, without one, is an unnamed temporary file); it is derived from the window topic and
made anew at every start, so nothing depends on it. Anonymous memory: about 50 bytes an article.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from collections import OrderedDict
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SEGMENT = 32 << 20  # bytes; a segment is dropped when all of its entries are forgotten
CACHED = 256  # packed entries written last
TOGETHER, TOGETHER_BYTES = 64, 1 << 20  # entries written at once


@dataclass(slots=True)
class Segment:
    """A file, its map for reading, and the last offset in it."""

    descriptor: int
    view: mmap.mmap
    last: int = -1

    def close(self) -> None:
        self.view.close()
        os.close(self.descriptor)


class EntryStore:
    """Packed entries in ascending offset order; whole segments of the oldest are dropped."""

    def __init__(self, folder: Path | None, slots: int) -> None:
        self._folder = folder
        self._slots = slots
        self._offset = np.full(slots, -1, np.int64)  # which offset a slot of the ring holds
        self._where = np.zeros(slots, np.int64)  # segment number * SEGMENT * 2 + place in it
        self._size = np.zeros(slots, np.int32)
        self._segments: OrderedDict[int, Segment] = OrderedDict()
        self._number = -1
        self._end = SEGMENT
        self._recent: dict[int, bytes] = {}
        self._waiting: list[bytes] = []  # the last of ``_recent``, not in the file yet
        self._waiting_bytes = 0

    @property
    def nbytes(self) -> int:
        """Bytes of the table that finds the entries; the entries lie in files."""
        return self._offset.nbytes + self._where.nbytes + self._size.nbytes

    def close(self) -> None:
        """Give the files back."""
        for segment in self._segments.values():
            segment.close()
        self._segments.clear()

    def _new_segment(self, size: int) -> None:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        descriptor, path = tempfile.mkstemp(prefix="newsfeed-window-", dir=self._folder)
        os.unlink(path)  # gone with the process, whatever ends it
        os.ftruncate(descriptor, size)  # sparse: only what was written is read
        self._number += 1
        self._end = 0
        self._segments[self._number] = Segment(descriptor, mmap.mmap(descriptor, size, prot=mmap.PROT_READ))

    def put(self, offset: int, packed: bytes) -> None:
        """Append the entry of an offset; offsets rise."""
        size = len(packed)
        if self._end + size > SEGMENT and self._end:
            self._write()
            self._new_segment(max(size, SEGMENT))
        self._segments[self._number].last = offset
        slot = offset % self._slots
        self._offset[slot], self._size[slot] = offset, size
        self._where[slot] = self._number * SEGMENT * 2 + self._end
        self._end += size
        self._waiting.append(packed)
        self._waiting_bytes += size
        self._recent[offset] = packed
        if len(self._waiting) >= TOGETHER or self._waiting_bytes > TOGETHER_BYTES:
            self._write()

    def _write(self) -> None:
        """Write what waits; only then may it be forgotten in memory."""
        if self._waiting:
            os.pwrite(self._segments[self._number].descriptor, b"".join(self._waiting), self._end - self._waiting_bytes)
            self._waiting, self._waiting_bytes = [], 0
        for offset in list(islice(self._recent, max(0, len(self._recent) - CACHED))):
            del self._recent[offset]

    def get(self, offset: int) -> bytes | None:
        """The packed entry, or None where there is none (never was, or forgotten)."""
        found = self._recent.get(offset)
        if found is not None:
            return found
        slot = offset % self._slots
        if offset < 0 or self._offset[slot] != offset:
            return None
        number, place = divmod(int(self._where[slot]), SEGMENT * 2)
        segment = self._segments.get(number)
        if segment is None:
            return None
        return segment.view[place : place + int(self._size[slot])]

    def offsets(self, slots: NDArray[np.intp]) -> list[int]:
        """The offsets whose entries stand in these slots, ascending."""
        found = self._offset[slots]
        return [int(offset) for offset in np.sort(found[found >= 0])]

    def replace(self, offset: int, packed: bytes) -> None:
        """Write an entry that is no longer over the one of an offset that is held: nothing of the old one stays."""
        self._write()
        self._recent.pop(offset, None)
        slot = offset % self._slots
        number, place = divmod(int(self._where[slot]), SEGMENT * 2)
        assert len(packed) <= self._size[slot]
        os.pwrite(self._segments[number].descriptor, packed.ljust(int(self._size[slot]), b"\0"), place)
        self._size[slot] = len(packed)

    def forget(self, bound: int) -> None:
        """Drop the segments whose entries all lie before offset ``bound``."""
        while self._segments:
            number, segment = next(iter(self._segments.items()))
            if segment.last >= bound or number == self._number:
                return
            segment.close()
            del self._segments[number]
