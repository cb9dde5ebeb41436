"""The index of fingerprints: which earlier articles hold this 4-gram.

Buckets of 16 slots (tag, article offset) in two numpy tables of fixed size. A full bucket loses its oldest slot, one
fingerprint holds at most SLOTS_PER_FINGERPRINT slots of it (what stands everywhere must not evict the rest), and what is
expired is told by its offset, not deleted. The content is a pure function of the inserts and erasures in offset order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from newsfeed.copies.fingerprint import Hashes

Offsets = NDArray[np.int64]
Buckets = NDArray[np.int64]
Places = tuple[Hashes, Buckets]

SLOTS = 16
SLOTS_PER_FINGERPRINT = 8
FINGERPRINTS_PER_ARTICLE = 80  # about 78 are kept of 310 words
LOAD = 0.7

# Arrays without a dimension: numpy takes them up quicker than its scalars.
_GOLDEN = np.array(0x9E3779B97F4A7C15, np.uint64)
_HIGH = np.array(32, np.uint64)
_LOW = 0xFFFFFFFF
_ONE = np.array(1, np.uint32)
_FREE = np.array(0, np.uint32)
_OLDEST = np.array(_LOW, np.uint32)


class FingerprintIndex:
    """Fixed memory: ``capacity`` articles x 80 fingerprints / load .7 x 8 bytes, about 0.9 kB an article."""

    def __init__(self, capacity: int) -> None:
        self._buckets = max(64, int(capacity * FINGERPRINTS_PER_ARTICLE / LOAD / SLOTS) + 1)
        # A bucket is two rows: its tags (0: free), and the low halves of their offsets; neighbours, so one way to memory.
        self._table = np.zeros((2 * self._buckets, SLOTS), np.uint32)
        self._flat = self._table.reshape(-1)
        self._count = np.array(self._buckets, np.uint64)

    @property
    def nbytes(self) -> int:
        """Bytes of the table."""
        return self._table.nbytes

    def locate(self, fingerprints: Hashes) -> Places:
        """Tag and bucket (the first of its rows) of each fingerprint."""
        mixed = fingerprints.astype(np.uint64)
        mixed *= _GOLDEN
        mixed >>= _HIGH
        mixed *= self._count
        mixed >>= _HIGH
        mixed += mixed
        return np.maximum(fingerprints, _ONE), mixed.view(np.int64)

    def find(self, tags: Hashes, buckets: Buckets, offset: int) -> tuple[NDArray[np.intp], Offsets]:
        """Every (row of ``tags``, offset of an earlier article that holds it), seen from ``offset``."""
        places = (self._table.take(buckets, 0) == tags[:, None]).ravel().nonzero()[0]
        if not len(places):
            return places, _NO_OFFSETS
        rows = places // SLOTS
        held = self._flat.take(buckets.take(rows) * SLOTS + (places % SLOTS + SLOTS))
        age = (offset - held.astype(np.int64)) & _LOW
        return rows, offset - age

    def insert(self, tags: Hashes, buckets: Buckets, offset: int) -> None:
        """Insert the fingerprints of one article; offsets must not fall."""
        if len(set(buckets.tolist())) < len(buckets):
            self._insert(tags, buckets, np.full(len(tags), offset & _LOW, np.uint32))
        elif len(tags):
            self._put(tags, buckets, np.array(offset & _LOW, np.uint32))

    def insert_many(self, tags: Hashes, buckets: Buckets, offsets: Offsets) -> None:
        """Insert fingerprints of several articles in ascending offset order: the same as one article after the other."""
        self._insert(tags, buckets, (offsets & _LOW).astype(np.uint32))

    def erase(self, tags: Hashes, buckets: Buckets, offset: int) -> None:
        """Free the slots that hold these fingerprints of ``offset``."""
        held = self._table.take(buckets, 0) == tags[:, None]
        held &= self._table.take(buckets + 1, 0) == np.uint32(offset & _LOW)
        rows, slots = held.nonzero()
        self._flat[buckets[rows] * SLOTS + slots] = 0

    def _insert(self, tags: Hashes, buckets: Buckets, offsets: Hashes) -> None:
        order = np.argsort(buckets, kind="stable")
        ordered = buckets[order]
        if not len(ordered):
            return
        repeat = np.empty(len(ordered), bool)
        repeat[0] = False
        np.equal(ordered[1:], ordered[:-1], out=repeat[1:])
        # Rank within the bucket: layer by layer every bucket occurs once, in the order of the articles.
        first = np.flatnonzero(~repeat)
        rank = np.arange(len(ordered)) - np.repeat(first, np.diff(first, append=len(ordered)))
        for layer in range(int(rank.max()) + 1):
            chosen = order[rank == layer]
            self._put(tags[chosen], buckets[chosen], offsets[chosen, None])

    def _put(self, tags: Hashes, buckets: Buckets, offsets: Hashes) -> None:
        """Write each into the oldest slot of its bucket, or of its own where it has its share; every bucket once.

        Args:
            offsets: one of shape () for all, or one each, of shape (tags, 1).
        """
        held = self._table.take(buckets, 0)
        # uint32 arithmetic wraps, so the age is right across the 2**32 boundary; a free slot is older than all.
        age = offsets - self._table.take(buckets + 1, 0)
        np.putmask(age, held == _FREE, _OLDEST)
        own = held == tags[:, None]
        if np.count_nonzero(own) >= SLOTS_PER_FINGERPRINT:
            full = own.sum(1) >= SLOTS_PER_FINGERPRINT
            age[full[:, None] & ~own] = 0
        place = age.argmax(1)
        place += buckets * SLOTS
        self._flat[place] = tags
        place += SLOTS
        self._flat[place] = offsets.ravel()


_NO_OFFSETS = np.zeros(0, np.int64)
