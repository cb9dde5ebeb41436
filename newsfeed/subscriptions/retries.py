"""When a delivery is tried again: a schedule over a day with jitter that a replay repeats, and what a receiver's answer means.

The schedule follows the one that Standard Webhooks recommends, with a first retry within 5 s.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

SCHEDULE = (
    4.0,
    30.0,
    300.0,
    1_800.0,
    7_200.0,
    18_000.0,
    28_800.0,
    28_800.0,
)  # seconds after attempt 1, 2, …: a day in all
JITTER = 0.2  # the share of a pause that varies, downwards
LONGEST_WAIT = 86_400.0  # of Retry-After
Outcome = Literal["delivered", "retry", "failed", "disabled"]


@dataclass(frozen=True, slots=True)
class Next:
    """What follows an attempt: the outcome, and for ``retry`` the pause in seconds."""

    outcome: Outcome
    pause: float | None = None


def pause(id: str, outlet: str, attempt: int, schedule: Sequence[float] = SCHEDULE) -> float | None:
    """Seconds between attempt ``attempt`` (from 1) and the next; None after the last. The same for the same delivery."""
    if not 1 <= attempt <= len(schedule):
        return None
    digest = hashlib.blake2b(f"{id}/{outlet}/{attempt}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return schedule[attempt - 1] * (1 - JITTER * int.from_bytes(digest, "big") / 2**64)


def follow(
    id: str,
    outlet: str,
    attempt: int,
    status: int | None,
    *,
    retry_after: str | None = None,
    time_ms: int = 0,
    schedule: Sequence[float] = SCHEDULE,
    refused: bool = False,
) -> Next:
    """What a receiver's answer to an attempt means.

    2xx: delivered. 410: disabled, never tried again. 429 and 503: not before their ``Retry-After``. Everything else, redirects and
    no answer (``status`` None) included, is tried again until the schedule ends; but what was refused on this side fails at once,
    for time alone does not change that.

    Args:
        retry_after: the header's value; seconds or an HTTP date (RFC 9110, 10.2.3).
        time_ms: now, milliseconds; only for an HTTP date.
        schedule: seconds between the attempts.
        refused: newsfeed does not post there.
    """
    if status is not None and 200 <= status < 300:
        return Next("delivered")
    if status == 410:
        return Next("disabled")
    wait = None if refused else pause(id, outlet, attempt, schedule)
    if wait is None:
        return Next("failed")
    asked = seconds_after(retry_after, time_ms) if status in (429, 503) else 0.0
    return Next("retry", max(wait, asked))


def seconds_after(header: str | None, time_ms: int) -> float:
    """The seconds a ``Retry-After`` asks for, 0 where it says nothing that is understood, at most a day."""
    text = (header or "").strip()[:64]
    if text.isascii() and text.isdigit():
        seconds = float(text)
    else:
        try:
            date = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return 0.0
        seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - time_ms / 1000
    return min(max(seconds, 0.0), LONGEST_WAIT) if math.isfinite(seconds) else 0.0


def at(time_ms: int, seconds: float) -> str:
    """The RFC 3339 time, in UTC, of so many seconds after ``time_ms``."""
    return (
        datetime.fromtimestamp(time_ms / 1000 + seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )


def seconds_until(time: str | None, time_ms: int) -> float:
    """Seconds from ``time_ms`` until the time that `at` wrote, 0 where it is past, absent or no time."""
    try:
        when = datetime.fromisoformat(time or "").timestamp()
    except (ValueError, OverflowError):
        return 0.0
    return max(0.0, when - time_ms / 1000)
