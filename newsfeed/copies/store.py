"""The entries of the window by offset: packed in a file, found by a table in memory.

The file lies in the data folder (or, without one, is an unnamed temporary file); it is derived from the window topic and
made anew at every start, so nothing depends on it. Anonymous memory: about 50 bytes an article.
"""

from __future__ import annotations

import os
import tempfile
from collections import OrderedDict
from itertools import islice
from pathlib import Path

import numpy as np

SEGMENT = 32 << 20  # bytes; a segment is dropped when all of its entries are forgotten
CACHED = 256  # packed entries written last
TOGETHER, TOGETHER_BYTES = 64, 1 << 20  # entries written at once


class EntryStore:
    """Packed entries in ascending offset order; whole segments of the oldest are dropped."""

    def __init__(self, folder: Path | None, slots: int) -> None:
        self._folder = folder
        self._slots = slots
        self._offset = np.full(slots, -1, np.int64)  # which offset a slot of the ring holds
        self._where = np.zeros(slots, np.int64)  # segment number * SEGMENT * 2 + place in it
        self._size = np.zeros(slots, np.int32)
        self._segments: OrderedDict[int, tuple[int, int]] = OrderedDict()  # number: (file descriptor, last offset)
        self._number = -1
        self._end = SEGMENT
        self._recent: dict[int, bytes] = {}
        self._waiting: list[bytes] = []  # the last of ``_recent``, not in the file yet
        self._waiting_bytes = 0

    def close(self) -> None:
        """Give the files back."""
        for descriptor, _ in self._segments.values():
            os.close(descriptor)
        self._segments.clear()

    def _new_segment(self) -> None:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        descriptor, path = tempfile.mkstemp(prefix="newsfeed-window-", dir=self._folder)
        os.unlink(path)  # gone with the process, whatever ends it
        self._number += 1
        self._end = 0
        self._segments[self._number] = descriptor, -1

    def put(self, offset: int, packed: bytes) -> None:
        """Append the entry of an offset; offsets rise."""
        size = len(packed)
        if self._end + size > SEGMENT and self._end:
            self._write()
            self._new_segment()
        self._segments[self._number] = self._segments[self._number][0], offset
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
            os.pwrite(self._segments[self._number][0], b"".join(self._waiting), self._end - self._waiting_bytes)
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
        return os.pread(segment[0], int(self._size[slot]), place)

    def forget(self, bound: int) -> None:
        """Drop the segments whose entries all lie before offset ``bound``."""
        while self._segments:
            number, (descriptor, last) = next(iter(self._segments.items()))
            if last >= bound or number == self._number:
                return
            os.close(descriptor)
            del self._segments[number]
