"""The index of fingerprints: which earlier articles hold this 4-gram.

Buckets of 16 slots (tag, article offset) in two numpy tables of fixed size. A full bucket loses its oldest slot, one
fingerprint holds at most SLOTS_PER_FINGERPRINT slots of it (what stands everywhere must not evict the rest), and nothing
is ever deleted: what is expired is told by its offset. The content is a pure function of the inserts in offset order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from newsfeed.copies.fingerprint import Hashes

Offsets = NDArray[np.int64]
Buckets = NDArray[np.int64]

SLOTS = 16
SLOTS_PER_FINGERPRINT = 8
FINGERPRINTS_PER_ARTICLE = 80  # about 78 are kept of 310 words
LOAD = 0.7

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_HIGH = np.uint64(32)
_LOW = 0xFFFFFFFF


class FingerprintIndex:
    """Fixed memory: ``capacity`` articles x 80 fingerprints / load .7 x 8 bytes, about 0.9 kB an article."""

    def __init__(self, capacity: int) -> None:
        self._buckets = max(64, int(capacity * FINGERPRINTS_PER_ARTICLE / LOAD / SLOTS) + 1)
        self._tags = np.zeros((self._buckets, SLOTS), np.uint32)  # 0: free
        self._offsets = np.zeros((self._buckets, SLOTS), np.uint32)  # the low half of the offset

    @property
    def nbytes(self) -> int:
        """Bytes of both tables."""
        return self._tags.nbytes + self._offsets.nbytes

    def locate(self, fingerprints: Hashes) -> tuple[Hashes, Buckets]:
        """Tag and bucket of each fingerprint."""
        mixed = fingerprints.astype(np.uint64) * _GOLDEN
        bucket = ((mixed >> _HIGH) * np.uint64(self._buckets)) >> _HIGH
        return np.maximum(fingerprints, np.uint32(1)), bucket.astype(np.int64)

    def find(self, tags: Hashes, buckets: Buckets, offset: int) -> tuple[NDArray[np.intp], Offsets]:
        """Every (row of ``tags``, offset of an earlier article that holds it), seen from ``offset``."""
        rows, slots = np.nonzero(self._tags[buckets] == tags[:, None])
        if not len(rows):
            return rows, np.zeros(0, np.int64)
        age = (offset - self._offsets[buckets[rows], slots].astype(np.int64)) & _LOW
        return rows, offset - age

    def insert(self, tags: Hashes, buckets: Buckets, offset: int) -> None:
        """Insert the fingerprints of one article; offsets must not fall."""
        self._insert(tags, buckets, np.full(len(tags), offset & _LOW, np.uint32))

    def insert_many(self, tags: Hashes, buckets: Buckets, offsets: Offsets) -> None:
        """Insert fingerprints of several articles in ascending offset order: the same as one article after the other."""
        self._insert(tags, buckets, (offsets & _LOW).astype(np.uint32))

    def _insert(self, tags: Hashes, buckets: Buckets, offsets: Hashes) -> None:
        order = np.argsort(buckets, kind="stable")
        ordered = buckets[order]
        repeat = np.empty(len(ordered), bool)
        if not len(ordered):
            return
        repeat[0] = False
        np.equal(ordered[1:], ordered[:-1], out=repeat[1:])
        if not repeat.any():
            self._put(tags, buckets, offsets)
            return
        # Rank within the bucket: layer by layer every bucket occurs once, in the order of the articles.
        first = np.flatnonzero(~repeat)
        rank = np.arange(len(ordered)) - np.repeat(first, np.diff(first, append=len(ordered)))
        for layer in range(int(rank.max()) + 1):
            chosen = order[rank == layer]
            self._put(tags[chosen], buckets[chosen], offsets[chosen])

    def _put(self, tags: Hashes, buckets: Buckets, offsets: Hashes) -> None:
        """Write each into the oldest slot of its bucket, or of its own where it has its share; every bucket once."""
        held = self._tags[buckets]
        # uint32 arithmetic wraps, so the age is right across the 2**32 boundary; a free slot is older than all.
        age = (offsets[:, None] - self._offsets[buckets]).astype(np.int64)
        age[held == 0] = _LOW + 1
        own = held == tags[:, None]
        full = own.sum(1) >= SLOTS_PER_FINGERPRINT
        if full.any():
            age[full[:, None] & ~own] = -1
        slot = age.argmax(1)
        self._tags[buckets, slot] = tags
        self._offsets[buckets, slot] = offsets
