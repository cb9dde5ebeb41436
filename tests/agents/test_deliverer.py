"""What waits for a receiver stands in memory once, however often the workers divide the partitions anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from foreign_client import write

from agents import clients
from agents.app import create_app
from agents.dead_letters import DeadLetters
from agents.deliverer import Deliverer
from agents.delivery import Sender
from agents.embedded_broker import EmbeddedBroker
from agents.settings import load
from newsfeed.records import Delivery, Position
from topics import codec, creation
from topics.catalogue import ALERTS, DELIVERIES, SUBSCRIPTIONS

WAITING, REBALANCES = 20, 5


@pytest.mark.broker
async def test_rebalances_leave_nothing_behind(embedded_broker: EmbeddedBroker, topic_prefix: str) -> None:
    settings = load(bootstrap_servers=embedded_broker.bootstrap_servers, topic_prefix=topic_prefix, partitions=1)
    async with clients.admin(settings) as admin:
        await creation.create(admin, settings.sizing, [ALERTS, DELIVERIES, SUBSCRIPTIONS])
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    tried = [
        Delivery(
            alert_id=f"{number}", outlet="webhook-1", attempt=1, outcome="retry", next=tomorrow, subscription="desk",
            alert=Position(topic=settings.sizing.name(ALERTS), partition=0, offset=number),
        )
        for number in range(WAITING)
    ]  # fmt: skip
    records = [(each.key.encode(), codec.encode(each), None) for each in tried]
    write(embedded_broker.bootstrap_servers, settings.sizing.name(DELIVERIES), records)
    sender = Sender(create_app("deliver", settings))
    deliverer = Deliverer(settings, sender, DeadLetters(sender, settings, stage="deliver"))
    try:
        for _ in range(REBALANCES):
            await deliverer.revoked()
            deliverer.assigned({0})
            await deliverer._ledgers[0]
            assert len(deliverer._dispatch) == WAITING
        await deliverer.revoked()
        deliverer.assigned(set())
        assert len(deliverer._dispatch) == 0
    finally:
        await deliverer.finish()
        await deliverer.close()
