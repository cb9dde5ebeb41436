"""Creating topics on a real broker: once is enough, and the check sees what is missing or of another shape."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from agents.embedded_broker import EmbeddedBroker
from topics import creation
from topics.catalogue import ALERTS, DELIVERIES, ENRICHED, RAW, TOPICS, WINDOW, Sizing

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("embedded"), pytest.mark.timeout(60)]


@pytest.fixture
async def admin(embedded_broker: EmbeddedBroker) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(bootstrap_servers=embedded_broker.bootstrap_servers)
    await client.start()
    yield client
    await client.close()


async def test_creating_twice_changes_nothing(admin: AIOKafkaAdminClient, topic_prefix: str) -> None:
    sizing = Sizing(prefix=topic_prefix, partitions=3)
    assert await creation.create(admin, sizing) == [topic_prefix + name for name in TOPICS]
    before = {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}
    assert await creation.create(admin, sizing) == []
    after = {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}
    assert {name: before[name] for name in before if name.startswith(topic_prefix)} == {
        name: after[name] for name in after if name.startswith(topic_prefix)
    }
    assert after[topic_prefix + RAW.name] == 3
    assert await creation.check(admin, sizing) == []


async def test_only_what_is_missing_is_created(admin: AIOKafkaAdminClient, topic_prefix: str) -> None:
    sizing = Sizing(prefix=topic_prefix, partitions=2)
    await creation.create(admin, sizing, [RAW, ENRICHED])
    missing = {finding.topic for finding in await creation.check(admin, sizing) if finding.fatal}
    assert missing == {topic_prefix + name for name in TOPICS} - {topic_prefix + RAW.name, topic_prefix + ENRICHED.name}
    assert set(await creation.create(admin, sizing)) == missing


async def test_other_partition_counts_are_found(admin: AIOKafkaAdminClient, topic_prefix: str) -> None:
    sizing = Sizing(prefix=topic_prefix, partitions=2, articles_partitions=2)
    window = NewTopic(name=sizing.name(WINDOW), num_partitions=1, replication_factor=1)
    alerts = NewTopic(name=sizing.name(ALERTS), num_partitions=1, replication_factor=1)
    await admin.create_topics([window, alerts])
    await creation.create(admin, sizing)
    found = {finding.topic: finding.what for finding in await creation.check(admin, sizing) if finding.fatal}
    assert set(found) == {sizing.name(spec) for spec in (WINDOW, ALERTS, DELIVERIES)}
    assert "news.matches.v1" in found[sizing.name(ALERTS)]
    wider = {finding.topic: finding for finding in await creation.check(admin, replace(sizing, partitions=5))}
    assert "has 2 partitions, the settings say 5" in wider[sizing.name(RAW)].what
    assert not wider[sizing.name(RAW)].fatal  # fewer partitions are slower, not wrong


async def test_a_refused_topic_is_said(admin: AIOKafkaAdminClient, topic_prefix: str) -> None:
    class Refusing:
        """The embedded broker creates whatever it is asked for; this answers as Apache Kafka does (INVALID_REPLICATION_FACTOR)."""

        async def list_topics(self) -> list[str]:
            return list(await admin.list_topics())

        async def create_topics(self, topics: list[NewTopic]) -> object:
            class Response:
                topic_errors = ((topics[0].name, 38, "replication factor 9 exceeds 1 broker"),)

            return Response()

    with pytest.raises(
        creation.TopicError, match=rf"cannot create topic {topic_prefix}news\.raw\.v1.*replication factor 9"
    ):
        await creation.create(Refusing(), Sizing(prefix=topic_prefix, replication=9), [RAW])  # type: ignore[arg-type]
