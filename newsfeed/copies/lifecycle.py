"""From what is known to a verdict: what the producer declares first, then the same article again, then the text.

The order of the rules is the order of ``_RULES``; the first that answers decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from newsfeed.copies.compare import Passage, Words, match, overlap, passages
from newsfeed.copies.decide import Pair
from newsfeed.copies.entry import Decision, Entry, Passed
from newsfeed.copies.evidence import changes, evidence
from newsfeed.copies.lazy import lazy
from newsfeed.copies.thresholds import Thresholds
from newsfeed.records import Article, Overlap
from newsfeed.records.verdict import Kind, Method

EVIDENCE_ARTICLES = 8
REWRITTEN = 6  # words that stand for as many others, from which a notice of the same title is the next issue
BEST_PASSAGES = 5  # shown of the article that decided; of the others the longest one
SUBSTANTIAL = 0.2  # share of this text's 4-grams from which a shorter passage counts as evidence, too
MOSTLY = 0.5  # share of the other's: a headline that stands here


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision, the state of the article id after it, and the entry whose text this one repeats."""

    decision: Decision
    last_version: int
    told: bool
    canceled: bool
    previous: int
    copy_of: Entry | None = None


@dataclass
class Known:
    """All that a verdict may look at.

    Attributes:
        chain: live entries of the same article id, newest first.
        same_text: the first live entry with the same folded words.
        article_of: the newest live entry of an article id.
        compared: live earlier articles that share text, most first (asked for only where the text decides).
        titled: the newest live article whose title ends this title (asked for only of a marked text).
        source_hash: of the article's source; 0 for none.
    """

    offset: int
    article: Article
    here: Words
    limits: Thresholds
    text_hash: int
    chain: list[Entry]
    same_text: Entry | None
    article_of: Callable[[str], Entry | None]
    compared: Callable[[], list[tuple[Entry, Pair]]]
    titled: Callable[[], Entry | None]
    source_hash: int

    @property
    def newest(self) -> Entry | None:
        return self.chain[0] if self.chain else None

    @property
    def next_version(self) -> int:
        return (self.newest.last_version if self.newest else 0) + 1

    @lazy
    def pairs(self) -> list[tuple[Entry, Pair]]:
        return self.compared()

    def proof(self, entry: Entry, shared: list[Passage], *, most: int = BEST_PASSAGES) -> list[Passed]:
        return evidence(self.article, entry, shared, most=most, shortest=self.limits.evidence_words)

    def others(self, *but: str) -> list[Passed]:
        """The longest passage shared with each other earlier article that shares a substantial one."""
        out: list[Passed] = []
        named = set(but)
        for entry, pair in self.pairs:
            substantial = pair.larger >= SUBSTANTIAL and (
                pair.overlap.here_in_there >= SUBSTANTIAL or pair.overlap.there_in_here >= MOSTLY
            )
            floor = 1 if substantial else self.limits.evidence_words
            if entry.article_id in named or len(named) >= EVIDENCE_ARTICLES or not pair.may_share(floor):
                continue
            longest = pair.match.longest()
            if longest is not None and longest.length >= floor:
                named.add(entry.article_id)
                out += self.proof(entry, [longest], most=1)
        return out

    def decided(
        self,
        kind: Kind,
        *,
        version: int | None,
        root: str | None = None,
        of: str | None = None,
        of_version: int | None = None,
        method: Method = "none",
        measure: tuple[float | None, float | None] = (None, None),
        lap: Overlap | None = None,
        proof: list[Passed] | None = None,
        entry: Entry | None = None,
        copy_of: Entry | None = None,
        notes: list[str] | None = None,
    ) -> Decided:
        """The decision with the state it leaves. ``entry``: the version before, whose changes are told."""
        before = self.newest
        told = bool(before and before.told) or kind in ("original", "update", "correction")
        shared = passages(self.here, entry.words) if entry is not None else []
        return Decided(
            decision=Decision(
                kind=kind, version=version, root=root or self.article.article_id, of=of, of_version=of_version, method=method,
                score=measure[0], threshold=measure[1],
                overlap=None if lap is None else (lap.jaccard, lap.here_in_there, lap.there_in_here),
                evidence=proof or [], notes=notes or [],
                changes=changes(self.article, self.here, entry, shared) if entry is not None else [],
            ),
            last_version=max(version or 0, before.last_version if before else 0),
            told=told,
            canceled=kind == "withdrawal" or (kind in ("embargo", "duplicate") and bool(before and before.canceled)),
            previous=before.offset if before else -1,
            copy_of=copy_of,
        )  # fmt: skip


