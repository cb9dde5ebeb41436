"""What the ledger says is still to be done."""

from __future__ import annotations

from typing import Any

from agents.ledger import REMEMBERED, Ledger
from newsfeed.records import Delivery, Position


def delivery(outcome: Any, *, alert: str = "a", offset: int = 5, subscribed: int = 3) -> Delivery:
    at = Position(topic="news.alerts.v1", partition=0, offset=offset)
    return Delivery(
        alert_id=alert, outlet="webhook-1", attempt=1, outcome=outcome, subscription="desk", alert=at, subscribed=subscribed
    )  # fmt: skip


def test_what_is_open_or_delivered_is_not_taken_again() -> None:
    for outcome in ("pending", "retry", "delivered"):
        ledger = Ledger()
        ledger.apply(delivery(outcome))
        assert not ledger.wants("a/webhook-1", 5)
        assert not ledger.wants("a/webhook-1", 50)
        assert (len(ledger.open) == 1) == (outcome != "delivered")
    assert Ledger().wants("a/webhook-1", 5)


def test_what_was_given_up_is_taken_again_only_where_it_was_sent_again() -> None:
    ledger = Ledger()
    ledger.apply(delivery("retry"))
    ledger.apply(delivery("failed"))
    assert not ledger.open
    assert not ledger.wants("a/webhook-1", 5), "the same record, read again"
    assert ledger.wants("a/webhook-1", 6)
    ledger.apply(delivery("pending", offset=6))
    assert not ledger.wants("a/webhook-1", 7)


def test_disabled_until_the_subscription_is_put_again() -> None:
    ledger = Ledger()
    assert not ledger.disabled("desk", "webhook-1", 3)
    ledger.apply(delivery("disabled"))
    assert ledger.disabled("desk", "webhook-1", 3)
    assert not ledger.disabled("desk", "webhook-1", 4)
    assert not ledger.disabled("other", "webhook-1", 3)


def test_memory_is_bounded() -> None:
    ledger = Ledger()
    for number in range(REMEMBERED + 10):
        ledger.apply(delivery("delivered", alert=str(number)))
    assert ledger.wants("9/webhook-1", 5)
    assert not ledger.wants("10/webhook-1", 5)
