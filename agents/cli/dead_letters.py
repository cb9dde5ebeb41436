"""``newsfeed dead-letters``: list, show, replay."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.options import Json, Servers

if TYPE_CHECKING:
    from agents.settings import Settings
    from topics.deadletters import Origin

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode="rich", help="List, show and replay what could not be read.")  # fmt: skip


def _known(reason: str | None) -> str | None:
    from typing import get_args

    from newsfeed.records.raw import DeadReason

    if reason is not None and reason not in get_args(DeadReason):
        raise typer.BadParameter(f"no reason {reason}; there are {', '.join(get_args(DeadReason))}")
    return reason


Reason = Annotated[
    str | None,
    typer.Option(
        "--reason", metavar="REASON", callback=_known, help="Only those of this reason, for example not_json."
    ),
]
Where = Annotated[str, typer.Argument(metavar="PARTITION/OFFSET", help="The dead letter, as `list` shows it.")]


def _origin(record: Any) -> Origin | None:
    from topics.deadletters import origin

    return origin((name, value or b"") for name, value in record.headers)


def row(record: Any) -> dict[str, Any]:
    """A dead letter for the list."""
    found = _origin(record)
    out: dict[str, Any] = {"at": f"{record.partition}/{record.offset}", "timestamp": record.timestamp}
    if found is None:
        return out | {
            "topic": None,
            "position": None,
            "stage": None,
            "reason": None,
            "detail": "no headers of a dead letter",
        }
    place = found.position
    return out | {
        "topic": place.topic,
        "position": f"{place.partition}/{place.offset}",
        "stage": found.stage,
        "reason": found.reason,
        "detail": found.detail,
    }


def _place(at: str) -> tuple[int, int]:
    partition, _, offset = at.partition("/")
    if not (partition.isdecimal() and offset.isdecimal()):
        raise typer.BadParameter(f"{at!r} is not partition/offset, for example 0/17")
    return int(partition), int(offset)


@app.command("list")
def show_all(reason: Reason = None, json: Json = False, bootstrap_servers: Servers = None) -> None:
    """All dead letters that are kept: where they came from and why they could not be read."""
    from rich.table import Table

    from agents.cli import options
    from agents.reading import whole
    from topics.catalogue import DEAD

    settings = options.settings(bootstrap_servers)

    async def run() -> list[dict[str, Any]]:
        rows = []
        async for record in whole(settings, settings.sizing.name(DEAD)):
            found = row(record)
            if reason is None or found["reason"] == reason:
                rows.append(found)
        return rows

    rows = asyncio.run(run())
    if json:
        for each in rows:
            options.line(each)
        return
    table = Table("at", "from", "stage", "reason", "detail")
    for each in rows:
        origin = f"{each['topic']} {each['position']}"
        table.add_row(
            *(options.clean(str(part)) for part in (each["at"], origin, each["stage"], each["reason"], each["detail"]))
        )
    options.people().print(table)
    print(f"{len(rows)} dead letter{'' if len(rows) == 1 else 's'}")


async def _find(settings: Settings, at: str) -> Any:
    from agents.cli.input import InputError
    from agents.reading import one
    from topics.catalogue import DEAD

    record = await one(settings, settings.sizing.name(DEAD), *_place(at))
    if record is None:
        raise InputError(f"no dead letter at {at}")
    return record


@app.command()
def show(at: Where, json: Json = False, bootstrap_servers: Servers = None) -> None:
    """One dead letter whole: its reason and the message untouched.

      newsfeed dead-letters show 0/17
    """  # fmt: skip
    from agents.cli import options
    from agents.cli.tail import envelope

    settings = options.settings(bootstrap_servers)
    record = asyncio.run(_find(settings, at))
    if json:
        options.line(row(record) | {"record": envelope(record, None)})
        return
    for name, value in row(record).items():
        print(f"{name:10} {options.clean(str(value))}")
    print(f"{'key':10} {options.clean((record.key or b'').decode('utf-8', 'replace'))}")
    print(f"{'value':10} {len(record.value or b'')} bytes")
    for line in (record.value or b"")[:4000].decode("utf-8", "replace").splitlines():
        print("  " + options.clean(line))


@app.command()
def replay(
    at: Annotated[
        list[str] | None, typer.Argument(metavar="PARTITION/OFFSET…", help="Dead letters, as `list` shows them.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them (or all of --reason).")] = False,
    reason: Reason = None,
    json: Json = False,
    bootstrap_servers: Servers = None,
) -> None:
    """Send dead letters to the topic they came from again, key and value untouched: after the cause was mended.

      newsfeed dead-letters replay 0/17 2/4

      NEWSFEED_MAX_ARTICLE_BYTES=2097152 newsfeed worker &  newsfeed dead-letters replay --reason too_large
    """  # fmt: skip
    from aiokafka.errors import KafkaError

    from agents import clients
    from agents.cli import exits, options
    from agents.outbox import NotTaken
    from agents.reading import whole
    from topics.catalogue import DEAD

    if not at and not everything and reason is None:
        raise typer.BadParameter("say which: PARTITION/OFFSET, --reason REASON or --all")
    if at and (everything or reason is not None):
        raise typer.BadParameter("say which in one way: PARTITION/OFFSET, or --reason REASON, or --all")
    for each in at or ():
        _place(each)
    settings = options.settings(bootstrap_servers)

    async def run() -> tuple[int, int]:
        replayed = skipped = 0
        async with clients.producer(settings) as producer:

            async def again(record: Any) -> None:
                nonlocal replayed, skipped
                found = _origin(record)
                if found is None:
                    skipped += 1
                    return
                headers = [(name, value) for name, value in record.headers if not name.startswith("__connect.errors.")]
                # Where it stood before: its producer may divide keys in another way than ours.
                topic, partition = found.position.topic, found.position.partition
                try:
                    known = partition in (await producer.partitions_for(topic) or ())
                    await producer.send_and_wait(
                        topic,
                        key=record.key,
                        value=record.value,
                        headers=headers,
                        partition=partition if known else None,
                    )
                except KafkaError as error:
                    raise NotTaken(
                        f"{topic} did not take the dead letter at {record.partition}/{record.offset}: {error}. "
                        f"Replayed before it: {replayed}."
                    ) from None
                replayed += 1

            if at:
                for each in at:
                    await again(await _find(settings, each))
            else:
                async for record in whole(settings, settings.sizing.name(DEAD)):
                    if reason is None or row(record)["reason"] == reason:
                        await again(record)
        return replayed, skipped

    replayed, skipped = asyncio.run(run())
    if json:
        options.line({"replayed": replayed, "skipped": skipped})
    else:
        print(f"replayed {replayed}" + (f", skipped {skipped} that do not say where they came from" if skipped else ""))
    raise typer.Exit(exits.FOUND if skipped else exits.FINE)
