"""``--since``: how far back, as a span (7d, 12h, 30m) or a date."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

Since = Annotated[str, typer.Option("--since", metavar="SPAN|DATE", help="How far back: 30m, 12h, 7d, 2w, or a date.")]

SPAN = re.compile(r"(\d{1,6})([smhdw])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def since_ms(text: str, *, now: datetime) -> int:
    """The moment meant, in milliseconds since 1970.

    Args:
        text: a span before ``now``, or an RFC 3339 date or time (UTC where it has no offset).

    Raises:
        typer.BadParameter: it is neither.
    """
    span = SPAN.fullmatch(text.strip())
    try:
        if span is not None:
            moment = now - timedelta(**{UNITS[span[2]]: int(span[1])})
        else:
            moment = datetime.fromisoformat(text.strip())
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0, int(moment.timestamp() * 1000))
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is neither a span like 30m, 12h, 7d nor a date like 2026-01-31", param_hint="--since"
        ) from None
