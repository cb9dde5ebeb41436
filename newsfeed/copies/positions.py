"""Which raw positions have had their verdict: four bytes of hash each, so that a replay of *clean* is told from news."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CHUNK = 1 << 16  # positions
_Chunk = tuple[NDArray[np.uint32], NDArray[np.int64]]


class RecreatedTopic(Exception):
    """A raw position came again with other content: the raw topic was deleted and made anew under the window."""


class RawPositions:
    """Raw position to (hash, offset of the article that had it), in chunks that are dropped when they left the window."""

    def __init__(self) -> None:
        self._chunks: dict[tuple[str, int, int], _Chunk] = {}

    @property
    def nbytes(self) -> int:
        """Bytes of the chunks."""
        return sum(array.nbytes for chunk in self._chunks.values() for array in chunk)

    def seen(self, raw: tuple[str, int, int], raw_hash: int) -> int | None:
        """Offset of the article that this raw position became, None where it is new.

        Raises:
            RecreatedTopic: the position is known with another hash.
        """
        topic, partition, offset = raw
        chunk = self._chunks.get((topic, partition, offset // CHUNK))
        if chunk is None:
            return None
        at = offset % CHUNK
        if chunk[1][at] < 0:
            return None
        if chunk[0][at] != raw_hash:
            raise RecreatedTopic(
                f"{topic}/{partition}/{offset} was judged before with other content: the topic was recreated"
            )
        return int(chunk[1][at])

    def put(self, raw: tuple[str, int, int], raw_hash: int, article_offset: int) -> None:
        """Remember a position."""
        topic, partition, offset = raw
        key = topic, partition, offset // CHUNK
        chunk = self._chunks.get(key)
        if chunk is None:
            chunk = self._chunks[key] = np.zeros(CHUNK, np.uint32), np.full(CHUNK, -1, np.int64)
        at = offset % CHUNK
        chunk[0][at], chunk[1][at] = raw_hash, article_offset

    def forget(self, bound: int) -> None:
        """Drop the chunks whose articles all lie before offset ``bound``."""
        for key in [key for key, chunk in self._chunks.items() if chunk[1].max() < bound]:
            del self._chunks[key]
