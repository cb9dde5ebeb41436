"""What a text says it is by the agencies' conventions: a correction or a withdrawal (``data/articles/markers.tsv``)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Literal, get_args

from newsfeed import data

Marker = Literal["correction", "withdrawal"]
FORMS = ("label", "capitals", "opening", "sentence", "before")
_MARKS = re.compile("[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670ـ]+")
_LOOKED_AT = 200  # code points of a title or line
_ABOVE, _BELOW = 4, 6  # lines in which a note stands, a site's own lines around it
_NOTE = 30  # code points: a shorter line with a label below the text is a link
_NUMBER = r"(?: ?(?:no\.? ?)?[0-9٠-٩]{1,2})?"
_OPEN, _CLOSE = r"[(\[{«/*]{1,2} ?", r" ?[)\]}»/*]{1,2}"
# A hyphen counts with a space beside it, or behind capitals ("CORRECTED-Oil"): "correction-fluid" is a word.
_ENDS = r"(?: ?[:：–—|/]| -|- | ?$)"
_CAPITALS_END = r"(?: ?[:：–—|/]| ?-|\. | ?$)"
_HOLE = r"""(?:["“„«][^"“”«»\n]{4,150}["“”»]|[\w ]{1,24}?)"""  # the headline that is meant, or a date


@cache
def _patterns() -> tuple[tuple[Marker, re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]], ...]:
    """A kind, what begins a title or first line, what ends a title, what begins a sentence and what a note; withdrawals first."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in data.rows("articles/markers.tsv"):
        plain = _plain(row["text"])
        found.setdefault((row["kind"], row["form"]), []).append(
            plain if row["form"] in ("capitals", "before") else plain.lower()
        )
    before = _any_of(found[("-", "before")])
    patterns = []
    for kind in reversed(get_args(Marker)):
        labels, capitals = found[(kind, "label")], found[(kind, "capitals")]
        name = f"(?:(?i:{_any_of(labels)})|{_any_of(capitals)}){_NUMBER}"
        shouted = f"{_any_of([*capitals, *(label.upper() for label in labels)])}{_NUMBER}"
        openings = found.get((kind, "opening"))
        begins = [
            rf"(?:(?i:{before})(?: ?[0-9]{{1,2}})?(?:{_CLOSE}| ?[:–—|/-]) ?)?(?:{shouted}{_CAPITALS_END}|{name}{_ENDS})",
            rf"{_OPEN}{name}(?:{_CLOSE}| ?[:–—-])",
        ]
        if openings:
            begins.append(rf"[(\[] ?(?i:{_any_of(openings)})(?![^\W\d_])")
        patterns.append(
            (
                kind,
                re.compile("|".join(begins)),
                re.compile(rf"(?<=\S) ?{_OPEN}{name}{_CLOSE}[.]?\Z|(?<=\S)(?: [-–—|] ){shouted}\Z"),
                re.compile(
                    rf"[(\[*]{{0,2}} ?(?:(?i:{before}) ?: ?)?(?i:{_any_of(found[(kind, 'sentence')])})".replace(
                        "…", _HOLE
                    )
                ),
                re.compile(
                    rf"{_OPEN}{name} ?[:–—]|(?i:{_any_of(labels)}){_NUMBER} ?:"
                    + (rf"|[(\[] ?(?i:{_any_of(openings)})(?![^\W\d_])" if openings else "")
                ),
            )
        )
    return tuple(patterns)


def marker(title: str, paragraphs: Sequence[str]) -> Marker | None:
    """What the title, the first or the last paragraphs declare the text to be; None for an ordinary text."""
    name = _plain(title[:_LOOKED_AT])
    tail = _plain(title[-_LOOKED_AT:])
    first, *rest = [_plain(line[:_LOOKED_AT]) for line in paragraphs[:_ABOVE]] or [""]
    below = [_plain(line[:_LOOKED_AT]) for line in paragraphs[len(rest) + 1 :][-_BELOW:]]
    for kind, begins, ends, sentence, note in _patterns():
        if begins.match(name) or begins.match(first) or ends.search(tail):
            return kind
        if any(sentence.match(line) for line in (name, first, *rest, *below)):
            return kind
        if kind == "correction" and any(len(line) > _NOTE and note.match(line) for line in (*rest, *below)):
            return kind
    return None


def _plain(text: str) -> str:
    """Without accents and harakat, the Arabic alef and Russian yo in one form: editors write them as they like."""
    if text.isascii():
        return text
    return _MARKS.sub("", unicodedata.normalize("NFD", text)).replace("’", "'")


def _any_of(texts: Sequence[str]) -> str:
    return "(?:" + "|".join(re.escape(text) for text in sorted(set(texts), key=lambda text: (-len(text), text))) + ")"
