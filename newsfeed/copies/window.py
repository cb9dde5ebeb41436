"""The copy window: everything a verdict may depend on, and nothing else.

A verdict is a function of the articles at lower offsets of one partition. An article is expired for another when it lies
``capacity`` offsets or ``seconds`` of log time behind it, whether or not its memory was given back yet; memory is given
back by ``forget``, as of the committed offset. Judging an offset again returns the stored decision.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from newsfeed.copies.compare import Words, contains, match_all
from newsfeed.copies.decide import Pair
from newsfeed.copies.entry import Entry, pack_entry, unpack_entry
from newsfeed.copies.fingerprint import Hashes, distinct, first_letters, title_prints, winnow
from newsfeed.copies.index import FingerprintIndex
from newsfeed.copies.lifecycle import Known, decide_article
from newsfeed.copies.positions import RawPositions
from newsfeed.copies.store import EntryStore
from newsfeed.copies.thresholds import thresholds
from newsfeed.data import content_hash
from newsfeed.records import Article, Verdict

SLACK = 1 << 16  # offsets judged but not committed yet, which a replay may need
CANDIDATES = 24  # earlier articles that are held against the text, those with most common fingerprints first
COMPARED = (
    8  # of these, looked at passage by passage; candidates with one common fingerprint make up this number at most
)
CHAIN = 64  # versions of one article id that are searched for the same text
DECODED = 512  # entries kept decoded

__all__ = ["CopyWindow", "Judgement", "WindowGap"]


class WindowGap(Exception):
    """An offset below the newest known one has no entry: the window topic was truncated or belongs to another log."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict (None: the raw position had its verdict already, drop this one) and the entry for the window topic."""

    verdict: Verdict | None
    entry: bytes
    replayed: bool = False


