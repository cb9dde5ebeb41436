"""CloudEvents 1.0 in Kafka's binary mode: what an event is, where it comes from and what caused it, all deterministic.

Source: CloudEvents specification 1.0.2 and its Kafka protocol binding.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache

from newsfeed.records import Enriched, Position
from topics.catalogue import TopicSpec

Headers = list[tuple[str, bytes]]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def event_type(spec: TopicSpec) -> str:
    """``news.verdicts.v1`` carries ``newsfeed.verdict.v1``."""
    assert spec.record is not None
    return f"newsfeed.{spec.record.__name__.lower()}.v1"


@lru_cache(1024)
def instant(time_ms: int) -> str:
    """RFC 3339 in UTC with milliseconds. A log time before 1970 counts as 1970."""
    when = _EPOCH + timedelta(milliseconds=max(0, time_ms))
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def headers(spec: TopicSpec, *, source: str, subject: str, id: str, time_ms: int) -> Headers:
    """The headers of one event.

    Args:
        source: name of the topic that the event stands in.
        subject: the article id.
        id: what caused it: the raw position ``partition/offset``, the alert id, or alert id/outlet/attempt.
        time_ms: the log's time.
    """
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", id.encode()),
        ("ce_source", source.encode()),
        ("ce_type", event_type(spec).encode()),
        ("ce_time", instant(time_ms).encode()),
        ("ce_subject", subject.encode()),
        ("content-type", b"application/json"),
    ]


def cause(raw: Position) -> str:
    """The raw position as an event id."""
    return f"{raw.partition}/{raw.offset}"


def filters(record: Enriched) -> Headers:
    """``actors`` and ``topics`` of an enriched event, comma separated, topics with their ancestors: to filter without decoding."""
    subjects = dict.fromkeys(id for topic in record.topics for id in (topic.id, *reversed(topic.path)))
    actors = dict.fromkeys(actor.id for actor in record.actors)
    return [("actors", ",".join(actors).encode()), ("topics", ",".join(subjects).encode())]
