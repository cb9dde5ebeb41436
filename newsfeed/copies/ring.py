"""What is known of each offset in a few numbers: a ring of fixed size, about 50 bytes an article, and two exact look-ups."""

from __future__ import annotations

from sys import getsizeof

import numpy as np
from numpy.typing import NDArray

from newsfeed.copies.entry import Entry
from newsfeed.copies.keys import id_key

Offsets = NDArray[np.int64]


class Ring:
    """The newest ``slots`` offsets: log time, root, article id and text, and which of them are in the window.

    Args:
        capacity: how many offsets back an article is live. slots: how many are held, for what may be judged again.
        window_ms: how much log time back it is live; None for no limit.
    """

    def __init__(self, *, capacity: int, slots: int, window_ms: int | None) -> None:
        self._capacity, self._slots, self._window_ms = capacity, slots, window_ms
        self._at = np.full(slots, -1, np.int64)  # which offset a slot holds
        self._times = np.zeros(slots, np.int64)
        self._marks = np.zeros(slots, np.int64)  # the newest log time up to the offset
        self._roots = np.zeros(slots, np.uint64)
        self._ids = np.zeros(slots, np.uint64)
        self._texts = np.zeros(slots, np.uint64)  # 0: its text must not be found
        # One number is read and written several times quicker through a memory view than through its array.
        self._at_of, self._time_of, self._mark_of = (
            self._at.data,
            self._times.data,
            self._marks.data,
        )
        self._root_of, self._id_of, self._text_of = (
            self._roots.data,
            self._ids.data,
            self._texts.data,
        )
        self._latest: dict[int, int] = {}  # article id (64 bits) to the offset of its newest entry
        self._same: dict[int, int] = {}  # text hash to the offset of its newest entry
        self._first = 0  # offsets before it are forgotten
        self._held = 0

    def __len__(self) -> int:
        """Offsets whose memory is held."""
        return self._held

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays and of the tables of the exact look-ups, without the numbers that these point to."""
        arrays = (self._at, self._times, self._marks, self._roots, self._ids, self._texts)
        return sum(array.nbytes for array in arrays) + getsizeof(self._latest) + getsizeof(self._same)

    @property
    def keys(self) -> int:
        """How many keys the exact look-ups hold."""
        return len(self._latest) + len(self._same)

    def put(self, entry: Entry) -> None:
        """Remember an entry; offsets rise."""
        slot = entry.offset % self._slots
        if self._at_of[slot] >= 0:
            self._drop(slot)
        self._held += 1
        self._at_of[slot], self._time_of[slot], self._mark_of[slot] = entry.offset, entry.time_ms, entry.mark
        self._root_of[slot] = id_key(entry.decision.root)
        key = id_key(entry.article_id)
        self._id_of[slot] = key
        self._latest[key] = entry.offset
        self._text_of[slot] = entry.text_hash if entry.indexed else 0
        if entry.indexed:
            self._same[entry.text_hash] = entry.offset

    def latest(self, article_id: str) -> int:
        """Offset of the newest entry of an article id; -1 for none."""
        return self._latest.get(id_key(article_id), -1)

    def same(self, text_hash: int) -> int:
        """Offset of the newest entry with a text; -1 for none."""
        return self._same.get(text_hash, -1)

    def roots(self, offsets: Offsets) -> NDArray[np.uint64]:
        """64 bits of the root of each held offset."""
        found: NDArray[np.uint64] = self._roots[offsets % self._slots]
        return found

    def slots_of(self, article_id: str) -> NDArray[np.intp]:
        """The slots of the entries of an article id, those whose memory was given back included, and perhaps others."""
        return np.flatnonzero(self._ids == np.uint64(id_key(article_id)))

    def hide(self, offset: int) -> None:
        """The text of an offset is found no more."""
        slot = offset % self._slots
        if self._at_of[slot] == offset:
            if self._same.get(self._text_of[slot]) == offset:
                del self._same[self._text_of[slot]]
            self._text_of[slot] = 0

    def live(self, candidate: int, offset: int, mark: int) -> bool:
        """Whether a candidate is in the window as seen from ``offset``, when the newest log time is ``mark``."""
        slot = candidate % self._slots
        if not max(0, offset - self._capacity) <= candidate < offset or self._at_of[slot] != candidate:
            return False
        time = self._time_of[slot]
        return self._window_ms is None or time == 0 or time >= mark - self._window_ms

    def live_many(self, candidates: Offsets, offset: int, mark: int) -> NDArray[np.bool_]:
        """``live`` of many."""
        slot = candidates % self._slots
        # What is held lies before ``offset``; an empty slot holds -1.
        live: NDArray[np.bool_] = self._at.take(slot) == candidates
        live &= candidates >= max(0, offset - self._capacity)
        if self._window_ms is not None:
            times = self._times[slot]
            live &= (times == 0) | (times >= mark - self._window_ms)
        return live

    def young(self, entry: Entry, offset: int, mark: int) -> bool:
        """Whether an entry stays for at least half of the window."""
        if entry.offset < offset - self._capacity // 2:
            return False
        return self._window_ms is None or entry.time_ms == 0 or entry.time_ms >= mark - self._window_ms // 2

    def forget(self, committed: int, last: int) -> int:
        """Drop the prefix of offsets that is expired for every offset from ``committed`` on; returns the first one kept."""
        bound, limit = committed - self._capacity, None
        slot = (committed - 1) % self._slots
        if self._window_ms is not None and committed > 0 and self._at_of[slot] == committed - 1:
            limit = self._mark_of[slot] - self._window_ms
        at = self._first
        while at <= last and at < committed:
            slot = at % self._slots
            held = self._at_of[slot] == at
            outlived = held and limit is not None and 0 < self._mark_of[slot] < limit
            if at >= bound and not outlived:
                break
            if held:
                self._drop(slot)
            at += 1
        self._first = at
        return at

    def _drop(self, slot: int) -> None:
        """Take the exact keys of a slot out of memory; its fingerprints stay, and are told expired by their offset."""
        offset = self._at_of[slot]
        for table, key in ((self._latest, self._id_of[slot]), (self._same, self._text_of[slot])):
            if table.get(key) == offset:
                del table[key]
        self._at_of[slot] = -1
        self._held -= 1
