"""A message that repeats itself comes out once, with the paragraphs of its better version in their order.

Crawls take title and body from several places of a page: the title stands twice, the body twice, once with its
paragraphs run together, once with a lead the other lacks. Distinct sentences are never dropped: a paragraph goes
only where all its words stand elsewhere in one piece, and short lines only beside such a one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from newsfeed.articles import paragraphs
from newsfeed.articles.paragraphs import Paragraph
from newsfeed.articles.runons import SENTENCE_END, take_apart
from newsfeed.text import fold_text

COPY_SHARE = 0.25  # of the text that must stand twice before the order of two versions is merged
LEAD_SHARE = 0.5  # of the title's words that a lead holds
SENTENCE_WORDS = 8  # of a paragraph that is dropped because its neighbour begins with it
TEASERS_TRIED = 16  # of the paragraphs with one beginning
_ELLIPSES = ("...", "…", "[…]", "[...]")


def once(title: str, texts: Sequence[str]) -> tuple[str, list[str]]:
    """Title and paragraphs without repetition; the title better spaced where the body has it so. Linear in their length."""
    name, *found = paragraphs.fold_all([title, *texts])
    found = take_apart(name, found)
    name, found = _without_title(name, found)
    dropped = _dropped(found)
    if not any(dropped):
        return name.text, [paragraph.text for paragraph in found if paragraph.text]
    best = _best(found)
    order = _order(name, found, dropped)
    return name.text, [best[found[at].ident].text for at in order if found[at].text]


def _without_title(name: Paragraph, found: list[Paragraph]) -> tuple[Paragraph, list[Paragraph]]:
    """The title is dropped from the head of the body, and wherever it stands again when it is long enough to be sure."""
    if not name.squeezed:
        return name, found
    kept: list[Paragraph] = []
    for paragraph in found:
        if paragraph.same(name) and (not kept or name.long):
            if paragraph.spacing > name.spacing:
                name = paragraph
            if kept:
                kept.append(_BREAK)
        else:
            kept.append(paragraph)
    return name, kept


_BREAK = Paragraph("", "\0", 0)  # where the title stood again: the next version begins


def _best(found: Sequence[Paragraph]) -> dict[str, Paragraph]:
    best: dict[str, Paragraph] = {}
    for paragraph in found:
        if paragraph.ident not in best or paragraph.spacing > best[paragraph.ident].spacing:
            best[paragraph.ident] = paragraph
    return best


def _dropped(found: Sequence[Paragraph]) -> list[bool]:
    """What stands before in the same words: long paragraphs, short ones beside them, teasers cut off with an ellipsis."""
    again = _again(found)
    sure = [repeated and paragraph.long for repeated, paragraph in zip(again, found, strict=True)]
    for order in (range(len(found)), range(len(found) - 1, -1, -1)):
        beside = False
        for at in order:
            sure[at] = sure[at] or (again[at] and beside)
            beside = sure[at] or found[at] is _BREAK
    begins: dict[str, list[int]] = {}
    for at in sorted(range(len(found)), key=lambda number: -len(found[number].squeezed)):
        begins.setdefault(found[at].squeezed[: paragraphs.LEAST_LETTERS], []).append(at)
    for at, paragraph in enumerate(found):
        if not sure[at] and paragraph.long:
            others = begins[paragraph.squeezed[: paragraphs.LEAST_LETTERS]][:TEASERS_TRIED]
            sure[at] = any(not sure[other] and _is_beginning(found, at, other) for other in others)
    return sure


def _again(found: Sequence[Paragraph]) -> list[bool]:
    """Whether each stands before; most texts say nothing twice, and need not be searched for numbers."""
    if len({paragraph.squeezed for paragraph in found}) == len(found):
        return [False] * len(found)
    seen: set[str] = set()
    again = []
    for paragraph in found:
        again.append(paragraph.ident in seen)
        seen.add(paragraph.ident)
    return again


def _is_beginning(found: Sequence[Paragraph], at: int, other: int) -> bool:
    """Whether a paragraph only begins another: cut off with an ellipsis anywhere, or a whole opening sentence beside it."""
    here, there = found[at], found[other]
    if len(here.squeezed) >= len(there.squeezed) or not there.squeezed.startswith(here.squeezed):
        return False
    if here.text.endswith(_ELLIPSES):
        return True
    behind = there.text[len(here.text) :]
    return (
        abs(at - other) == 1
        and here.words >= SENTENCE_WORDS
        and here.text[-1] in SENTENCE_END
        and there.text.startswith(here.text)
        and not behind[0].isdigit()
    )


def _order(name: Paragraph, found: Sequence[Paragraph], dropped: Sequence[bool]) -> list[int]:
    """Numbers of the kept paragraphs in the order of the two versions merged: what stands once goes before what it precedes."""
    kept = [at for at in range(len(found)) if not dropped[at] and found[at] is not _BREAK]
    repeated = sum(len(found[at].squeezed) for at in range(len(found)) if dropped[at])
    if repeated < COPY_SHARE * sum(len(found[at].squeezed) for at in kept):
        return kept
    first: dict[str, int] = {}
    for at, paragraph in enumerate(found):
        first.setdefault(paragraph.ident, at)
    times = Counter(paragraph.ident for paragraph in found)
    place = {at: (float(at), at) for at in kept}
    waiting: list[int] = []
    last = -1
    for at, paragraph in enumerate(found):
        if dropped[at] and first[paragraph.ident] == at:  # a teaser
            continue
        if dropped[at]:
            there = first[paragraph.ident]
            moved = waiting if last >= 0 else _lead(name, found, waiting, paragraph)
            if there > last:
                place.update({number: (there - 0.5, number) for number in moved})
            last, waiting = there, []
        elif paragraph is _BREAK or times[paragraph.ident] > 1:
            waiting = []
        else:
            waiting.append(at)
    return sorted(kept, key=lambda at: place[at])


def _lead(name: Paragraph, found: Sequence[Paragraph], waiting: list[int], follower: Paragraph) -> list[int]:
    """Which of the paragraphs between two versions open the second: behind a repeated title or a run-on all, else one that says the title."""
    if not waiting:
        return []
    before = found[waiting[0] - 1] if waiting[0] else None
    if before is not None and (before is _BREAK or (before.run_on and not found[waiting[0]].run_on)):
        return waiting
    said = _share(name, found[waiting[-1]])
    return waiting[-1:] if before is not None and said >= LEAD_SHARE and said > _share(name, follower) else []


def _share(name: Paragraph, paragraph: Paragraph) -> float:
    words = set(fold_text(name.text).split())
    return len(words & set(fold_text(paragraph.text).split())) / (len(words) or 1)
