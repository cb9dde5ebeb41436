"""Dates as sites write them for people: "Sunday, 29 November 2026, 2:05 pm", "29 ноября 2026 г., 14:05", "29.11.2026".

The words stand in ``newsfeed/data/articles/dates.tsv`` and are compared folded. "03/04/2026" is no date: it is two.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from newsfeed import data
from newsfeed.text import fold_text

LONGEST = 80  # characters
MOST_BEFORE = 5  # words before a date: its day of the week, what it is the date of
_FIGURES = re.compile(r"\D{0,30}(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")
_ORDINAL = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|o)(?!\w)")  # "1er", "1º"
_HOUR = re.compile(r"(?<!\d)(\d{1,2})h(\d{2})(?!\d)")  # "14h05"
_ERA = re.compile(r"(?<=\d{4})[гم](?!\w)")  # "2026г.", "2026م"
_OFFSET = re.compile(r"[+−-]\d{2}:?\d{2}$")


class Spoken(NamedTuple):
    """A date and what was said of its time, in figures; ``zone`` as in RFC 3339, None where none was said."""

    day: tuple[int, int, int]
    hour: int | None
    minute: int
    second: int
    zone: str | None


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds the known words in folded text, and what stands for each: ``month:11``, ``pm:12``, ``said:``."""
    known: dict[str, str] = {}
    for row in data.rows("articles/dates.tsv"):
        for name in row["names"].split("|"):
            known.setdefault(fold_text(name), f"{row['what']}:{row['value']}")
    longest_first = sorted(known, key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, longest_first))})(?!\S)"), known


def spoken(text: str) -> Spoken | None:
    """The one date that a text of at most ``LONGEST`` characters is; None where it is none, or might be another."""
    if len(text) > LONGEST:
        return None
    offset = _OFFSET.search(text)
    if offset is not None and ":" in text[: offset.start()]:
        text = text[: offset.start()]
    else:
        offset = None
    pattern, known = _names()
    folded = _ORDINAL.sub(r"\1", _HOUR.sub(r"\1 \2", _ERA.sub("", fold_text(text))))
    words = pattern.sub(lambda name: known[name[0]], folded).split()
    found = _in_words([word for word in words if word != "said:"]) or _in_figures(text, words)
    if found is None:
        return None
    day, rest = found
    time = _time([word for word in rest if word != "said:"])
    return None if time is None else Spoken(day, *time[:3], offset[0] if offset is not None else time[3])


def _in_words(words: list[str]) -> tuple[tuple[int, int, int], list[str]] | None:
    """Year, month and day around the name of a month, and what follows them."""
    at = max((place for place, word in enumerate(words) if word.startswith("month:")), default=-1)
    if at < 0:
        return None
    before, after = words[:at], words[at + 1 :]
    day = before.pop() if before and before[-1].isdigit() else after.pop(0) if after else ""
    if not _leads(before) or not after or len(after[0]) != 4 or not (day + after[0]).isdigit() or len(day) > 2:
        return None
    return (int(after[0]), int(words[at].removeprefix("month:")), int(day)), after[1:]


def _in_figures(text: str, words: list[str]) -> tuple[tuple[int, int, int], list[str]] | None:
    """Year, month and day of "29.11.2026", and with a stroke where only one of the figures can be the month."""
    found = _FIGURES.match(text)
    if found is None:
        return None
    first, second = int(found[1]), int(found[3])
    if found[2] != "." and (first > 12) == (second > 12):
        return None
    at = next((place for place, word in enumerate(words) if word.isdigit()), 0)
    if not _leads(words[:at]):
        return None
    day, month = (second, first) if second > 12 else (first, second)
    return (int(found[4]), month, day), words[at + 3 :]


def _leads(words: list[str]) -> bool:
    return len(words) <= MOST_BEFORE and not any(char.isdigit() for word in words for char in word.partition(":")[0])


def _time(words: list[str]) -> tuple[int | None, int, int, str | None] | None:
    """Hour, minute, second and zone of what follows a date; None where it is anything else."""
    figures: list[int] = []
    while words and words[0].isdigit() and len(words[0]) <= 2 and len(figures) < 3:
        figures.append(int(words.pop(0)))
    half = words.pop(0) if words and words[0] in ("am:0", "pm:12") else None
    zone = words.pop(0) if words and words[0].startswith("zone:") else None
    if words or len(figures) == 1 or (zone is not None and not figures):
        return None
    if not figures:
        return None, 0, 0, None
    hour, minute, second = (*figures, 0)[:3]
    if half is not None and hour <= 12:
        hour = hour % 12 + (12 if half == "pm:12" else 0)
    return hour, minute, second, None if zone is None else f"+{int(zone.removeprefix('zone:')):02}:00"
