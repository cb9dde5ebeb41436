"""The leading line of metadata that crawls put before an article: ``date 2026-02-09 عربي``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsfeed.articles.languages import code_of

_DAY = r"(?P<date>\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})? ?(?:Z|[+-]\d{2}:?\d{2})?)?)"
_LOCAL = r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4})"
_LINE = re.compile(
    rf"(?P<word>(?:date|pubdate|published|datum|fecha|дата|التاريخ|تاريخ)\b ?[:=]?)? ?(?:{_DAY}|{_LOCAL})"
    r"(?: ?[-–—|,;/]? ?(?:(?:lang|language|язык|langue|idioma|sprache|اللغة|لغة) ?[:=]? ?)?(?P<language>[^\d\W][^\d|,;:]{0,30}))?",
    re.IGNORECASE,
)
_LOOKED_AT = 2  # lines
_LONGEST = 90  # code points


@dataclass(frozen=True)
class Header:
    """``date`` as written, but year first; ``language`` ISO 639-1; None where the line does not name one."""

    date: str
    language: str | None


def take(lines: list[str]) -> tuple[Header | None, list[str]]:
    """The header, and the lines without it. A line counts that is a date with a date word, a language name, or both."""
    for at, line in enumerate(lines[:_LOOKED_AT]):
        if len(line) <= _LONGEST and (header := _read(line)):
            return header, lines[:at] + lines[at + 1 :]
    return None, lines


def _read(line: str) -> Header | None:
    found = _LINE.fullmatch(line)
    if not found:
        return None
    language = code_of(found["language"]) if found["language"] else None
    if (found["language"] and not language) or not (found["word"] or language):
        return None
    if found["date"]:
        year, month, rest = found["date"].split("-", 2)
        return Header(f"{year}-{month:0>2}-{rest if rest[1:2].isdigit() else '0' + rest}", language)
    return Header(f"{found['year']}-{found['month']:0>2}-{found['day']:0>2}", language)
