"""Publication dates: RFC 3339, a bare date, the date of a mail or feed (RFC 2822), or one written for people; in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from newsfeed.articles.spoken_dates import spoken

_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[Tt ]+(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,12})?)? ?([Zz]|UTC|GMT|[+\-−]\d{2}(?::?\d{2})?)?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})(Z)?)?")
_MAIL = re.compile(
    r"(?:[A-Za-z]{3,9},? +)?(\d{1,2}) +([A-Za-z]{3})[a-z]* +(\d{4})(?: +(\d{2}):(\d{2})(?::(\d{2}))?(?: +([A-Za-z]{1,4}|[+-]\d{4}))?(?: +\(.{1,40}\))?)?"
)
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: at for at, name in enumerate(_NAMES, 1)}
_ZONES = {  # hours; RFC 2822, section 4.3
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip


class NotADate(ValueError):
    """The text is no date, or names a day or hour that does not exist."""


def published(value: str) -> str:
    """``YYYY-MM-DDTHH:MM:SSZ``, or ``YYYY-MM-DD`` where the text names no time; no offset means UTC.

    Raises:
        NotADate: says which of the two it is, and quotes nothing.
    """
    text = value.strip()
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, zone = found.groups()
        return _written((int(year), int(month), int(day)), hour, minute, second, zone)
    if (found := _MAIL.fullmatch(text)) and found[2].lower() in _MONTHS:
        day, name, year, hour, minute, second, zone = found.groups()
        return _written((int(year), _MONTHS[name.lower()], int(day)), hour, minute, second, zone)
    if said := spoken(text):
        return _written(*said)
    raise NotADate("not a date")


def _written(
    day: tuple[int, int, int],
    hour: str | int | None,
    minute: str | int | None,
    second: str | int | None,
    zone: str | None,
) -> str:
    try:
        if hour is None or minute is None:
            datetime(*day, tzinfo=UTC)
            return f"{day[0]:04}-{day[1]:02}-{day[2]:02}"
        seconds = min(int(second or 0), 59) if second == "60" else int(second or 0)  # a leap second
        local = datetime(*day, int(hour), int(minute), seconds, tzinfo=timezone(_offset(zone)))
        there = local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotADate("no such date") from None
    return f"{there.year:04}-{there.month:02}-{there.day:02}T{there.hour:02}:{there.minute:02}:{there.second:02}Z"


def _offset(zone: str | None) -> timedelta:
    if zone is None:
        return timedelta()
    if zone[0] not in "+-−":
        if zone.upper() not in _ZONES:
            raise ValueError(zone)
        return timedelta(hours=_ZONES[zone.upper()])
    digits = zone[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > 23 or minutes > 59:
        raise ValueError(zone)
    ahead = timedelta(hours=hours, minutes=minutes)
    return ahead if zone[0] == "+" else -ahead
