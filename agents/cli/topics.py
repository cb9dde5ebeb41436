"""``newsfeed topics``: create, list, check, schema."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from agents.cli.options import Json, Servers, UnusedServers

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode="rich", help="Create, list and check the topics; print their schemas.")  # fmt: skip


@app.command()
def create(json: Json = False, bootstrap_servers: Servers = None) -> None:
    """Create the topics that are missing. Doing it twice changes nothing."""
    from agents import clients
    from agents.cli import options
    from agents.settings import Settings
    from topics import creation

    async def run(settings: Settings) -> list[str]:
        async with clients.admin(settings) as admin:
            return await creation.create(admin, settings.sizing)

    created = asyncio.run(run(options.settings(bootstrap_servers)))
    if json:
        options.line({"created": created})
    else:
        print("\n".join(f"created {name}" for name in created) or "nothing to create: all topics are there")


@app.command("list")
def show(json: Json = False, bootstrap_servers: UnusedServers = None) -> None:
    """The topics by the catalogue and the settings (names, keys, partitions, cleanup, retention). Asks no broker."""
    from rich.table import Table

    from agents.cli import options
    from topics.catalogue import TOPICS

    sizing = options.settings().sizing
    if json:
        for spec in TOPICS.values():
            record = spec.record.__name__ if spec.record is not None else None
            options.line(
                {"name": sizing.name(spec), "key": spec.key, "record": record, "partitions": sizing.count(spec)}
                | {"internal": spec.internal, "headers": spec.headers, "config": sizing.config(spec), "what": spec.what}
            )
        return
    table = Table("topic", "partitions", "cleanup", "retention", "key", "what")
    for spec in TOPICS.values():
        milliseconds = int(sizing.config(spec)["retention.ms"])
        retention = "for ever" if milliseconds < 0 else f"{milliseconds / 86_400_000:g} days"
        what = spec.what + (" (internal)" if spec.internal else "")
        table.add_row(sizing.name(spec), str(sizing.count(spec)), spec.cleanup, retention, spec.key, what)
    options.people().print(table)


@app.command()
def check(json: Json = False, bootstrap_servers: Servers = None) -> None:
    """Compare the broker's topics with the catalogue and the settings. Exit code 1 where newsfeed cannot run so."""
    from agents import clients
    from agents.cli import exits, options
    from agents.settings import Settings
    from topics import creation

    async def run(settings: Settings) -> list[creation.Finding]:
        async with clients.admin(settings) as admin:
            return await creation.check(admin, settings.sizing)

    found = asyncio.run(run(options.settings(bootstrap_servers)))
    for finding in found:
        if json:
            options.line(finding)
        else:
            print(f"{'WRONG' if finding.fatal else 'note '} {finding.topic}: {finding.what}")
    if not found and not json:
        print("all topics are as they should be")
    raise typer.Exit(exits.FOUND if any(finding.fatal for finding in found) else exits.FINE)


@app.command()
def schema(
    topic: Annotated[
        str | None, typer.Argument(metavar="TOPIC", help="A topic, whole or short: enriched. Default: AsyncAPI of all.")
    ] = None,
    write: Annotated[Path | None, typer.Option(metavar="DIR", help="Write all reference files there instead.")] = None,
    bootstrap_servers: UnusedServers = None,
) -> None:
    """JSON Schema (draft 2020-12) of a topic's records; without a topic the AsyncAPI 3 document.

      newsfeed topics schema enriched > enriched.schema.json

      newsfeed topics schema --write docs
    """  # fmt: skip
    import json

    from agents.cli.input import InputError
    from agents.reference import files
    from topics import asyncapi, catalogue, schemas

    if write is not None:
        for name, content in files().items():
            path = write / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
            except OSError as error:
                raise InputError(f"{path}: cannot be written: {error.strerror}") from None
            print(path)
        return
    if topic is None:
        from agents.reference import VERSION

        print(json.dumps(asyncapi.document(VERSION), indent=2, ensure_ascii=False))
        return
    spec = catalogue.find(topic)
    if spec is None or spec not in schemas.outward():
        names = ", ".join(each.name for each in schemas.outward())
        raise InputError(f"no schema for {topic!r}; there are {names}")
    print(json.dumps(schemas.schema(spec), indent=2, ensure_ascii=False))
