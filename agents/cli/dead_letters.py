"""``newsfeed dead-letters``: list, show, replay."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from typing import Annotated, Any

import orjson
import typer

from agents.cli.common import EXIT_USAGE, EXIT_WRONG, Json, Servers, fail, printable, run, settings, write
from agents.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Messages that could not be read: why, what they were, and another try.")

Where = Annotated[str, typer.Argument(help="A dead letter as `list` shows it: partition/offset.")]


async def letters(chosen: Settings) -> AsyncIterator[tuple[Any, Any]]:
    """(record, origin) of every dead letter that the topic holds now."""
    from agents import clients
    from agents.reading import upto
    from topics.catalogue import DEAD
    from topics.deadletters import origin

    async with clients.consumer(chosen) as consumer:
        async for record in upto(consumer, chosen.sizing.name(DEAD)):
            yield record, origin(record.headers)


@app.command("list")
def list_(json: Json = False, servers: Servers = None) -> None:
    """List the dead letters with their reasons, and count them by reason."""
    chosen = settings(servers)

    async def work() -> Counter[str]:
        reasons: Counter[str] = Counter()
        async for record, origin in letters(chosen):
            reason, detail = (origin.reason, origin.detail) if origin else ("foreign", "no headers of newsfeed")
            reasons[reason] += 1
            place = f"{record.partition}/{record.offset}"
            came = f"{origin.position.topic}/{origin.position.partition}/{origin.position.offset}" if origin else ""
            if json:
                write(
                    orjson.dumps(
                        {
                            "dead_letter": place,
                            "reason": reason,
                            "detail": detail,
                            "from": came,
                            "stage": origin.stage if origin else None,
                        }
                    )
                )
            else:
                typer.echo(f"{place}\t{reason}\t{printable(detail)}\t{came}")
        return reasons

    reasons = run(work())
    typer.echo(
        f"{sum(reasons.values())} dead letters"
        + (": " + ", ".join(f"{n} {reason}" for reason, n in reasons.most_common()) if reasons else ""),
        err=True,
    )


@app.command()
def show(where: Where, servers: Servers = None) -> None:
    """Show one dead letter: its reason, and the original value untouched on standard output."""
    chosen = settings(servers)
    wanted = _place(where)

    async def work() -> tuple[Any, Any] | None:
        async for record, origin in letters(chosen):
            if (record.partition, record.offset) == wanted:
                return record, origin
        return None

    found = run(work())
    if found is None:
        fail(f"there is no dead letter {where}", EXIT_WRONG)
    record, origin = found
    if origin is not None:
        typer.echo(
            f"{origin.reason}: {printable(origin.detail)} (from {origin.position.topic}/{origin.position.partition}/{origin.position.offset}, stage {origin.stage})",
            err=True,
        )
    write(record.value or b"")


@app.command()
def replay(
    where: Annotated[list[str] | None, typer.Argument(help="Dead letters, partition/offset each.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="All dead letters of this reason.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="All dead letters.")] = False,
    servers: Servers = None,
) -> None:
    """Publish dead letters again to the topic they came from, key and value untouched: after a mended rule or a raised limit.

    Each becomes a new message with a verdict of its own; what cannot be read still becomes a dead letter again.
    """
    if not where and not reason and not all_:
        fail("say which: partition/offset, --reason or --all", EXIT_USAGE)
    chosen = settings(servers)
    wanted = {_place(each) for each in where or ()}

    async def work() -> int:
        from agents import clients

        chosen_letters = [
            (record, origin)
            async for record, origin in letters(chosen)
            if origin is not None
            and (
                all_ or (record.partition, record.offset) in wanted or (reason is not None and origin.reason == reason)
            )
        ]
        async with clients.producer(chosen) as producer:
            for record, origin in chosen_letters:
                kept = [(name, value) for name, value in record.headers if name == "content-type"]
                await producer.send_and_wait(origin.position.topic, key=record.key, value=record.value, headers=kept)
        return len(chosen_letters)

    count = run(work())
    typer.echo(f"{count} published again")
    if not count:
        raise typer.Exit(EXIT_WRONG)


def _place(where: str) -> tuple[int, int]:
    partition, _, offset = where.partition("/")
    if not (partition.isdigit() and offset.isdigit()):
        fail(f"{where!r} is not partition/offset", EXIT_USAGE)
    return int(partition), int(offset)
