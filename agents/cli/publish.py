"""``newsfeed publish``: articles from files to news.raw.v1."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.options import Json, Servers

if TYPE_CHECKING:
    from aiokafka.errors import KafkaError

    from agents.settings import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="rich")

IN_FLIGHT = 1000


@app.command()
def publish(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help=".jsonl, .json, .txt, .html, or - for JSON lines.")
    ],
    rate: Annotated[
        float | None, typer.Option(min=0.001, help="Messages a second; default as fast as they go.")
    ] = None,
    json: Json = False,
    bootstrap_servers: Servers = None,
) -> None:
    """Publish articles: a .jsonl file is one message a line, any other file one message. The key is the article's id, else its URL.

      newsfeed publish monday.jsonl tuesday.jsonl

      newsfeed publish page.html --rate 5

    Bytes go as they are; what cannot be read becomes a dead letter further on. Exit code 1 where a message was not taken.
    """  # fmt: skip
    from agents.cli import exits, input, options

    settings = options.settings(bootstrap_servers)
    for name in files:
        input.check(name)
    counts = asyncio.run(_publish(settings, files, rate))
    if json:
        options.line(counts)
    else:
        print(f"published {counts['published']} messages ({counts['bytes']} bytes) to {counts['topic']}")
    raise typer.Exit(exits.FOUND if counts["failed"] else exits.FINE)


async def _publish(settings: Settings, files: list[str], rate: float | None) -> dict[str, Any]:
    from rich.progress import Progress

    from agents import clients
    from agents.cli import input, options, producing
    from agents.outbox import Outbox
    from topics import creation
    from topics.catalogue import RAW

    topic = settings.sizing.name(RAW)
    counts: dict[str, Any] = {"topic": topic, "published": 0, "failed": 0, "bytes": 0}
    if settings.create_topics:
        async with clients.admin(settings) as admin:
            await creation.create(admin, settings.sizing)
    loop = asyncio.get_running_loop()
    console = options.told()

    def answered(message: input.Incoming, error: KafkaError | None) -> None:
        if error is None:
            counts["published"] += 1
            counts["bytes"] += len(message.value)
        else:
            counts["failed"] += 1
            console.print(f"newsfeed: {message.name} line {message.line + 1} was not taken: {error}", soft_wrap=True)

    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("publishing", total=None)
        async with producing.producer(settings) as producer:
            outbox = Outbox[input.Incoming](producer, most=0 if rate else IN_FLIGHT, answered=answered)
            started, number = loop.time(), 0
            for name in files:
                for message in input.messages(name):
                    if rate:
                        await asyncio.sleep(max(0.0, started + number / rate - loop.time()))
                    number += 1
                    headers = [("content-type", message.content_type.encode())]
                    await outbox.send(message, topic, key=input.key(message), value=message.value, headers=headers)
                    progress.update(task, advance=1)
            await outbox.empty()
    return counts
