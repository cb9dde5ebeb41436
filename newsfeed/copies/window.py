"""The copy window: everything a verdict may depend on, and nothing else.

A verdict is a function of the articles at lower offsets of one partition. An article is expired for another when it lies
``capacity`` offsets or ``seconds`` of log time behind it, whether or not its memory was given back yet; memory is given
back by ``forget``, as of the committed offset. Judging an offset again returns the stored decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from newsfeed.copies.compare import Words, contains, match_all
from newsfeed.copies.decide import Pair
from newsfeed.copies.entry import Entry, Erased, pack_entry, unpack, unpack_entry
from newsfeed.copies.fingerprint import Hashes, first_letter, lines_of, quoted_titles, title_prints
from newsfeed.copies.index import FingerprintIndex, Places
from newsfeed.copies.keys import (
    index_prints,
    joined,
    name_prints,
    source_hash,
    text_hash,
    text_prints,
    title_print,
    url_print,
)
from newsfeed.copies.lifecycle import Known, decide_article
from newsfeed.copies.positions import RawPositions
from newsfeed.copies.ring import Ring
from newsfeed.copies.store import EntryStore
from newsfeed.copies.thresholds import Thresholds, thresholds
from newsfeed.data import content_hash
from newsfeed.records import Article, Verdict

SLACK = 1 << 16  # offsets judged but not committed yet, which a replay may need
CANDIDATES = 24  # earlier articles that are held against the text, those with most common fingerprints first
COMPARED = (
    8  # of these, looked at passage by passage; candidates with one common fingerprint make up this number at most
)
WITHOUT_CAPITAL_NAMES = frozenset({"de", "ar", "fa", "ur", "he", "zh", "ja", "ko", None})
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
        self._rules = content_hash() if rules is None else rules
        self._index = FingerprintIndex(capacity)
        slots = capacity + min(SLACK, max(1024, capacity))
        self._ring = Ring(capacity=capacity, slots=slots, window_ms=None if seconds is None else int(seconds * 1000))
        self._store = EntryStore(folder, slots)
        self._raw = RawPositions()
        self._decoded: dict[int, Entry] = {}
        self._words: dict[int, Words] = {}
        self._unerased: dict[int, tuple[int, bytes]] = {}  # offset: where it was erased, and its entry before
        self._last = -1
        self._mark = 0

    def __len__(self) -> int:
        """Articles whose memory is held."""
        return len(self._ring)

    @property
    def nbytes(self) -> int:
        """Bytes of memory that the tables of the window take; a part of it is touched only as the window fills."""
        return self._index.nbytes + self._ring.nbytes + self._store.nbytes + self._raw.nbytes

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
            # Written again as it was first: a window that is rebuilt from either record is the same.
            packed = self._unerased[offset][1] if offset in self._unerased else pack_entry(entry)
            return Judgement(entry.decision.verdict(article, self._rules), packed, replayed=True)
        if offset <= self._last:
            raise WindowGap(
                f"offset {offset} was judged before (the window reaches to {self._last}) but its entry is missing: "
                "news.window.v1 was truncated or belongs to another log"
            )
        mark = max(self._mark, article.time_ms)
        here = Words(
            np.frombuffer(article.word_hashes, "<u4"),
            article.title_words,
            distinct=article.distinct_shingles or None,
            prints=np.frombuffer(article.prints, "<u4") if article.prints else None,
            letter=partial(first_letter, article),
            lines=partial(lines_of, article),
            capital_names=article.language not in WITHOUT_CAPITAL_NAMES,
        )
        names = name_prints(here.hashes[: here.title_words], article.url_id)
        places = self._index.read(joined(here.fingerprints, names))
        entry, known = self._judge(offset, article, here, places, mark)
        packed = pack_entry(entry)
        self._remember(entry, packed)
        if entry.indexed:
            # The same as ``index_prints``: all but the text's fingerprints that are known.
            if known is not None:
                new = np.ones(len(places.tags), bool)
                np.logical_not(known, out=new[: len(known)])
                places = places.only(new)
            self._index.insert(places, offset)
        return Judgement(entry.decision.verdict(article, self._rules), packed)

    def erase(self, offset: int, article_id: str) -> bytes:
        """Forget the text of an article, as the record at ``offset`` of the partition asks; returns the entry for the window topic.

        What was judged before keeps its verdict, byte for byte; nothing behind is compared with the text. Its words are kept aside
        until ``forget`` hears that ``offset`` was committed, for until then its entry may have to be written again.
        """
        erased = Erased(offset, article_id)
        if offset > self._last:
            self._erase(erased)
        return pack_entry(erased)

    def _erase(self, erased: Erased) -> None:
        for offset in self._store.offsets(self._ring.slots_of(erased.article_id)):
            packed = self._store.get(offset)
            entry = unpack_entry(packed) if packed is not None else None
            if packed is None or entry is None or entry.article_id != erased.article_id:
                continue
            # Of what has expired the index keeps fingerprints until they are overwritten: when its memory was given back is chance.
            if entry.indexed and self._ring.live(offset, erased.offset, self._mark):
                self._index.erase(text_prints(entry), offset)
            self._ring.hide(offset)
            self._store.replace(offset, pack_entry(entry.without_text()))
            self._decoded.pop(offset, None)
            self._words.pop(offset, None)
            self._unerased[offset] = erased.offset, self._unerased.get(offset, (0, packed))[1]
        self._last = erased.offset

    def _judge(
        self, offset: int, article: Article, here: Words, places: Places, mark: int
    ) -> tuple[Entry, NDArray[np.bool_] | None]:
        """The entry, and which fingerprints of a copy its original put into the index."""
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
            compared=lambda: self._compare(offset, mark, here, places, limits),
            titled=lambda: self._titled(offset, mark, here, article),
            source_hash=source_hash(article.source),
        )
        decided = decide_article(known)
        inserted = known_prints = None
        if decided.copy_of is not None and self._ring.young(decided.copy_of, offset, mark):
            theirs = np.sort(self._words_of(decided.copy_of).shingles)
            known_prints = contains(theirs, here.fingerprints)
            inserted = here.fingerprints[~known_prints].astype("<u4").tobytes()
        entry = Entry(
            offset=offset, raw=(article.raw.topic, article.raw.partition, article.raw.offset), raw_hash=article.raw_hash,
            time_ms=article.time_ms, mark=mark, article_id=article.article_id, text_hash=known.text_hash,
            decision=decided.decision, last_version=decided.last_version, told=decided.told, canceled=decided.canceled,
            previous=decided.previous, first_same=offset if known.same_text is None else known.same_text.offset,
            source_hash=known.source_hash, url_id=article.url_id, title_words=article.title_words, distinct=here.distinct_count, word_hashes=article.word_hashes, word_bounds=article.word_bounds, inserted=inserted,
        )  # fmt: skip
        return entry, known_prints

    def _compare(
        self, offset: int, mark: int, here: Words, places: Places, limits: Thresholds
    ) -> list[tuple[Entry, Pair]]:
        """The earlier articles that share text, most first, compared passage by passage."""
        offsets, common = self._candidates(offset, mark, here, places, limits.common_roots)
        if not offsets:
            return []
        entries = [entry for entry in map(self.entry, offsets) if entry is not None and entry.indexed]
        words = [self._words_of(entry) for entry in entries]
        matches = match_all(here, words)
        mine = max(1, here.distinct_count)
        # The larger containment, that of this text counting more, rounded as it is told.
        near = [
            (-max(round(found.distinct / mine, 4), 0.9 * round(found.distinct / max(1, theirs.distinct_count), 4)), at)
            for at, (theirs, found) in enumerate(zip(words, matches, strict=True))
        ]
        near.sort(key=lambda item: (item[0], entries[item[1]].offset))
        nearest = [at for _, at in near[:COMPARED]]
        return [(entries[at], Pair(here, words[at], matches[at], common, limits)) for at in nearest]

    def _candidates(
        self, offset: int, mark: int, here: Words, places: Places, common_roots: int
    ) -> tuple[list[int], Hashes]:
        """Offsets of live articles with common fingerprints, most first, and the fingerprints that are boilerplate."""
        prints = here.fingerprints
        rows, found = self._index.find(places, offset, len(prints))
        if not len(rows):
            return [], prints[:0]
        live = self._ring.live_many(found, offset, mark)
        if not live.all():
            rows, found = rows[live], found[live]
        common = prints[:0]
        if len(rows) >= common_roots:
            # Rows rise: one that occurs so often stands so far behind itself.
            behind = rows[common_roots - 1 :]
            if (behind == rows[: len(behind)]).any():
                held = set(zip(rows.tolist(), self._ring.roots(found).tolist(), strict=True))
                roots = Counter([row for row, _ in held])
                common = prints[sorted([row for row, count in roots.items() if count >= common_roots])]
        counts = Counter(found.tolist())
        best = sorted(sorted(counts), key=counts.__getitem__, reverse=True)[:CANDIDATES]
        sure = sum([counts[earlier] > 1 for earlier in best])
        return best[: max(COMPARED, sure)], common

    def _titled(self, offset: int, mark: int, here: Words, article: Article) -> Entry | None:
        """The newest live article whose whole title is the end of this title, or is quoted in this text."""
        prints = np.concatenate(
            [title_prints(here.hashes[: here.title_words]), quoted_titles(article.title, article.body)]
        )
        _, found = self._index.find(self._index.read(prints), offset)
        for candidate in sorted(found[self._ring.live_many(found, offset, mark)].tolist(), reverse=True):
            entry = self.entry(candidate)
            if entry is not None and entry.title_words and np.isin(title_print(entry), prints).any():
                return entry
        return None

    # --- looking up -----------------------------------------------------------------------------------------------

    def entry(self, offset: int) -> Entry | None:
        """The entry of an offset, None where there is none."""
        found = self._decoded.get(offset)
        if found is None:
            packed = self._store.get(offset)
            if packed is None:
                return None
            found = unpack_entry(packed)
            self._keep_decoded(found)
        return found

    def _keep_decoded(self, entry: Entry) -> None:
        if len(self._decoded) >= DECODED:
            self._decoded.pop(next(iter(self._decoded)))
        self._decoded[entry.offset] = entry

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
        at = self._ring.latest(article_id)
        if not self._ring.live(at, offset, mark):
            return None
        entry = self.entry(at)
        return entry if entry is not None and entry.article_id == article_id else None

    def _named(self, article_id: str, offset: int, mark: int) -> Entry | None:
        """The newest live entry that an article id names, be it the one that its URL alone would give."""
        entry = self._newest(article_id, offset, mark)
        if entry is not None:
            return entry
        _, found = self._index.find(self._index.read(url_print(article_id)), offset)
        for candidate in sorted(found[self._ring.live_many(found, offset, mark)].tolist(), reverse=True):
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
            entry = self.entry(entry.previous) if self._ring.live(entry.previous, offset, mark) else None
        return out

    def _same_text(self, same: int, here: Words, offset: int, mark: int) -> Entry | None:
        """The first live entry with the same folded words (the newest where the first has left the window)."""
        if not len(here):
            return None
        at = self._ring.same(same)
        if not self._ring.live(at, offset, mark):
            return None
        entry = self.entry(at)
        if entry is not None and self._ring.live(entry.first_same, offset, mark):
            first = self.entry(entry.first_same)
            entry = first if first is not None and first.indexed else entry
        return entry if entry is not None and np.array_equal(entry.words.hashes, here.hashes) else None

    # --- keeping ---------------------------------------------------------------------------------------------------

    def _remember(self, entry: Entry, packed: bytes) -> None:
        self._ring.put(entry)
        self._store.put(entry.offset, packed)
        self._raw.put(entry.raw, entry.raw_hash, entry.offset)
        self._keep_decoded(entry)
        self._last, self._mark = entry.offset, entry.mark

    def load(self, entries: Iterable[bytes]) -> int:
        """Rebuild from packed entries in ascending offset order; those known already are passed over. Returns how many were new.

        Raises:
            msgspec.DecodeError: a record is no entry of this format.
        """
        count = 0
        held: list[Entry] = []
        words = 0
        for packed in entries:
            entry = unpack(packed)
            if entry.offset <= self._last:
                continue
            if isinstance(entry, Erased):
                self._load_fingerprints(held)
                held, words = [], 0
                self._erase(entry)
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
        prints = [index_prints(entry) for entry in entries]
        offsets = np.repeat([entry.offset for entry in entries], [len(one) for one in prints]).astype(np.int64)
        self._index.insert_many(np.concatenate(prints), offsets)

    def forget(self, committed: int) -> None:
        """Give back the memory of what is expired for every offset from ``committed`` on, which may still be judged again."""
        first = self._ring.forget(committed, self._last)
        self._store.forget(first)
        self._raw.forget(first)
        if self._unerased:
            self._unerased = {at: kept for at, kept in self._unerased.items() if kept[0] >= committed}
