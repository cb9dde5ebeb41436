"""The books: has every raw message exactly one verdict or one dead letter, and every published verdict one enriched event?

Pure: it is told of records and says what is wrong. A record that stands twice with the same bytes is a replay and in order; with other
bytes it is not. Memory: about 100 bytes a message.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from newsfeed.records import Position, Verdict

Place = tuple[int, int]
MOST_SHOWN = 20


def digest(value: bytes | None) -> bytes:
    """Eight bytes that stand for a value."""
    return hashlib.blake2b(value or b"", digest_size=8).digest()


@dataclass
class Report:
    """What was counted and what is wrong.

    Attributes:
        raw, verdicts, dead, enriched: unique records. repeats: identical records that stand more than once.
        later_dead: dead letters of stages after the verdict.
        wrong: one line for each thing that is wrong, at most MOST_SHOWN of a kind; ``faults`` counts all.
    """

    raw: int = 0
    verdicts: int = 0
    dead: int = 0
    enriched: int = 0
    repeats: int = 0
    later_dead: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        return not self.faults


class Books:
    """Told of every record of a run; then ``report`` says whether they agree."""

    def __init__(self, raw_topic: str) -> None:
        self._raw_topic = raw_topic
        self._ranges: dict[int, tuple[int, int]] = {}
        self._verdicts: dict[Place, tuple[bytes, str, tuple[str, int | None]]] = {}
        self._dead: dict[Place, bytes] = {}
        self._enriched: dict[tuple[str, int | None], bytes] = {}
        self._faults: Counter[str] = Counter()
        self._wrong: dict[str, list[str]] = {}
        self._repeats = self._later = 0

    def raw(self, partition: int, begin: int, end: int) -> None:
        """The raw topic holds offsets ``begin`` to ``end`` (exclusive) of a partition."""
        self._ranges[partition] = begin, end

    def verdict(self, value: bytes, verdict: Verdict) -> None:
        """A verdict stands in the log."""
        place = verdict.raw.partition, verdict.raw.offset
        known = self._verdicts.get(place)
        stamp = digest(value)
        if known is None:
            kind = verdict.kind if verdict.published_kind else f"-{verdict.kind}"
            self._verdicts[place] = stamp, kind, (verdict.article_id, verdict.version)
        elif known[0] == stamp:
            self._repeats += 1
        else:
            self._fault("two different verdicts", f"raw {place[0]}/{place[1]}")

    def dead(self, raw: Position, value: bytes | None) -> None:
        """A dead letter stands in the log."""
        if raw.topic != self._raw_topic:
            self._later += 1
            return
        place = raw.partition, raw.offset
        stamp = digest(value)
        if self._dead.setdefault(place, stamp) != stamp:
            self._fault("two different dead letters", f"raw {place[0]}/{place[1]}")

    def enriched(self, article_id: str, version: int | None, value: bytes) -> None:
        """An enriched event stands in the log."""
        stamp = digest(value)
        known = self._enriched.setdefault((article_id, version), stamp)
        if known != stamp:
            self._fault("two different enriched events", f"article {article_id} version {version}")

    def _fault(self, what: str, where: str) -> None:
        self._faults[what] += 1
        shown = self._wrong.setdefault(what, [])
        if len(shown) < MOST_SHOWN:
            shown.append(where)

    def report(self) -> Report:
        """Hold everything against everything."""
        total = 0
        for partition, (begin, end) in sorted(self._ranges.items()):
            total += end - begin
            for offset in range(begin, end):
                place = partition, offset
                if place not in self._verdicts and place not in self._dead:
                    self._fault("neither verdict nor dead letter", f"raw {partition}/{offset}")
                elif place in self._verdicts and place in self._dead:
                    self._fault("both verdict and dead letter", f"raw {partition}/{offset}")
        published = {key for _, kind, key in self._verdicts.values() if not kind.startswith("-")}
        for key in sorted(published - self._enriched.keys(), key=str):
            if self._later:
                self._later -= 1  # a dead letter of a later stage stands for it
                continue
            self._fault("published, but no enriched event", f"article {key[0]} version {key[1]}")
        for key in sorted(self._enriched.keys() - published, key=str):
            self._fault("enriched event without a verdict that publishes it", f"article {key[0]} version {key[1]}")
        kinds = Counter(kind.removeprefix("-") for _, kind, _ in self._verdicts.values())
        return Report(
            raw=total, verdicts=len(self._verdicts), dead=len(self._dead), enriched=len(self._enriched), repeats=self._repeats,
            later_dead=self._later, kinds=dict(kinds.most_common()), faults=dict(self._faults),
            wrong=[f"{what}: {where}" for what, shown in self._wrong.items() for where in shown],
        )  # fmt: skip