class CopyWindow:
    """The state of one partition of ``news.articles.v1``.

    Args:
        capacity: articles, counted in offsets.
        seconds: log time; None for no limit. Articles without log time never expire by it.
        folder: where the entry file lies; None for the system's temporary folder.
        rules: content hash that verdicts carry.
    """

    def __init__(
        self,
        *,
        capacity: int = 1_000_000,
        seconds: float | None = 259_200,
        folder: Path | None = None,
        rules: str | None = None,
    ) -> None:
        if capacity < 1:
            raise ValueError(f"the window's capacity is at least 1 article, not {capacity}")
        self._capacity = capacity
        self._window_ms = None if seconds is None else int(seconds * 1000)
        self._rules = content_hash() if rules is None else rules
        self._index = FingerprintIndex(capacity)
        slots = capacity + min(SLACK, max(1024, capacity))
        self._slots = slots
        self._store = EntryStore(folder, slots)
        self._times = np.zeros(slots, np.int64)
        self._marks = np.zeros(slots, np.int64)
        self._roots = np.zeros(slots, np.uint64)
        self._ids = np.zeros(slots, np.uint64)
        self._texts = np.zeros(slots, np.uint64)
        self._at = np.full(slots, -1, np.int64)
        self._latest: dict[int, int] = {}  # article id (64 bits) to the offset of its newest entry
        self._same: dict[int, int] = {}  # text hash to the offset of its newest entry
        self._raw = RawPositions()
        self._decoded: dict[int, Entry] = {}
        self._words: dict[int, Words] = {}
        self._last = -1
        self._mark = 0
        self._forgotten = 0  # offsets before it are forgotten

    def __len__(self) -> int:
        """Articles whose memory is held."""
        return int((self._at >= self._forgotten).sum())

    @property
    def last_offset(self) -> int:
        """The newest offset that has an entry; -1 for none."""
        return self._last

    def close(self) -> None:
        """Give the files back."""
        self._store.close()

    # --- judging -------------------------------------------------------------------------------------------------

    def judge(self, offset: int, article: Article) -> Judgement:
        """The verdict of the article at ``offset`` of its partition.

        Raises:
            RecreatedTopic: its raw position is known with other content.
            WindowGap: the offset was passed already and has no entry.
        """
        raw = article.raw.topic, article.raw.partition, article.raw.offset
        first = self._raw.seen(raw, article.raw_hash)
        if first is not None:
            entry = self.entry(first) if first == offset else None
            if entry is None:
                return Judgement(None, b"", replayed=True)
            return Judgement(entry.decision.verdict(article, self._rules), pack_entry(entry), replayed=True)
        if offset <= self._last:
            raise WindowGap(
                f"offset {offset} was judged before (the window reaches to {self._last}) but its entry is missing: "
                "news.window.v1 was truncated or belongs to another log. Delete it and start from the beginning of news.articles.v1."
            )
        mark = max(self._mark, article.time_ms)
        entry = self._judge(offset, article, mark)
        packed = pack_entry(entry)
        self._remember(entry, packed)
        self._put_fingerprints(entry)
        return Judgement(entry.decision.verdict(article, self._rules), packed)

    def _judge(self, offset: int, article: Article, mark: int) -> Entry:
        here = Words(
            np.frombuffer(article.word_hashes, "<u4"),
            article.title_words,
            first_letters=partial(first_letters, article),
            capital_names=article.language != "de",
        )
        limits = thresholds(article.language)
        same = text_hash(here)
        known = Known(
            offset=offset,
            article=article,
            here=here,
            limits=limits,
            text_hash=same,
            chain=self._chain(article.article_id, offset, mark),
            same_text=self._same_text(same, here, offset, mark),
            article_of=lambda article_id: self._named(article_id, offset, mark),
            compared=lambda: self._compare(offset, mark, here, article),
            titled=lambda: self._titled(offset, mark, here),
            source_hash=source_hash(article.source),
        )
        decided = decide_article(known)
        inserted = None
        if decided.copy_of is not None and self._young(decided.copy_of, offset, mark):
            theirs = np.sort(decided.copy_of.words.shingles)
            inserted = here.fingerprints[~contains(theirs, here.fingerprints)].astype("<u4").tobytes()
        return Entry(
            offset=offset, raw=(article.raw.topic, article.raw.partition, article.raw.offset), raw_hash=article.raw_hash,
            time_ms=article.time_ms, mark=mark, article_id=article.article_id, text_hash=known.text_hash,
            decision=decided.decision, last_version=decided.last_version, told=decided.told, canceled=decided.canceled,
            previous=decided.previous, first_same=offset if known.same_text is None else known.same_text.offset,
            source_hash=known.source_hash, url_id=article.url_id, title_words=article.title_words, distinct=here.distinct_count, word_hashes=article.word_hashes, word_bounds=article.word_bounds, inserted=inserted,
        )  # fmt: skip

    def _compare(self, offset: int, mark: int, here: Words, article: Article) -> list[tuple[Entry, Pair]]:
        """The earlier articles that share text, most first, compared passage by passage."""
        limits = thresholds(article.language)
        offsets, common = self._candidates(offset, mark, here, limits.common_roots)
        if not offsets:
            return []
        entries = [entry for entry in map(self.entry, offsets) if entry is not None and entry.indexed]
        words = [self._words_of(entry) for entry in entries]
        pairs: list[tuple[float, int, Entry, Pair]] = []
        for entry, theirs, matched in zip(entries, words, match_all(here, words), strict=True):
            pair = Pair(here, theirs, matched, common, limits)
            lap = pair.overlap
            pairs.append((-max(lap.jaccard, lap.here_in_there, 0.9 * lap.there_in_here), entry.offset, entry, pair))
        pairs.sort(key=lambda item: item[:2])
        return [(entry, pair) for _, _, entry, pair in pairs[:COMPARED]]

    def _candidates(self, offset: int, mark: int, here: Words, common_roots: int) -> tuple[list[int], Hashes]:
        """Offsets of live articles with common fingerprints, most first, and the fingerprints that are boilerplate."""
        prints = here.fingerprints
        tags, buckets = self._index.locate(prints)
        rows, found = self._index.find(tags, buckets, offset)
        if not len(rows):
            return [], prints[:0]
        live = self._live_many(found, offset, mark)
        rows, found = rows[live], found[live]
        common = prints[:0]
        if len(rows) >= common_roots:
            held = np.bincount(rows, minlength=len(prints))
            often = np.flatnonzero(held >= common_roots)
            if len(often):
                roots = self._roots[found % self._slots]
                common = prints[[row for row in often if len(np.unique(roots[rows == row])) >= common_roots]]
        offsets, counts = np.unique(found, return_counts=True)
        best = np.lexsort((offsets, -counts))[:CANDIDATES]
        sure = int((counts[best] > 1).sum())
        return offsets[best[: max(COMPARED, sure)]].tolist(), common

    def _titled(self, offset: int, mark: int, here: Words) -> Entry | None:
        """The newest live article whose whole title is the end of this title."""
        prints = title_prints(here.hashes[: here.title_words])
        _, found = self._index.find(*self._index.locate(prints), offset)
        for candidate in sorted(found[self._live_many(found, offset, mark)].tolist(), reverse=True):
            entry = self.entry(candidate)
            if entry is not None and entry.title_words and np.isin(_title_print(entry), prints).any():
                return entry
        return None

    # --- what is live ----------------------------------------------------------------------------------------------

    def _live(self, candidate: int, offset: int, mark: int) -> bool:
        """Whether the candidate is in the window as seen from ``offset``."""
        slot = candidate % self._slots
        if candidate < 0 or candidate >= offset or candidate < offset - self._capacity or self._at[slot] != candidate:
            return False
        time = self._times[slot]
        return self._window_ms is None or time == 0 or bool(time >= mark - self._window_ms)

    def _live_many(self, candidates: NDArray[np.int64], offset: int, mark: int) -> NDArray[np.bool_]:
        slot = candidates % self._slots
        live: NDArray[np.bool_] = (
            (candidates >= max(0, offset - self._capacity)) & (candidates < offset) & (self._at[slot] == candidates)
        )
        if self._window_ms is not None:
            times = self._times[slot]
            live &= (times == 0) | (times >= mark - self._window_ms)
        return live

    def _young(self, entry: Entry, offset: int, mark: int) -> bool:
        """Whether an entry stays for at least half of the window: its fingerprints need no second copy."""
        if entry.offset < offset - self._capacity // 2:
            return False
        return self._window_ms is None or entry.time_ms == 0 or entry.time_ms >= mark - self._window_ms // 2

    def entry(self, offset: int) -> Entry | None:
        """The entry of an offset, None where there is none."""
        found = self._decoded.get(offset)
        if found is None:
            packed = self._store.get(offset)
            if packed is None:
                return None
            found = unpack_entry(packed)
            if len(self._decoded) >= DECODED:
                self._decoded.pop(next(iter(self._decoded)))
            self._decoded[offset] = found
        return found

    def _words_of(self, entry: Entry) -> Words:
        """The words of an entry with what was derived from them, kept as long as the decoded entry."""
        words = self._words.get(entry.offset)
        if words is None:
            if len(self._words) >= DECODED:
                self._words.pop(next(iter(self._words)))
            words = self._words[entry.offset] = entry.words
        return words

    def _newest(self, article_id: str, offset: int, mark: int) -> Entry | None:
        """The newest live entry of an article id."""
        at = self._latest.get(_key(article_id))
        if at is None or not self._live(at, offset, mark):
            return None
        entry = self.entry(at)
        return entry if entry is not None and entry.article_id == article_id else None

    def _named(self, article_id: str, offset: int, mark: int) -> Entry | None:
        """The newest live entry that an article id names, be it the one that its URL alone would give."""
        entry = self._newest(article_id, offset, mark)
        if entry is not None:
            return entry
        _, found = self._index.find(*self._index.locate(_url_print(article_id)), offset)
        for candidate in sorted(found[self._live_many(found, offset, mark)].tolist(), reverse=True):
            entry = self.entry(candidate)
            if entry is not None and entry.url_id == article_id:
                return self._newest(entry.article_id, offset, mark)
        return None

    def _chain(self, article_id: str, offset: int, mark: int) -> list[Entry]:
        """The live entries of an article id, newest first."""
        out: list[Entry] = []
        entry = self._newest(article_id, offset, mark)
        while entry is not None and entry.article_id == article_id and len(out) < CHAIN:
            out.append(entry)
            entry = self.entry(entry.previous) if self._live(entry.previous, offset, mark) else None
        return out

    def _same_text(self, same: int, here: Words, offset: int, mark: int) -> Entry | None:
        """The first live entry with the same folded words (the newest where the first has left the window)."""
        if not len(here):
            return None
        at = self._same.get(same)
        if at is None or not self._live(at, offset, mark):
            return None
        entry = self.entry(at)
        if entry is not None and self._live(entry.first_same, offset, mark):
            entry = self.entry(entry.first_same)
        return entry if entry is not None and np.array_equal(entry.words.hashes, here.hashes) else None

    # --- keeping ---------------------------------------------------------------------------------------------------

    def _remember(self, entry: Entry, packed: bytes) -> None:
        slot = entry.offset % self._slots
        if self._at[slot] >= 0:
            self._drop(slot)
        self._store.put(entry.offset, packed)
        self._raw.put(entry.raw, entry.raw_hash, entry.offset)
        self._at[slot], self._times[slot], self._marks[slot] = entry.offset, entry.time_ms, entry.mark
        self._roots[slot] = np.uint64(_key(entry.decision.root))
        key = _key(entry.article_id)
        self._ids[slot] = np.uint64(key)
        self._latest[key] = entry.offset
        if entry.indexed:
            self._texts[slot] = np.uint64(entry.text_hash)
            self._same[entry.text_hash] = entry.offset
        else:
            self._texts[slot] = 0
        if len(self._decoded) >= DECODED:
            self._decoded.pop(next(iter(self._decoded)))
        self._decoded[entry.offset] = entry
        self._last, self._mark = entry.offset, entry.mark

    def _put_fingerprints(self, entry: Entry) -> None:
        if entry.indexed:
            tags, buckets = self._index.locate(_inserted(entry))
            self._index.insert(tags, buckets, entry.offset)

    def load(self, entries: Iterable[bytes]) -> int:
        """Rebuild from packed entries in ascending offset order; those known already are passed over. Returns how many were new.

        Raises:
            msgspec.DecodeError: a record is no entry of this format.
        """
        count = 0
        held: list[Entry] = []
        words = 0
        for packed in entries:
            entry = unpack_entry(packed)
            if entry.offset <= self._last:
                continue
            self._remember(entry, packed)
            count += 1
            if entry.indexed:
                held.append(entry)
                words += len(entry.word_hashes)
            if words > 1 << 22:
                self._load_fingerprints(held)
                held, words = [], 0
        self._load_fingerprints(held)
        return count

    def _load_fingerprints(self, entries: list[Entry]) -> None:
        if not entries:
            return
        prints = [_inserted(entry) for entry in entries]
        offsets = np.repeat([entry.offset for entry in entries], [len(one) for one in prints]).astype(np.int64)
        tags, buckets = self._index.locate(np.concatenate(prints))
        self._index.insert_many(tags, buckets, offsets)

    def forget(self, committed: int) -> None:
        """Give back the memory of what is expired for every offset from ``committed`` on, which may still be judged again."""
        bound = committed - self._capacity
        at = self._forgotten
        limit = None
        if self._window_ms is not None and committed > 0:
            slot = (committed - 1) % self._slots
            if self._at[slot] == committed - 1:
                limit = self._marks[slot] - self._window_ms
        while at <= self._last and at < committed:
            slot = at % self._slots
            held = self._at[slot] == at
            outlived = held and limit is not None and 0 < self._marks[slot] < limit
            if at >= bound and not outlived:
                break
            if held:
                self._drop(slot)
            at += 1
        if at > self._forgotten:
            self._forgotten = at
            self._store.forget(at)
            self._raw.forget(at)

    def _drop(self, slot: int) -> None:
        """Take the exact keys of a slot out of memory; the fingerprints stay and are told expired by their offset."""
        offset = int(self._at[slot])
        for table, key in ((self._latest, int(self._ids[slot])), (self._same, int(self._texts[slot]))):
            if table.get(key) == offset:
                del table[key]
        self._at[slot] = -1


