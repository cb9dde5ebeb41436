"""The keys under which an article is found again: by its id, text, title, URL, source, and by its fingerprints."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np

from newsfeed.copies.compare import Words
from newsfeed.copies.entry import Entry
from newsfeed.copies.fingerprint import Hashes, whole_title


def id_key(article_id: str) -> int:
    """64 bits of an article id."""
    return int(article_id[:16], 16)


def text_hash(words: Words) -> int:
    """63 bits over the folded words, the border of the title left out; never 0 for a text."""
    if not len(words):
        return 0
    digest = hashlib.blake2b(words.hashes.tobytes(), digest_size=8).digest()
    return (int.from_bytes(digest, "little") >> 1) | 1


@lru_cache(4096)
def source_hash(source: str) -> int:
    """63 bits of a source's name; 0 for none."""
    if not source:
        return 0
    return int.from_bytes(hashlib.blake2b(source.encode("utf-8", "replace"), digest_size=8).digest(), "big") >> 1


def title_print(entry: Entry) -> Hashes:
    """A fingerprint of an entry's whole title; none where it is too short to name anything."""
    return np.array(whole_title(np.frombuffer(entry.word_hashes, "<u4")[: entry.title_words]), np.uint32)


def url_print(url_id: str | None) -> Hashes:
    """A fingerprint of the id that a URL alone would give; none without a URL."""
    return np.array(_url(url_id), np.uint32)


def _url(url_id: str | None) -> list[int]:
    return [] if url_id is None else [int(url_id[:8], 16)]


def name_prints(title: Hashes, url_id: str | None) -> list[int]:
    """The fingerprints under which an article is found by what names it: its title, its URL."""
    return list(dict.fromkeys(whole_title(title) + _url(url_id)))


def joined(own: Hashes, names: list[int]) -> Hashes:
    """Fingerprints of a text and behind them those of its names."""
    return np.concatenate([own, np.array(names, np.uint32)]) if names else own


def text_prints(entry: Entry) -> Hashes:
    """Those of ``index_prints`` that are made from its words."""
    prints = index_prints(entry)
    return prints[~np.isin(prints, url_print(entry.url_id))]


def index_prints(entry: Entry) -> Hashes:
    """The fingerprints of an entry in the index: those of its text that its original does not hold, its title's, its URL's."""
    own = entry.words.fingerprints if entry.inserted is None else np.frombuffer(entry.inserted, "<u4")
    title = np.frombuffer(entry.word_hashes, "<u4", entry.title_words)
    return joined(own, name_prints(title, entry.url_id))
