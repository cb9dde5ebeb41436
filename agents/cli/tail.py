"""``newsfeed tail``: read a topic."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.options import Json, Servers
from agents.cli.since import EPOCH

if TYPE_CHECKING:
    from agents.settings import Settings
    from topics.catalogue import TopicSpec

app = typer.Typer(add_completion=False, rich_markup_mode="rich")

EXCERPT = 160


@app.command()
def tail(
    topic: Annotated[
        str, typer.Argument(metavar="TOPIC", help="A topic, whole or short: enriched, verdicts, alerts, dead, raw …")
    ],
    json: Json = False,
    from_beginning: Annotated[bool, typer.Option("--from-beginning", help="Begin with the oldest record.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, help="End after so many records.")] = None,
    bootstrap_servers: Servers = None,
) -> None:
    """Read a topic, until Ctrl-C: one line a record.

      newsfeed tail verdicts

      newsfeed tail enriched --from-beginning --json | jq '.value.topics[].name'

      newsfeed tail alerts -n 1

    With --json each line is {topic, partition, offset, timestamp, key, headers, value}.
    """
    from agents.cli import options
    from topics.catalogue import find

    settings = options.settings(bootstrap_servers)
    spec = find(topic, settings.topic_prefix)
    asyncio.run(_tail(settings, settings.sizing.name(spec) if spec else topic, spec, json, from_beginning, limit))


async def _tail(
    settings: Settings, name: str, spec: TopicSpec | None, json: bool, from_beginning: bool, limit: int | None
) -> None:
    from agents.cli import options
    from agents.reading import follow

    left = limit
    async with aclosing(follow(settings, name, from_beginning=from_beginning)) as records:
        async for record in records:
            if json:
                options.line(envelope(record, spec))
            else:
                print(summary(record, spec), flush=True)
            if left is not None:
                left -= 1
                if left == 0:
                    return


def value(record: Any, spec: TopicSpec | None) -> Any:
    """The value as JSON can hold it: decoded where it is JSON or MessagePack, else text, else base64 by the encoder."""
    import msgspec

    raw = record.value
    if raw is None:
        return None
    try:
        return msgspec.msgpack.decode(raw) if spec and spec.packing == "msgpack" else msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        text: str = raw.decode()
    except UnicodeDecodeError:
        return raw
    return text


def envelope(record: Any, spec: TopicSpec | None) -> dict[str, Any]:
    """A record with everything Kafka knows of it."""
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
        "key": None if record.key is None else record.key.decode("utf-8", "replace"),
        "headers": {name: (said or b"").decode("utf-8", "replace") for name, said in record.headers},
        "value": value(record, spec),
    }


def summary(record: Any, spec: TopicSpec | None) -> str:
    """One line for people, safe for a terminal."""
    from agents.cli.options import clean

    when = (EPOCH + timedelta(milliseconds=max(0, record.timestamp or 0))).strftime("%H:%M:%S")
    key = clean((record.key or b"").decode("utf-8", "replace"))[:32]
    return f"{when} {record.partition}/{record.offset} {key}  {clean(_told(record, spec))}"


def _told(record: Any, spec: TopicSpec | None) -> str:
    headers = {name: (said or b"").decode("utf-8", "replace") for name, said in record.headers}
    if "__connect.errors.topic" in headers:
        what = [headers.get("__connect.errors." + name, "") for name in ("exception.class.name", "exception.message")]
        return ": ".join(what)
    found = value(record, spec)
    if not isinstance(found, dict):
        return "(deleted)" if found is None else str(found)[:EXCERPT]
    if "outcome" in found:
        return _delivery(found)
    inner = found.get("verdict")
    verdict = inner if isinstance(inner, dict) else found
    parts = [
        found.get("trigger") or verdict.get("kind"),
        found.get("title") or found.get("query") or verdict.get("title"),
    ]
    if isinstance(found.get("actors"), list):
        parts.append("actors: " + ", ".join(str(actor.get("name")) for actor in found["actors"][:5]))
    if isinstance(found.get("topics"), list):
        parts.append("topics: " + ", ".join(str(topic.get("name")) for topic in found["topics"][:5]))
    if verdict.get("method") not in (None, "none"):
        parts.append(f"{verdict['method']} of {verdict.get('of')}")
    told = " | ".join(str(part) for part in parts if part)
    return told or str(found)[:EXCERPT]


def _delivery(found: dict[str, Any]) -> str:
    """What came of an attempt to deliver an alert."""
    parts = [found["outcome"], found.get("outlet"), f"attempt {found.get('attempt')}"]
    if found.get("status"):
        parts.append(f"answered {found['status']}")
    if found.get("next"):
        parts.append(f"next {found['next']}")
    return " | ".join(str(part) for part in parts if part)
