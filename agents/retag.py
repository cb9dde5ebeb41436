"""History under new rules: enriched events read again, tagged again, written under another prefix.

Reads news.enriched.v1. Writes news.enriched.v1 under the other prefix, with the same keys, times and event ids. Verdicts stay:
only tags are made again. Live topics and consumer groups are not touched, and doing it twice writes the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from aiokafka.errors import KafkaError

from agents import clients
from agents.outbox import NotTaken, Outbox
from agents.reading import whole
from agents.settings import Settings
from newsfeed.pipeline import Tagger
from newsfeed.records import Enriched
from topics import cloudevents, codec, creation
from topics.catalogue import ENRICHED

IN_FLIGHT = 500  # records that may be on their way


@dataclass(slots=True)
class Retagged:
    """What was done: events written, of which other actors or other topics came out; tombstones; records that are none of ours."""

    events: int = 0
    actors_changed: int = 0
    topics_changed: int = 0
    tombstones: int = 0
    unreadable: int = 0
    newest_ms: int = 0


async def retag(
    settings: Settings, tagger: Tagger, *, since_ms: int, prefix: str, told: Callable[[Retagged], None]
) -> Retagged:
    """Tag again what was enriched since a time.

    Args:
        since_ms: milliseconds of the log's time.
        prefix: of the topic that is written; created where it is missing.
        told: called after each record with the count so far.

    Raises:
        MissingTopic, Unreachable, TopicError, NotTaken.
    """
    aside = replace(settings.sizing, prefix=prefix)
    async with clients.admin(settings) as admin:
        await creation.create(admin, aside, [ENRICHED])
    done, target = Retagged(), aside.name(ENRICHED)

    def answered(record: Any, error: KafkaError | None) -> None:
        if error is not None:
            raise NotTaken(
                f"{target} did not take what was made of {record.topic}/{record.partition} offset {record.offset}: "
                f"{error or type(error).__name__}. When that is mended, run it again: the same bytes are written."
            )

    async with clients.producer(settings) as producer:
        outbox = Outbox[Any](producer, most=IN_FLIGHT, answered=answered)
        async for record in whole(settings, settings.sizing.name(ENRICHED), since_ms=since_ms):
            written = _again(record, tagger, target, done)
            if written is not None:
                value, headers = written
                await outbox.send(
                    record, target, key=record.key, value=value, headers=headers, timestamp_ms=record.timestamp
                )
            done.newest_ms = max(done.newest_ms, record.timestamp)
            told(done)
        await outbox.empty()
    return done


def _again(record: Any, tagger: Tagger, target: str, done: Retagged) -> tuple[bytes | None, list[Any]] | None:
    """Value and headers of the record under the new rules; None where it cannot be read."""
    if not record.value:
        done.tombstones += 1
        return None if record.key is None else (None, list(record.headers))
    before = codec.decode(record.value, Enriched)
    if isinstance(before, codec.Bad):
        done.unreadable += 1
        return None
    after = tagger.again(before)
    done.events += 1
    done.actors_changed += {actor.id for actor in before.actors} != {actor.id for actor in after.actors}
    done.topics_changed += {topic.id for topic in before.topics} != {topic.id for topic in after.topics}
    made = {"ce_source": target.encode(), **dict(cloudevents.filters(after))}
    kept = [(name, value) for name, value in record.headers if name not in made]
    return codec.encode(after), [*kept, *made.items()]
