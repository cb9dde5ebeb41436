"""Create the topics of the catalogue, and compare them with what the broker has. Doing it twice changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from topics.catalogue import ALERTS, ARTICLES, DELIVERIES, GROUPS, MATCHES, TOPICS, WINDOW, Sizing, TopicSpec

# The state of an agent stands in the partition of the same number as what it reads.
TOGETHER = ((WINDOW, ARTICLES), (GROUPS, MATCHES), (ALERTS, MATCHES), (DELIVERIES, ALERTS))
CHECKED = (
    "cleanup.policy",
    "retention.ms",
    "max.message.bytes",
    "message.timestamp.type",
    "max.compaction.lag.ms",
    "delete.retention.ms",
)


class TopicError(Exception):
    """A topic could not be created; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one topic that is not as the catalogue and the settings say. ``fatal``: newsfeed cannot run so."""

    topic: str
    what: str
    fatal: bool


async def create(admin: AIOKafkaAdminClient, sizing: Sizing, specs: Iterable[TopicSpec] | None = None) -> list[str]:
    """Create what is missing; returns the names that were created.

    Raises:
        TopicError: the broker refused one.
    """
    wanted = list(TOPICS.values()) if specs is None else list(specs)
    present = set(await admin.list_topics())
    missing = [spec for spec in wanted if sizing.name(spec) not in present]
    created = []
    for spec in missing:
        name = sizing.name(spec)
        topic = NewTopic(
            name=name,
            num_partitions=sizing.count(spec),
            replication_factor=sizing.replication,
            topic_configs=sizing.config(spec),
        )
        response = await admin.create_topics([topic])
        for _, code, *message in response.topic_errors:
            error = for_code(code)
            if error is TopicAlreadyExistsError:
                continue
            if code:
                raise TopicError(
                    f"cannot create topic {name}: {error.__name__} {message[0] if message else ''}".strip()
                )
            created.append(name)
    await _known(admin, [sizing.name(spec) for spec in missing])
    return created


async def _known(admin: AIOKafkaAdminClient, names: list[str], seconds: float = 10.0) -> None:
    """Wait until the broker's metadata shows the topics: a client that asks too early is told that they do not exist."""
    deadline = asyncio.get_running_loop().time() + seconds
    while names and asyncio.get_running_loop().time() < deadline:
        if set(names) <= set(await admin.list_topics()):
            return
        await asyncio.sleep(0.05)


async def check(admin: AIOKafkaAdminClient, sizing: Sizing) -> list[Finding]:
    """What differs from the catalogue: missing topics, other partition counts, other configuration."""
    names = {sizing.name(spec): spec for spec in TOPICS.values()}
    present = {topic["topic"]: topic for topic in await admin.describe_topics() if topic["topic"] in names}
    findings = [
        Finding(name, "missing: run `newsfeed topics create`", fatal=True) for name in names if name not in present
    ]
    for name, topic in present.items():
        have, want = len(topic["partitions"]), sizing.count(names[name])
        if have != want:
            fatal = names[name].partitions != "partitions"
            findings.append(Finding(name, f"has {have} partitions, the settings say {want}", fatal=fatal))
    for other, leader in TOGETHER:
        counts = [len(present[name]["partitions"]) for name in map(sizing.name, (other, leader)) if name in present]
        if len(set(counts)) > 1:
            what = f"must have as many partitions as {sizing.name(leader)}"
            findings.append(Finding(sizing.name(other), what, fatal=True))
    for name in present:
        have_config = await config(admin, name)
        for key, value in sizing.config(names[name]).items():
            if key in CHECKED and key in have_config and not _same(have_config[key], value):
                findings.append(Finding(name, f"{key} is {have_config[key]}, the catalogue says {value}", fatal=False))
    return findings


def _same(have: str, want: str) -> bool:
    return sorted(have.split(",")) == sorted(want.split(","))


async def config(admin: AIOKafkaAdminClient, name: str) -> dict[str, str]:
    """The topic's configuration; empty where the broker does not tell."""
    try:
        responses: list[Any] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
    except KafkaError:
        return {}
    return {
        entry[0]: str(entry[1])
        for response in responses
        for resource in response.resources
        for entry in resource[4]
        if entry[1] is not None
    }
