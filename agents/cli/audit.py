"""``newsfeed audit``: the accounts of what stands in Kafka."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from agents.cli.options import Json, Servers
from newsfeed.records import Position

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from agents.accounting import Account, Report
    from agents.settings import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="rich")

MOST_SHOWN = 50


class Answer(msgspec.Struct):
    """Of a verdict what the accounts need."""

    article_id: str
    version: int | None
    raw: Position
    kind: str


class Event(msgspec.Struct):
    """Of an enriched event what the accounts need."""

    article_id: str
    version: int | None
    verdict: Answer


@app.command()
def audit(
    json: Json = False,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for answers that are still on their way.")] = 0.0,
    bootstrap_servers: Servers = None,
) -> None:
    """Check that every raw message has exactly one verdict or dead letter, and every published verdict exactly one enriched event.

    Repeats after a crash must be byte-identical. What is missing, doubled or changed is listed with its raw position
    (partition/offset); then the exit code is 1. Messages that a worker has not reached yet count as missing, unless --wait gives it time.

      newsfeed audit

      newsfeed audit --wait 30 --json | jq '.problems'
    """
    from agents.cli import exits, options

    report = asyncio.run(_until_well(options.settings(bootstrap_servers), wait, options.reading))
    if json:
        options.line(report)
    else:
        _show(report)
    raise typer.Exit(exits.FINE if report.ok else exits.FOUND)


async def _until_well(settings: Settings, wait: float, told: Callable[[str], None]) -> Report:
    clock = asyncio.get_running_loop().time
    deadline = clock() + wait
    while True:
        report = await account(settings, told)
        told = _silent
        if report.ok or not report.on_the_way or clock() >= deadline:
            return report
        await asyncio.sleep(min(1.0, max(0.0, deadline - clock())))


def _silent(topic: str) -> None:
    """Tells nobody."""


async def account(settings: Settings, told: Callable[[str], None]) -> Report:
    """Read the four topics, raw first, so that each answer's question is known.

    Args:
        told: called with the name of each topic before it is read.
    """
    from agents import reading
    from agents.accounting import Account
    from newsfeed.records.verdict import PUBLISHED_KINDS
    from topics import catalogue
    from topics.codec import Bad, decode
    from topics.deadletters import origin

    name = settings.sizing.name
    raw, found = name(catalogue.RAW), Account()

    def whole(topic: str) -> AsyncIterator[Any]:
        told(topic)
        return reading.whole(settings, topic)

    async for record in whole(raw):
        found.raw(record.partition, record.offset)
    async for record in whole(name(catalogue.VERDICTS)):
        answer = decode(record.value, Answer)
        if isinstance(answer, Bad):
            found.unreadable(record.topic, record.partition, record.offset)
        elif answer.raw.topic == raw:
            found.verdict(
                answer.raw.partition, answer.raw.offset, record.value, article_id=answer.article_id, version=answer.version,
                published=answer.kind in PUBLISHED_KINDS,
            )  # fmt: skip
    async for record in whole(name(catalogue.DEAD)):
        said = origin((name, value or b"") for name, value in record.headers)
        if said is None:
            found.unreadable(record.topic, record.partition, record.offset)
        elif said.position.topic == raw:
            found.dead(said.position.partition, said.position.offset, _letter(record))
        else:
            _later(found, record.value)
    compacted, next_offset = False, dict[int, int]()
    async for record in whole(name(catalogue.ENRICHED)):
        compacted |= record.offset != next_offset.get(record.partition, record.offset)
        next_offset[record.partition] = record.offset + 1
        if record.value is None:
            compacted = True
            found.forgotten((record.key or b"").decode("utf-8", "replace"))
            continue
        event = decode(record.value, Event)
        if isinstance(event, Bad):
            found.unreadable(record.topic, record.partition, record.offset)
        elif event.verdict.raw.topic == raw:
            position = event.verdict.raw
            found.enriched(
                position.partition, position.offset, record.value, article_id=event.article_id, version=event.version
            )
    return found.report(compacted=compacted)


def _letter(record: Any) -> bytes:
    """What must repeat: key, value and headers."""
    headers = b"\0".join(name.encode() + b"\0" + (value or b"") for name, value in record.headers)
    return b"\0".join((record.key or b"", record.value or b"", headers))


def _later(found: Account, value: bytes | None) -> None:
    from newsfeed.records import Unique
    from topics import catalogue
    from topics.codec import Bad, decode

    unique = decode(value, Unique, catalogue.UNIQUE)
    if isinstance(unique, Bad):
        found.later_dead(None, None)
    else:
        found.later_dead(unique.article.article_id, unique.verdict.version)


def _show(report: Report) -> None:
    from rich.table import Table

    from agents.cli.options import people

    table = Table("what", "count")
    rows = {
        "raw messages": report.raw,
        "verdicts": report.verdicts,
        "dead letters": report.dead,
        "dead letters of later stages": report.later_dead,
        "to be published": report.published,
        "enriched events": report.enriched,
        "repeats": report.repeats,
        "superseded versions that the broker has compacted": report.superseded,
        "answers to messages that have left the log": report.older,
        "problems": len(report.problems),
    }
    for what, count in rows.items():
        table.add_row(what, f"{count:,}")
    console = people()
    console.print(table)
    for problem in report.problems[:MOST_SHOWN]:
        console.print(f"{problem.what}: {problem.topic or 'raw message'} {problem.partition}/{problem.offset}")
    if len(report.problems) > MOST_SHOWN:
        console.print(f"and {len(report.problems) - MOST_SHOWN:,} more; --json has them all")
    console.print(
        "every message has exactly one verdict or dead letter" if report.ok else "the accounts do not balance"
    )
