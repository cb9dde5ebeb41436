"""The index of fingerprints: which earlier articles hold this 4-gram.

Buckets of 16 slots (tag, article offset) in two numpy tables of fixed size. A full bucket loses its oldest slot, one
fingerprint holds at most SLOTS_PER_FINGERPRINT slots of it (what stands everywhere must not evict the rest), and what is
expired is told by its offset, not deleted. The content is a pure function of the inserts and erasures in offset order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsfeed.copies.fingerprint import Hashes

Offsets = NDArray[np.int64]
Buckets = NDArray[np.int64]

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


class Places(NamedTuple):
    """The buckets of some fingerprints as they were read: what is looked up and inserted goes to memory once.

    Attributes:
        tags, buckets: of each fingerprint. slots: (fingerprints, 32), the tags of each bucket and the offsets behind them.
        own: (fingerprints, 16), which slots hold the fingerprint already.
    """

    tags: Hashes
    buckets: Buckets
    slots: Hashes
    own: NDArray[np.bool_]

    def only(self, chosen: NDArray[np.bool_]) -> Places:
        """Those of the chosen fingerprints."""
        return Places(self.tags[chosen], self.buckets[chosen], self.slots[chosen], self.own[chosen])


class FingerprintIndex:
    """Fixed memory: ``capacity`` articles x 80 fingerprints / load .7 x 8 bytes, about 0.9 kB an article."""

    def __init__(self, capacity: int) -> None:
        self._buckets = max(64, int(capacity * FINGERPRINTS_PER_ARTICLE / LOAD / SLOTS) + 1)
        # A bucket is a row: its tags (0: free), and behind them the low halves of their offsets.
        self._table = np.zeros((self._buckets, 2 * SLOTS), np.uint32)
        self._flat = self._table.reshape(-1)
        self._count = np.array(self._buckets, np.uint64)

    @property
    def nbytes(self) -> int:
        """Bytes of the table."""
        return self._table.nbytes

    def locate(self, fingerprints: Hashes) -> tuple[Hashes, Buckets]:
        """Tag and bucket of each fingerprint."""
        mixed = fingerprints * _GOLDEN
        mixed >>= _HIGH
        mixed *= self._count
        mixed >>= _HIGH
        return np.maximum(fingerprints, _ONE), mixed.view(np.int64)

    def read(self, fingerprints: Hashes) -> Places:
        """The buckets of the fingerprints as they are now."""
        return self._read(*self.locate(fingerprints))

    def _read(self, tags: Hashes, buckets: Buckets) -> Places:
        slots = self._table.take(buckets, 0)
        return Places(tags, buckets, slots, slots[:, :SLOTS] == tags[:, None])

    def find(self, places: Places, offset: int, count: int | None = None) -> tuple[NDArray[np.intp], Offsets]:
        """Every (number of a fingerprint, offset of an earlier article that holds it), seen from ``offset``.

        Args:
            count: of the first so many fingerprints; None for all.
        """
        at = places.own[:count].ravel().nonzero()[0]
        if not len(at):
            return at, _NO_OFFSETS
        rows = at // SLOTS
        held = places.slots.ravel().take(at + rows * SLOTS + SLOTS)
        age = (offset - held.astype(np.int64)) & _LOW
        return rows, offset - age

    def insert(self, places: Places, offset: int) -> None:
        """Insert the fingerprints of one article, whose buckets were read since the last insert; offsets must not fall."""
        tags, buckets = places.tags, places.buckets
        if len(set(buckets.tolist())) < len(buckets):
            self._insert(tags, buckets, np.full(len(tags), offset & _LOW, np.uint32))
        elif len(tags):
            self._put(places, np.array(offset & _LOW, np.uint32))

    def insert_many(self, fingerprints: Hashes, offsets: Offsets) -> None:
        """Insert fingerprints of several articles in ascending offset order: the same as one article after the other."""
        self._insert(*self.locate(fingerprints), (offsets & _LOW).astype(np.uint32))

    def erase(self, fingerprints: Hashes, offset: int) -> None:
        """Free the slots that hold these fingerprints of ``offset``."""
        places = self.read(fingerprints)
        rows, slots = (places.own & (places.slots[:, SLOTS:] == np.uint32(offset & _LOW))).nonzero()
        self._flat[places.buckets[rows] * (2 * SLOTS) + slots] = 0

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
            self._put(self._read(tags[chosen], buckets[chosen]), offsets[chosen, None])

    def _put(self, places: Places, offsets: Hashes) -> None:
        """Write each into the oldest slot of its bucket, or of its own where it has its share; every bucket once.

        Args:
            offsets: one of shape () for all, or one each, of shape (tags, 1).
        """
        tags, buckets, slots, own = places
        # uint32 arithmetic wraps, so the age is right across the 2**32 boundary; a free slot is older than all.
        age = offsets - slots[:, SLOTS:]
        np.putmask(age, slots[:, :SLOTS] == _FREE, _OLDEST)
        if np.count_nonzero(own) >= SLOTS_PER_FINGERPRINT:
            full = own.sum(1) >= SLOTS_PER_FINGERPRINT
            age[full[:, None] & ~own] = 0
        place = age.argmax(1)
        place += buckets * (2 * SLOTS)
        self._flat[place] = tags
        place += SLOTS
        self._flat[place] = offsets.ravel()


_NO_OFFSETS = np.zeros(0, np.int64)
