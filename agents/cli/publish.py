"""``newsfeed publish``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from agents.cli.common import Servers, existing, run, settings
from agents.cli.messages import messages

PENDING = 2_000  # sends in flight


def publish(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Files: .jsonl (one message a line), .json, .txt or .html (one each), or - for lines from standard input."
        ),
    ],
    rate: Annotated[float, typer.Option("--rate", min=0, help="Messages a second; 0 for as fast as they go.")] = 0,
    servers: Servers = None,
) -> None:
    """Publish raw articles to news.raw.v1, as they are, with id or URL as the key.

    Example: newsfeed publish articles.jsonl page.html --rate 10
    """
    from rich.console import Console
    from rich.progress import Progress

    from agents import clients
    from topics.catalogue import RAW

    chosen = settings(servers)
    paths = [existing(path) for path in files]

    async def work() -> int:
        topic, count = chosen.sizing.name(RAW), 0
        pending: list[Any] = []
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("publishing", total=None)
            async with clients.producer(chosen) as producer:
                for path in paths:
                    for message in messages(path):
                        headers = [("content-type", message.content_type.encode())]
                        pending.append(
                            await producer.send(topic, value=message.value, key=_key(message.value), headers=headers)
                        )
                        count += 1
                        progress.update(bar, completed=count)
                        if rate:
                            await asyncio.sleep(1 / rate)
                        if len(pending) >= PENDING:
                            await asyncio.gather(*pending)
                            pending.clear()
                await asyncio.gather(*pending)
        return count

    typer.echo(f"{run(work())} published")


def _key(value: bytes) -> bytes | None:
    """The article's id or URL: versions of one article stay in order."""
    try:
        article = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(article, dict):
        return None
    return next(
        (found.encode() for name in ("id", "url") if isinstance(found := article.get(name), str) and found), None
    )
