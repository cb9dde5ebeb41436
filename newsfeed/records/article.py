"""The cleaned article with its fingerprints: what *clean* hands to *deduplicate* (internal, MessagePack)."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from newsfeed.records.position import Position
from newsfeed.records.raw import Status


class Article(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One cleaned article.

    Attributes:
        article_id: 32 hex digits, stays over the versions of the article.
        key: which part of the message made the id: ``id``, ``url`` or ``text``.
        raw: position of the raw message.
        raw_hash: first four bytes of BLAKE2b of the raw value, as an unsigned integer; tells a replay from a recreated topic.
        time_ms: the raw record's log time, milliseconds.
        url: canonical URL.
        source: the producer's, or the URL's host, or "".
        title, body: cleaned, NFC; paragraphs of the body are separated by newlines.
        language: ISO 639-1, declared where plausible, else detected.
        published: RFC 3339 in UTC or a date.
        status: as the producer said.
        targets: article ids that ``corrects`` can mean, most likely first; empty where nothing is corrected.
        marker: what the text itself says it is, by the agencies' conventions (``data/articles/markers.tsv``).
        notes: what cleaning dropped or changed that the producer should know.
        word_hashes: uint32 little endian, one a folded word of title and body in reading order (``copies.fingerprint``).
        word_bounds: where each of those words stands (``copies.bounds``).
        url_id: the article id that the URL alone would give; ``corrects`` may name an article by its URL.
        title_words: how many of them are the title's.
        prints: uint32 little endian, the distinct fingerprints of the words, sorted; distinct_shingles: how many 4-grams they have.
    """

    article_id: str
    key: Literal["id", "url", "text"]
    raw: Position
    raw_hash: int
    time_ms: int = 0
    url: str | None = None
    source: str = ""
    title: str = ""
    body: str = ""
    language: str | None = None
    published: str | None = None
    authors: list[str] = []
    status: Status = "usable"
    targets: list[str] = []
    marker: Literal["correction", "withdrawal"] | None = None
    notes: list[str] = []
    word_hashes: bytes = b""
    word_bounds: bytes = b""
    title_words: int = 0
    prints: bytes = b""
    distinct_shingles: int = 0
    url_id: str | None = None