def _canceled(known: Known) -> Decided | None:
    article = known.article
    if article.status != "canceled":
        return None
    before = known.newest
    if before is not None and before.canceled and not article.targets:
        return known.decided(
            "duplicate", version=before.last_version, root=before.decision.root, of=before.article_id,
            of_version=before.last_version, method=_same_article(known), measure=(1.0, 1.0),
        )  # fmt: skip
    of, of_version, root = _target(known, [*article.targets, article.article_id])
    return known.decided(
        "withdrawal", version=known.next_version, of=of, of_version=of_version, root=root, method="declared"
    )


def _withheld(known: Known) -> Decided | None:
    if known.article.status != "withheld":
        return None
    root = known.newest.decision.root if known.newest else None
    return known.decided("embargo", version=None, root=root, method="declared")


def _held_back(known: Known) -> Decided | None:
    """The cancellation came before its original: it stays unpublished."""
    before = known.newest
    if before is None or not before.canceled or before.told:
        return None
    return known.decided(
        "embargo", version=None, root=before.decision.root, of=before.article_id,
        of_version=before.last_version, method="declared", notes=["held back: canceled before it came"],
    )  # fmt: skip


def _same_again(known: Known) -> Decided | None:
    """The same article with the same text as one of its versions."""
    for entry in known.chain:
        decision = entry.decision
        if decision.kind in ("embargo", "withdrawal") or entry.text_hash != known.text_hash:
            continue
        shared = passages(known.here, entry.words)
        return known.decided(
            "duplicate", version=decision.version, root=decision.root, of=entry.article_id, of_version=decision.version,
            method=_same_article(known), measure=(1.0, 1.0), lap=_overlap(known.here, entry),
            proof=[*known.proof(entry, shared), *known.others(entry.article_id)], copy_of=entry,
        )  # fmt: skip
    return None


def _declared_correction(known: Known) -> Decided | None:
    if not known.article.targets:
        return None
    return _copy_of_same_kind(known, "correction") or _correcting(known, "correction", known.article.targets)


def _marked(known: Known) -> Decided | None:
    """The text says itself what it is, by the agencies' conventions."""
    marker = known.article.marker
    if marker is None:
        return None
    copy = _copy_of_same_kind(known, marker)
    if copy is not None:
        return copy
    if known.newest is not None and known.newest.told:
        return _correcting(known, marker, [known.article.article_id])
    for entry, pair in known.pairs:
        if pair.relation != "shares" or pair.overlap.here_in_there >= known.limits.shared:
            return _correcting(known, marker, [entry.article_id], entry, pair)
    titled = known.titled()
    return _correcting(known, marker, [titled.article_id] if titled is not None else [])


def _correcting(
    known: Known, kind: Kind, targets: list[str], entry: Entry | None = None, pair: Pair | None = None
) -> Decided:
    of, of_version, root = _target(known, targets)
    proof = known.proof(entry, pair.shared) if entry is not None and pair is not None else []
    before = known.newest if known.newest and of == known.article.article_id and _has_text(known.newest) else None
    return known.decided(
        kind, version=known.next_version, of=of, of_version=of_version, root=root, method="declared",
        lap=pair.overlap if pair else None, entry=before,
        proof=[*proof, *known.others(*(p.of for p in proof))],
    )  # fmt: skip


def _copy_of_same_kind(known: Known, kind: Kind) -> Decided | None:
    """A correction that another outlet prints is a copy of the correction, never of what it corrects."""
    same = known.same_text
    if same is not None and same.decision.kind == kind:
        return _identical(known)
    if known.newest is not None:
        return None
    for entry, pair in known.pairs:
        if entry.decision.kind == kind and pair.relation in ("near_copy", "partial_copy"):
            return _copy(known, entry, pair)
    return None


def _update(known: Known) -> Decided | None:
    """The same article with changed text, after a version that was published."""
    before = known.newest
    if before is None or not before.told:
        return None
    text = next((entry for entry in known.chain if _has_text(entry)), None)
    shared = passages(known.here, text.words) if text is not None else []
    lap = _overlap(known.here, text) if text is not None else None
    proof = known.proof(text, shared) if text is not None and shared else []
    return known.decided(
        "update", version=known.next_version, root=before.decision.root, of=before.article_id,
        of_version=before.last_version, method="same_url" if known.article.key == "url" else "declared", lap=lap,
        proof=[*proof, *known.others(before.article_id)], entry=text,
    )  # fmt: skip


