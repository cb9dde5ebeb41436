"""``--since``: how far back, as a span (7d, 12h, 30m) or a date."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

Since = Annotated[
    str,
    typer.Option("--since", metavar="SPAN|DATE", help="How far back: 30m, 12h, 7d, 2w, or an RFC 3339 time or date."),
]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SPAN = re.compile(r"([0-9]{1,6})([smhdw])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(text: str, *, now: datetime) -> datetime:
    """The moment meant, 1970 where it is before that.

    Args:
        text: a span before ``now``, or an RFC 3339 date or time (UTC where it has no offset).

    Raises:
        typer.BadParameter: it is neither.
    """
    span = SPAN.fullmatch(text.strip())
    try:
        if span is not None:
            return max(EPOCH, now - timedelta(**{UNITS[span[2]]: int(span[1])}))
        found = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r}: give a span, as in 30m, 12h, 7d, 2w, or a date, as in 2026-01-31 or 2026-01-31T06:00:00Z",
            param_hint="--since",
        ) from None
    return max(EPOCH, found if found.tzinfo else found.replace(tzinfo=UTC))


def ms(time: datetime) -> int:
    """Milliseconds since 1970."""
    return (time - EPOCH) // timedelta(milliseconds=1)
