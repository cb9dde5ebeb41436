"""Two articles side by side: the verdict on the second, the passages they share, and the figures that decided."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from newsfeed.copies import CopyWindow
from newsfeed.copies.bounds import unpack_bounds
from newsfeed.copies.compare import Words, match
from newsfeed.copies.decide import Pair
from newsfeed.copies.fingerprint import first_letter
from newsfeed.copies.thresholds import thresholds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from newsfeed.copies.compare import Passage
    from newsfeed.records import Article, Verdict

STYLES = ("black on yellow", "black on cyan", "black on green", "black on magenta", "white on blue", "white on red")
WIDE = 160  # columns where the output is no terminal
TEMPLATES = {
    "numbers": "the figures are others",
    "names": "the names are others",
    "contradiction": "one says the opposite of the other",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A slice of a field that belongs to shared passage ``number`` (from 1); code points."""

    field: str
    start: int
    end: int
    number: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The earlier article, the later one, the verdict on the later one, and what the texts are to each other."""

    there: Article
    here: Article
    verdict: Verdict | None
    pair: Pair


def compare(there: Article, here: Article) -> Comparison:
    """Judge two articles in a window of their own, ``there`` first."""
    window = CopyWindow(capacity=2, seconds=None)
    try:
        window.judge(0, there)
        verdict = window.judge(1, here).verdict
    finally:
        window.close()
    mine, theirs = _words(here), _words(there)
    nothing_common = mine.hashes[:0]  # boilerplate shows over many articles, not over two
    return Comparison(
        there, here, verdict, Pair(mine, theirs, match(mine, theirs), nothing_common, thresholds(here.language))
    )


def _words(article: Article) -> Words:
    import numpy as np

    return Words(
        np.frombuffer(article.word_hashes, "<u4"), article.title_words, letter=partial(first_letter, article),
        capital_names=article.language != "de",
    )  # fmt: skip


def marks(article: Article, spans: list[tuple[int, int]]) -> list[Mark]:
    """Spans of words as slices of title and body, in reading order; a span over the border is two slices."""
    start, end = unpack_bounds(article.word_bounds)
    out = []
    for number, (first, stop) in enumerate(spans, 1):
        border = min(max(first, article.title_words), stop)
        for low, high in pairwise((first, border, stop)):
            if high > low:
                field = "title" if low < article.title_words else "body"
                out.append(Mark(field, int(start[low]), int(end[high - 1]), number))
    return sorted(out, key=lambda mark: (mark.field != "title", mark.start))


def here_spans(shared: list[Passage]) -> list[tuple[int, int]]:
    """Words of the later article."""
    return [(passage.start, passage.end) for passage in shared]


def there_spans(shared: list[Passage]) -> list[tuple[int, int]]:
    """Words of the earlier article."""
    return [(passage.other, passage.other + passage.length) for passage in shared]


def as_json(found: Comparison) -> dict[str, Any]:
    """Everything for machines; ``here`` is the second article, ``there`` the first."""
    pair, shared = found.pair, found.pair.shared
    sides = {"here": (found.here, here_spans(shared)), "there": (found.there, there_spans(shared))}
    passages: list[dict[str, Any]] = [{"words": each.length, "here": [], "there": []} for each in shared]
    for side, (article, spans) in sides.items():
        for mark in marks(article, spans):
            text = getattr(article, mark.field)[mark.start : mark.end]
            passages[mark.number - 1][side].append(
                {"field": mark.field, "start": mark.start, "end": mark.end, "text": text}
            )
    return {
        "here": _named(found.here),
        "there": _named(found.there),
        "verdict": found.verdict,
        "texts": {
            "relation": pair.relation,
            "score": pair.score,
            "threshold": pair.threshold,
            "template": pair.why if pair.relation == "template" else None,
            "words": {"here": len(pair.here), "there": len(pair.there), "shared": sum(p.length for p in shared)},
            "overlap": pair.overlap,
            "matched": round(min(1.0, pair.matched), 4),
            "contained": round(min(1.0, pair.contained), 4),
            "own": {"here": round(pair.own_here, 4), "there": round(pair.own_there, 4)},
            "limits": pair.limits,
        },
        "passages": passages,
    }


def _named(article: Article) -> dict[str, Any]:
    return {
        name: getattr(article, name)
        for name in ("article_id", "url", "source", "language", "published", "title", "body")
    }


def lines(found: Comparison) -> Iterator[tuple[str, str]]:
    """The arithmetic for people: what is measured, and the figure beside its limit."""
    pair, limits, verdict = found.pair, found.pair.limits, found.verdict
    lap = pair.overlap
    if verdict is not None:
        yield "verdict on the second", decision(verdict)
    yield "as texts", _relation(pair)
    yield "words", f"{len(pair.there)} in the first, {len(pair.here)} in the second"
    yield "shared passages", f"{len(pair.shared)} with {sum(p.length for p in pair.shared)} words"
    yield "second found in first", f"{min(1.0, pair.matched):.3f} of its words (a copy from {limits.matched:g})"
    yield "first found in second", f"{min(1.0, pair.contained):.3f} of its words (embedded from {limits.contained:g})"
    yield "own text of the second", f"{pair.own_here:.3f} (a copy below {limits.own_news:g})"
    yield "own text of the first", f"{pair.own_there:.3f} (a whole copy below {limits.own_news:g}, else a cut one)"
    yield (
        "word 4-grams",
        f"Jaccard {lap.jaccard:.3f}, of the second in the first {lap.here_in_there:.3f}, "
        f"of the first in the second {lap.there_in_here:.3f} (looked at from {limits.shared:g})",
    )


def decision(verdict: Verdict) -> str:
    """The decision as a comparison: the measure that was held against the threshold."""
    if verdict.score is None or verdict.threshold is None:
        return f"{verdict.kind} by {verdict.method}"
    sign = ">=" if verdict.score >= verdict.threshold else "<"
    return f"{verdict.kind} by {verdict.method}: {verdict.score:.3f} {sign} {verdict.threshold:.3f}"


def _relation(pair: Pair) -> str:
    if pair.relation == "template":
        return f"one template with other facts, no copy: {TEMPLATES.get(str(pair.why), pair.why)}"
    if pair.score is None or pair.threshold is None:
        return f"{pair.relation}: too little is the same for a copy"
    sign = ">=" if pair.score >= pair.threshold else "<"
    return f"{pair.relation}: {pair.score:.3f} {sign} {pair.threshold:.3f}"


def marked(text: str, found: list[Mark], *, colours: bool) -> Text:
    """A field with its shared passages marked: by one colour a passage, or in ⟦brackets⟧ with its number."""
    from rich.text import Text

    out, at = Text(), 0
    for mark in found:
        _add(out, text[at : max(at, mark.start)], "")
        piece = text[max(at, mark.start) : mark.end]
        if piece:
            style = STYLES[(mark.number - 1) % len(STYLES)] if colours else ""
            out.append("" if colours else f"⟦{mark.number} ")
            _add(out, piece, style)
            out.append("" if colours else "⟧")
        at = max(at, mark.end)
    _add(out, text[at:], "")
    return out


def _add(out: Text, text: str, style: str) -> None:
    """A slice made safe for a terminal; its line ends and the spaces at its edges stay."""
    from agents.printable import printable

    for number, part in enumerate(text.split("\n")):
        if number:
            out.append("\n")
        safe = printable(part)
        out.append((" " if part[:1].isspace() else "") + safe + (" " if safe and part[-1:].isspace() else ""), style)


def show(found: Comparison, names: tuple[str, str]) -> None:
    """Print the two columns and the arithmetic below."""
    import sys

    from rich.console import Console
    from rich.table import Table

    from agents.cli.options import clean

    terminal = sys.stdout.isatty()
    console = Console(width=None if terminal else WIDE, markup=False, highlight=False, emoji=False)
    colours = console.is_terminal and not console.no_color
    shared = found.pair.shared
    sides = ((found.there, there_spans(shared)), (found.here, here_spans(shared)))
    table = Table(*(f"{which}: {clean(name)}" for which, name in zip(("first", "second"), names, strict=True)), show_lines=True, expand=True)  # fmt: skip
    for column in table.columns:
        column.ratio, column.overflow = 1, "fold"
    for field in ("title", "body"):
        table.add_row(
            *(
                marked(
                    getattr(article, field),
                    [mark for mark in marks(article, spans) if mark.field == field],
                    colours=colours,
                )
                for article, spans in sides
            )
        )
    console.print(table)
    for what, figure in lines(found):
        console.print(f"{what:24} {clean(figure)}", soft_wrap=True)
    for note in found.verdict.notes if found.verdict else ():
        console.print(f"{'note':24} {clean(note)}", soft_wrap=True)