def _identical(known: Known) -> Decided | None:
    first = known.same_text
    if first is None:
        return None
    shared = passages(known.here, first.words) or [Passage(0, len(known.here), 0)]
    return known.decided(
        "duplicate", version=known.next_version, root=first.decision.root, of=first.article_id,
        of_version=first.decision.version, method="identical_text", measure=(1.0, 1.0),
        lap=Overlap(jaccard=1.0, here_in_there=1.0, there_in_here=1.0), copy_of=first,
        proof=[*known.proof(first, shared), *known.others(first.article_id)],
    )  # fmt: skip


def _text_copy(known: Known) -> Decided | None:
    """A near copy or a cut copy of an earlier article."""
    for entry, pair in known.pairs:
        if pair.relation in ("near_copy", "partial_copy") and entry.article_id != known.article.article_id:
            if _next_notice(known, entry, pair):
                continue
            return _copy(known, entry, pair)
    return None


def _next_notice(known: Known, entry: Entry, pair: Pair) -> bool:
    """Same source, same title, another id, and a stretch that tells something else: the next issue of a notice."""
    there = entry.words
    if not known.source_hash or entry.source_hash != known.source_hash or not known.article.title_words:
        return False
    if known.here.hashes[: known.here.title_words].tolist() != there.hashes[: there.title_words].tolist():
        return False
    ends = [(p.end, p.other + p.length) for p in pair.shared]
    starts = [*((p.start, p.other) for p in pair.shared[1:]), (len(known.here), len(there))]
    return any(min(s[0] - e[0], s[1] - e[1]) >= REWRITTEN for e, s in zip(ends, starts, strict=True))


def _copy(known: Known, entry: Entry, pair: Pair) -> Decided:
    proof = known.proof(entry, pair.shared)
    return known.decided(
        "duplicate", version=known.next_version, root=entry.decision.root, of=entry.article_id,
        of_version=entry.decision.version, method="near_copy" if pair.relation == "near_copy" else "partial_copy",
        measure=(pair.score, pair.threshold), lap=pair.overlap,
        proof=[*proof, *known.others(entry.article_id)], copy_of=entry,
    )  # fmt: skip


def _original(known: Known) -> Decided:
    """New, perhaps with an earlier article standing inside it."""
    for entry, pair in known.pairs:
        if pair.relation == "embeds" and entry.article_id != known.article.article_id:
            proof = known.proof(entry, pair.shared)
            return known.decided(
                "original", version=known.next_version, root=entry.decision.root, of=entry.article_id,
                of_version=entry.decision.version, method="partial_copy",
                measure=(pair.score, pair.threshold), lap=pair.overlap,
                proof=[*proof, *known.others(entry.article_id)],
            )  # fmt: skip
    nearest = known.pairs[0][1].overlap if known.pairs else None
    template = next((c for _, c in known.pairs if c.relation == "template"), None)
    return known.decided(
        "original", version=known.next_version, lap=template.overlap if template else nearest, proof=known.others(),
        measure=(template.score, template.threshold) if template else (None, None),
        notes=[f"same words as an earlier article, other facts: {template.why}"] if template else [],
    )  # fmt: skip


_RULES: tuple[Callable[[Known], Decided | None], ...] = (
    _canceled,
    _withheld,
    _held_back,
    _same_again,
    _declared_correction,
    _marked,
    _update,
    _identical,
    _text_copy,
)


def decide_article(known: Known) -> Decided:
    """The first rule that answers; a text that none claims is new."""
    for rule in _RULES:
        decided = rule(known)
        if decided is not None:
            return decided
    return _original(known)


def _overlap(here: Words, entry: Entry) -> Overlap:
    return overlap(match(here, entry.words).distinct, here.distinct_count, entry.distinct)


def _same_article(known: Known) -> Method:
    return "same_url" if known.article.key == "url" else "same_message"


def _has_text(entry: Entry) -> bool:
    return entry.indexed and entry.decision.kind != "withdrawal"


def _target(known: Known, targets: list[str]) -> tuple[str | None, int | None, str | None]:
    """Which article is meant: the first that is known, else the likeliest; its newest published version and its root."""
    for article_id in targets:
        entry = known.article_of(article_id)
        if entry is not None:
            return entry.article_id, entry.last_version or None, entry.decision.root
    return (targets[0], None, targets[0]) if targets else (None, None, None)
