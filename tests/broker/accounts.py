"""What must hold of the topics whatever crashed; worked out from the records alone, apart from newsfeed's own audit."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable

from foreign_client import Record, read

NOT_PUBLISHED = ("duplicate", "embargo")


def position(record: Record) -> tuple[int, int]:
    """The raw position that a verdict or dead letter answers."""
    if record.topic.endswith("news.dead.v1"):
        return int(record.header("__connect.errors.partition") or ""), int(
            record.header("__connect.errors.offset") or ""
        )
    raw = json.loads(record.value or b"")["raw"]
    return raw["partition"], raw["offset"]


def event(record: Record) -> tuple[str, int | None]:
    """Article id and version of an enriched event or verdict."""
    value = json.loads(record.value or b"")
    return value["article_id"], value["version"]


def raw_answered(record: Record) -> bool:
    """Whether a dead letter answers a raw message (one of a later stage does not)."""
    return not record.topic.endswith("news.dead.v1") or (record.header("__connect.errors.topic") or "").endswith(
        "news.raw.v1"
    )


def answered(servers: str, prefix: str, count: int, seconds: float = 90) -> list[Record]:
    """Verdicts and dead letters, when so many raw messages have one."""
    seen: set[tuple[int, int]] = set()
    done = 0

    def enough(found: list[Record]) -> bool:
        nonlocal done
        seen.update(position(record) for record in found[done:] if raw_answered(record))
        done = len(found)
        return len(seen) >= count

    return read(servers, f"{prefix}news.verdicts.v1", f"{prefix}news.dead.v1", until=enough, seconds=seconds)


def repeats(records: Iterable[Record], key: object) -> tuple[int, list[str]]:
    """How many records repeat an earlier one, and those that do not repeat it byte for byte."""
    seen: dict[object, Record] = {}
    count, differing = 0, []
    for record in records:
        name = key(record)  # type: ignore[operator]
        first = seen.setdefault(name, record)
        if first is not record:
            count += 1
            if (first.topic, first.key, first.value, first.headers) != (
                record.topic,
                record.key,
                record.value,
                record.headers,
            ):
                differing.append(f"{name}: {first.value!r:.300} then {record.value!r:.300}")
    return count, differing


def check(raw: list[Record], answers: list[Record], enriched: list[Record]) -> dict[str, int]:
    """Every raw message has one answer, every published verdict one enriched event, every repeat the same bytes.

    Returns the totals; raises AssertionError otherwise.
    """
    answers = [record for record in answers if raw_answered(record)]
    wanted = {(record.partition, record.offset) for record in raw}
    answered = {position(record) for record in answers}
    assert answered == wanted, (
        f"{len(wanted - answered)} without an answer, {len(answered - wanted)} answered without a question"
    )
    again, differing = repeats(answers, position)
    assert not differing, differing[:2]
    verdicts = [record for record in answers if record.topic.endswith("verdicts.v1")]
    published = {event(record) for record in verdicts if json.loads(record.value or b"")["kind"] not in NOT_PUBLISHED}
    events_again, differing = repeats(enriched, event)
    assert not differing, differing[:2]
    found = {event(record) for record in enriched}
    assert found == published, (
        f"{len(published - found)} enriched events are missing, {len(found - published)} are too many"
    )
    kinds: dict[str, int] = defaultdict(int)
    for record in {position(each): each for each in verdicts}.values():
        kinds[json.loads(record.value or b"")["kind"]] += 1
    return {"raw": len(wanted), "repeats": again + events_again, "enriched": len(found), **kinds}
