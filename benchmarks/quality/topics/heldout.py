"""Our own reports of ``heldout.tsv``: how far the narrower terms carry beyond the texts their vocabulary was written with."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.gold.score import Count
from newsfeed.subjects import SubjectTagger
from newsfeed.subjects.stems import LANGUAGES
from newsfeed.subjects.terms import Term, Terms
from newsfeed.text import Document

FILE = Path(__file__).parent / "heldout.tsv"
PARTS = ("read", "unread", "late", "papers-read", "papers-unread", "papers-late", "fresh-read", "fresh-late")
_READ = ("read", "papers-read", "fresh-read")  # whose errors may be looked at
_NOT_NEWS = "not_news"


@dataclass(frozen=True)
class Report:
    """A row of the file.

    Attributes: document; part: one of ``PARTS``, as the file says; news: False for a recipe, a listing and the like, which has no topics; wanted: ids,
        of each group one is enough; allowed: ids that count neither way, broader terms included.
    """

    document: Document
    part: str
    news: bool
    wanted: tuple[frozenset[str], ...]
    allowed: frozenset[str]

    @property
    def language(self) -> str:
        return self.document.language or ""


def reports(terms: Terms) -> Iterator[Report]:
    """All rows.

    Raises:
        ValueError: an unknown topic.
    """
    lines = [line for line in FILE.read_text("utf-8").splitlines() if line[:1] != "#"]
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        news = row["lower"] != _NOT_NEWS
        wanted = [
            [_term(key, terms, row["title"]) for key in group.split("|")] for group in row["lower"].split(",") if news
        ]
        allowed = [_term(key, terms, row["title"]) for key in row["allowed"].split(",") if news]
        named = [*(term for group in wanted for term in group), *allowed]
        yield Report(
            Document(row["title"], row["body"].replace("\\n", "\n"), row["language"]),
            row["part"],
            news,
            tuple(frozenset(term.id for term in group) for group in wanted),
            frozenset(code for term in named for code in (*term.path, term.id)),
        )


def _term(key: str, terms: Terms, title: str) -> Term:
    if (term := terms.find(key)) is None:
        raise ValueError(f"{FILE.name}: unknown topic {key!r} of {title!r}")
    return term


def score(report: Report, tagger: SubjectTagger) -> tuple[Count, Count]:
    """(narrower terms, top terms) of one report."""
    topics = tagger.tag(report.document, []).topics
    low = {topic.id for topic in topics if topic.path}
    tops = {topic.path[0] if topic.path else topic.id for topic in topics}
    top_wanted = {
        frozenset(term.top for code in group if (term := tagger.terms.by_id[code])) for group in report.wanted
    }
    return _count(low, report.wanted, report.allowed, tagger.terms), _count(
        tops, top_wanted, report.allowed, tagger.terms
    )


def _count(told: set[str], wanted: Iterable[frozenset[str]], allowed: frozenset[str], terms: Terms) -> Count:
    count, any_of = Count(), set[str]()
    for group in wanted:
        any_of |= group
        if group & told:
            count.right += 1
        else:
            count.missed.append("|".join(sorted(terms.by_id[code].key for code in group)))
    count.wrong = sorted(terms.by_id[code].key for code in told - any_of - allowed)
    return count


def show(tagger: SubjectTagger, *, errors: bool = False) -> None:
    """Print the figures; ``errors``: also what was missed and wrong, of the rows that may be read."""
    sums: dict[tuple[str, str], tuple[Count, Count]] = {}  # (part, language) -> (lower, top)
    flags = {part: Count() for part in PARTS}
    for report in reports(tagger.terms):
        _flag(report, tagger, flags[report.part])
        if not report.news:
            continue
        counts = score(report, tagger)
        for language in (report.language, "all"):
            for whole, one in zip(sums.setdefault((report.part, language), (Count(), Count())), counts, strict=True):
                whole.add(one)
        if errors and report.part in _READ:
            for name, count in zip(("narrower", "top"), counts, strict=True):
                if count.wrong or count.missed:
                    print(
                        f"    {report.language} {report.document.title[:60]}: {name} missed {count.missed} wrong {count.wrong}"
                    )
    for part in PARTS:
        for place, kind in enumerate(("narrower", "top")):
            whole = sums[part, "all"][place]
            apart = "  ".join(f"{code} {sums[part, code][place].f1:.2f}" for code in LANGUAGES if (part, code) in sums)
            print(
                f"held-out reports, {part}, {kind} terms: micro-F1 {whole.f1:.3f} (precision {whole.precision:.3f}, "
                f"recall {whole.recall:.3f}, {whole.right + len(whole.missed)} wanted)  {apart}"
            )
        flag = flags[part]
        print(
            f"held-out reports, {part}, not news: {flag.right} right, {len(flag.wrong)} wrong, {len(flag.missed)} missed"
        )
        if errors and part in _READ:
            for name, titles in (("wrong", flag.wrong), ("missed", flag.missed)):
                for title in titles:
                    print(f"    not news, {name}: {title}")


def _flag(report: Report, tagger: SubjectTagger, count: Count) -> None:
    flagged = tagger.tag(report.document, []).not_news is not None
    if flagged and not report.news:
        count.right += 1
    elif flagged:
        count.wrong.append(report.document.title)
    elif not report.news:
        count.missed.append(report.document.title)
