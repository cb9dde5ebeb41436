"""The ledger of what was delivered where."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Delivery(Struct, frozen=True, kw_only=True):
    """One attempt. ``status`` is the receiver's HTTP status; ``next`` the RFC 3339 time of the next attempt, None for none."""

    alert_id: str
    outlet: str
    attempt: int
    outcome: Literal["delivered", "retry", "failed", "disabled"]
    status: int | None = None
    next: str | None = None
