"""The ledger of what was delivered where."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from newsfeed.records.position import Position

Outcome = Literal["pending", "retry", "delivered", "failed", "disabled"]


class Delivery(Struct, frozen=True, kw_only=True):
    """How far the delivery of one alert to one outlet is. The newest record of a key counts.

    Attributes:
        outlet: ``webhook-`` and a hash of the URL, which itself stands only in the subscription.
        attempt: how many attempts there were.
        outcome: ``pending`` (taken, not yet tried), ``retry`` (to be tried again at ``next``), ``delivered``, ``failed`` (given up,
            a dead letter), ``disabled`` (never tried again: the receiver answered 410, or the subscription no longer has the outlet).
        status: the receiver's HTTP status, null where it gave none; next: the RFC 3339 time of the next attempt, null for none.
        alert: where the alert stands in the log.
        subscribed: offset of the subscription's record that named the outlet; a later one ends ``disabled``.
    """

    alert_id: str
    outlet: str
    attempt: int
    outcome: Outcome
    status: int | None = None
    next: str | None = None
    subscription: str = ""
    article_id: str = ""
    alert: Position | None = None
    subscribed: int | None = None

    @property
    def key(self) -> str:
        """Of the record in the ledger."""
        return f"{self.alert_id}/{self.outlet}"
