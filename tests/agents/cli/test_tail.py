"""One line a record, for people."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from agents.cli.tail import summary
from newsfeed.records import Delivery, Subscription
from topics import codec
from topics.catalogue import DELIVERIES, SUBSCRIPTIONS, TopicSpec


@pytest.mark.parametrize(
    ("spec", "value", "said"),
    [
        (
            DELIVERIES,
            codec.encode(Delivery(alert_id="a", outlet="webhook-1", attempt=2, outcome="retry", status=503, next="2026-03-17T02:40:00Z")),
            "retry | webhook-1 | attempt 2 | answered 503 | next 2026-03-17T02:40:00Z",
        ),
        (
            DELIVERIES,
            codec.encode(Delivery(alert_id="a", outlet="webhook-1", attempt=0, outcome="pending")),
            "pending | webhook-1 | attempt 0",
        ),
        (SUBSCRIPTIONS, codec.encode(Subscription(id="gas", query='"natural gas"~3')), '"natural gas"~3'),
        (SUBSCRIPTIONS, b"", ""),
        (SUBSCRIPTIONS, None, "(deleted)"),
        (SUBSCRIPTIONS, b"\x1b[31mno JSON", "[31mno JSON"),
    ],
)  # fmt: skip
def test_what_a_line_says(spec: TopicSpec, value: bytes | None, said: str) -> None:
    record = SimpleNamespace(
        topic=spec.name, partition=1, offset=7, timestamp=3_600_000, key=b"key", headers=(), value=value
    )
    assert summary(record, spec) == f"01:00:00 1/7 key  {said}"
