"""What a teller is rebuilt from is read up to an end; what comes meanwhile must not confuse the reading."""

from __future__ import annotations

import asyncio

import pytest
from foreign_client import write

from agents import clients
from agents.embedded_broker import EmbeddedBroker
from agents.groups import JUMP, Groups
from agents.settings import Settings
from newsfeed.subscriptions import Subscribers
from topics import creation
from topics.catalogue import MATCHES

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("embedded"), pytest.mark.timeout(60)]

END = 2 * JUMP + 500


@pytest.mark.parametrize(
    "offsets",
    [[], [0], [END - 1], [0, 7, END - 1], [0, JUMP + 200, END - 1], [5, END, END + 3], list(range(40)), None],
    ids=str,
)
def test_records_that_come_meanwhile_are_left_alone(
    embedded_broker: EmbeddedBroker, topic_prefix: str, monkeypatch: pytest.MonkeyPatch, offsets: list[int] | None
) -> None:
    settings = Settings(bootstrap_servers=embedded_broker.bootstrap_servers, topic_prefix=topic_prefix, partitions=1)
    topic = settings.sizing.name(MATCHES)
    groups = Groups(settings, Subscribers())

    async def end(topic: str, partition: int) -> int:
        return END

    async def create() -> None:
        async with clients.admin(settings) as admin:
            await creation.create(admin, settings.sizing)

    async def read() -> list[int]:
        try:
            return [record.offset async for record in groups._records(topic, 0, offsets)]
        finally:
            await groups.close()

    asyncio.run(create())
    write(embedded_broker.bootstrap_servers, topic, [(None, b"x", None)] * (END + 300))
    monkeypatch.setattr(groups, "_end", end)  # as if the last 300 had come after the end was asked for
    wanted = range(END) if offsets is None else [at for at in offsets if at < END]
    assert asyncio.run(read()) == list(wanted)
