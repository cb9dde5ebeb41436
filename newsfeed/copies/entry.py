"""What the copy window keeps of one article: enough to compare with it, to point into it, and to repeat its verdict."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import numpy as np
from msgspec import Struct

from newsfeed.copies.compare import Words
from newsfeed.data import content_hash
from newsfeed.records import Article, Change, Evidence, Overlap, Verdict
from newsfeed.records.verdict import Kind, Method

STATE_VERSION = f"5.{content_hash('copies')}"  # format of an entry, folding and hashing; rules that decide


class Passed(Struct, frozen=True, array_like=True):
    """One passage of the evidence without its text, which the article itself gives back."""

    of: str
    field: Literal["title", "body"]
    here: tuple[int, int]
    there_field: Literal["title", "body"]
    there: tuple[int, int]


class Decision(Struct, frozen=True, array_like=True):
    """A verdict without what the article says itself."""

    kind: Kind
    version: int | None
    root: str
    of: str | None = None
    of_version: int | None = None
    method: Method = "none"
    score: float | None = None
    threshold: float | None = None
    overlap: tuple[float, float, float] | None = None
    evidence: list[Passed] = []
    changes: list[Change] = []
    notes: list[str] = []

    def verdict(self, article: Article, rules: str) -> Verdict:
        """The whole verdict: a pure function of the decision and the article."""
        fields = {"title": article.title, "body": article.body}
        return Verdict(
            article_id=article.article_id, version=self.version, raw=article.raw, url=article.url, source=article.source,
            title=article.title, published=article.published, language=article.language, kind=self.kind, of=self.of,
            of_version=self.of_version, root=self.root, method=self.method, score=self.score, threshold=self.threshold,
            overlap=None if self.overlap is None
            else Overlap(jaccard=self.overlap[0], here_in_there=self.overlap[1], there_in_here=self.overlap[2]),
            evidence=[
                Evidence(of=p.of, field=p.field, text=fields[p.field][p.here[0] : p.here[1]], here=p.here,
                         there_field=p.there_field, there=p.there)
                for p in self.evidence
            ],
            changes=self.changes, rules=rules, notes=[*article.notes, *self.notes],
        )  # fmt: skip


class Entry(Struct, frozen=True, array_like=True, tag=0):
    """One article of the window.

    Attributes:
        mark: the newest log time seen up to here (ms): what the window counts from.
        last_version: the newest version of the article id up to here; 0 for none.
        told: whether any version of the article id was published up to here.
        canceled: whether a cancellation is the newest that was said of the article id.
        previous: offset of the entry before of the same article id; -1 for none.
        first_same: offset of the first live entry with the same text; its own where it is the first.
        url_id: the article id that its URL alone would give.
        source_hash: 63 bits of the source's name; 0 for none.
        distinct: how many distinct shingles it has.
        inserted: the fingerprints it put into the index; None for all of them.
    """

    offset: int
    raw: tuple[str, int, int]
    raw_hash: int
    time_ms: int
    mark: int
    article_id: str
    text_hash: int
    decision: Decision
    last_version: int
    told: bool
    canceled: bool
    previous: int
    first_same: int
    source_hash: int
    url_id: str | None
    title_words: int
    distinct: int
    word_hashes: bytes
    word_bounds: bytes
    inserted: bytes | None = None

    @property
    def indexed(self) -> bool:
        """Whether later articles are compared with its text (an embargo's text must not show)."""
        return self.decision.kind != "embargo" and len(self.word_hashes) > 0

    @property
    def words(self) -> Words:
        return Words(np.frombuffer(self.word_hashes, "<u4"), self.title_words, distinct=self.distinct)

    def without_text(self) -> Entry:
        """The same without what was made from the words; id and verdict stay."""
        return msgspec.structs.replace(
            self, text_hash=0, title_words=0, distinct=0, word_hashes=b"", word_bounds=b"", inserted=None
        )


class Erased(Struct, frozen=True, array_like=True, tag=1):
    """From ``offset`` on the text of an article is not known: it was to be forgotten."""

    offset: int
    article_id: str


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Entry).decode
_any: Any = Entry | Erased
_decode_any = msgspec.msgpack.Decoder(_any).decode
_encode_many = msgspec.msgpack.Encoder().encode
_decode_many = msgspec.msgpack.Decoder(list[bytes]).decode


def pack_entry(entry: Entry | Erased) -> bytes:
    """MessagePack, an array."""
    return _encode(entry)


def unpack_entry(packed: bytes) -> Entry:
    """The entry again.

    Raises:
        msgspec.DecodeError: not an entry of this format.
    """
    return _decode(packed)


def unpack(packed: bytes) -> Entry | Erased:
    """What stands in a record of ``news.window.v1``.

    Raises:
        msgspec.DecodeError: nothing of this format.
    """
    found: Entry | Erased = _decode_any(packed)
    return found


def pack_entries(entries: list[bytes]) -> bytes:
    """The entries of one batch as one record of ``news.window.v1``."""
    return _encode_many(entries)


def unpack_entries(record: bytes) -> list[bytes]:
    """The entries of one record of ``news.window.v1``.

    Raises:
        msgspec.DecodeError: not such a record.
    """
    return _decode_many(record)


def ids_with_text(entries: list[bytes]) -> list[str]:
    """The article ids of the packed entries that hold words.

    Raises:
        msgspec.DecodeError: one is none of this format.
    """
    found = map(unpack, entries)
    return [entry.article_id for entry in found if isinstance(entry, Entry) and entry.word_hashes]
