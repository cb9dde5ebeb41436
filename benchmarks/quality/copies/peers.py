"""The peers, in the same run on the same texts: exact hashing, SimHash and MinHash-LSH. Each answers the pairs it finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from hashlib import blake2b
from itertools import combinations

import numpy as np
from datasketch import MinHash, MinHashLSH

Pairs = set[tuple[int, int]]
Peer = Callable[[list[frozenset[str]]], Pairs]


def exact(sets: list[frozenset[str]]) -> Pairs:
    """Equal sets of 4-grams."""
    return _grouped((hash(grams), number) for number, grams in enumerate(sets) if grams)


def simhash(sets: list[frozenset[str]]) -> Pairs:
    """64 bits, Hamming distance at most 3: four bands of 16 bits (Manku, Jain and Das Sarma, 2007)."""
    signs = np.array([_sign(grams) for grams in sets], np.uint64)
    out: Pairs = set()
    for band in range(4):
        keys = (signs >> np.uint64(16 * band)) & np.uint64(0xFFFF)
        for a, b in _grouped(zip(keys.tolist(), range(len(sets)), strict=True)):
            if sets[a] and sets[b] and int(signs[a] ^ signs[b]).bit_count() <= 3:
                out.add((a, b))
    return out


def _sign(grams: frozenset[str]) -> int:
    if not grams:
        return 0
    hashes = np.array([int.from_bytes(blake2b(g.encode(), digest_size=8).digest(), "little") for g in grams], np.uint64)
    ones = ((hashes[:, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)).sum(0)
    return sum(1 << bit for bit in range(64) if 2 * ones[bit] > len(grams))


def minhash(threshold: float) -> Peer:
    """datasketch's MinHash-LSH with 128 permutations."""

    def find(sets: list[frozenset[str]]) -> Pairs:
        index = MinHashLSH(threshold=threshold, num_perm=128)
        out: Pairs = set()
        for number, grams in enumerate(sets):
            if not grams:
                continue
            sketch = MinHash(num_perm=128)
            sketch.update_batch([gram.encode() for gram in grams])
            out.update((int(earlier), number) for earlier in index.query(sketch))
            index.insert(number, sketch)
        return out

    return find


PEERS: dict[str, Peer] = {
    "exact hash": exact,
    "SimHash 64/3": simhash,
    "MinHash-LSH 0.8": minhash(0.8),
    "MinHash-LSH 0.5": minhash(0.5),
}


def _grouped(keyed: Iterable[tuple[object, int]]) -> Pairs:
    groups: dict[object, list[int]] = defaultdict(list)
    for key, number in keyed:
        groups[key].append(number)
    return {pair for group in groups.values() for pair in combinations(group, 2)}