def _inserted(entry: Entry) -> Hashes:
    """The fingerprints of an entry in the index: those of its text that its original does not hold, and its title's."""
    own = winnow(entry.words.shingles) if entry.inserted is None else np.frombuffer(entry.inserted, "<u4")
    return distinct(np.concatenate([own, _title_print(entry), _url_print(entry.url_id)]))


def _url_print(url_id: str | None) -> Hashes:
    return np.array([] if url_id is None else [int(url_id[:8], 16)], np.uint32)


def _title_print(entry: Entry) -> Hashes:
    return title_prints(np.frombuffer(entry.word_hashes, "<u4")[: entry.title_words])[:1]


def source_hash(source: str) -> int:
    """63 bits of a source's name; 0 for none."""
    return (
        int.from_bytes(hashlib.blake2b(source.encode("utf-8", "replace"), digest_size=8).digest(), "big") >> 1
        if source
        else 0
    )


def _key(article_id: str) -> int:
    """64 bits of an article id."""
    return int(article_id[:16], 16)


def text_hash(words: Words) -> int:
    """63 bits over the folded words, the border of the title left out; never 0 for a text."""
    if not len(words):
        return 0
    digest = hashlib.blake2b(words.hashes.tobytes(), digest_size=8).digest()
    return (int.from_bytes(digest, "little") >> 1) | 1
