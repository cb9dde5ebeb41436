"""``newsfeed audit``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson
import typer

from agents.cli.common import EXIT_WRONG, Json, Servers, run, settings, write
from agents.settings import Settings


def audit(json: Json = False, servers: Servers = None) -> None:
    """Check the books: does every raw message have exactly one verdict or dead letter, and every published one its enriched event?

    Reads raw, verdicts, dead and enriched from the broker as they stand now; run it when the workers have caught up. Records that stand twice
    with the same bytes are replays and in order. Exit code 1 where something is missing, doubled or changed.
    """
    report = run(check(settings(servers)))
    if json:
        write(orjson.dumps({**asdict(report), "right": report.right}))
    else:
        for line in report.wrong:
            typer.echo(f"wrong: {line}")
        kinds = ", ".join(f"{count} {kind}" for kind, count in report.kinds.items())
        typer.echo(
            f"{report.raw} raw messages: {report.verdicts} verdicts ({kinds or 'none'}), {report.dead} dead letters, {report.enriched} enriched events"
        )
        typer.echo(f"{report.repeats} identical repeats, {report.later_dead} dead letters of later stages")
        faults = ", ".join(f"{count} x {what}" for what, count in report.faults.items())
        typer.echo(
            "every message has exactly one verdict or dead letter" if report.right else f"NOT in order: {faults}"
        )
    raise typer.Exit(0 if report.right else EXIT_WRONG)


async def check(chosen: Settings) -> Any:
    """Read the topics and close the books."""
    from rich.console import Console
    from rich.progress import Progress

    from agents import clients
    from agents.accounting import Books
    from agents.reading import upto
    from newsfeed.records import Enriched, Verdict
    from topics import codec
    from topics.catalogue import DEAD, ENRICHED, RAW, VERDICTS
    from topics.deadletters import origin

    raw, verdicts, dead, enriched = (chosen.sizing.name(spec) for spec in (RAW, VERDICTS, DEAD, ENRICHED))
    books = Books(raw)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("reading", total=None)
        async with clients.consumer(chosen) as consumer:
            await _ranges(consumer, raw, books)
            seen = 0
            async for record in upto(consumer, verdicts, dead, enriched):
                seen += 1
                if seen % 1000 == 0:
                    progress.update(bar, completed=seen)
                if record.topic == verdicts:
                    verdict = codec.decode(record.value, Verdict)
                    if not isinstance(verdict, codec.Bad):
                        books.verdict(record.value, verdict)
                elif record.topic == enriched:
                    event = codec.decode(record.value, Enriched)
                    if not isinstance(event, codec.Bad):
                        books.enriched(event.article_id, event.version, record.value)
                elif (found := origin(record.headers)) is not None:
                    books.dead(found.position, record.value)
    return books.report()


async def _ranges(consumer: Any, raw: str, books: Any) -> None:
    from aiokafka import TopicPartition

    await consumer.topics()
    places = [TopicPartition(raw, partition) for partition in sorted(consumer.partitions_for_topic(raw) or ())]
    if not places:
        return
    begins, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
    for place in places:
        books.raw(place.partition, begins[place], ends[place])
