"""How far a run is: what stands in the topics and what the agents have committed."""

from __future__ import annotations

import asyncio

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from agents import clients
from agents.reading import MissingTopic, places
from agents.settings import Settings

READS = {"clean": "news.raw.v1", "deduplicate": "news.articles.v1", "tag": "news.unique.v1"}
SECONDS = 10.0


def lags(settings: Settings) -> dict[str, int] | None:
    """Records that wait for each agent; None where the broker does not answer in time."""
    try:
        return asyncio.run(asyncio.wait_for(_lags(settings), SECONDS))
    except (TimeoutError, KafkaError, OSError, clients.Unreachable, MissingTopic):
        return None


async def _lags(settings: Settings) -> dict[str, int]:
    async with clients.consumer(settings) as consumer, clients.admin(settings) as admin:
        return {
            agent: await _lag(
                consumer, admin, settings.topic_prefix + topic, f"{settings.topic_prefix}newsfeed-{agent}"
            )
            for agent, topic in READS.items()
        }


async def _lag(consumer: AIOKafkaConsumer, admin: object, topic: str, group: str) -> int:
    ends = await consumer.end_offsets(await places(consumer, topic))
    done = await admin.list_consumer_group_offsets(group)  # type: ignore[attr-defined]
    return sum(end - max(0, done[place].offset if place in done else 0) for place, end in ends.items())
