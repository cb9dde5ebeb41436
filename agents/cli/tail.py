"""``newsfeed tail``."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
import typer

from agents.cli.common import EXIT_USAGE, Json, Servers, fail, printable, run, settings, write


def tail(
    topic: Annotated[
        str, typer.Argument(help="A topic, short or whole: verdicts, enriched, alerts, dead, news.raw.v1 …")
    ],
    json: Json = False,
    from_beginning: Annotated[bool, typer.Option("--from-beginning", help="What is there already, too.")] = False,
    count: Annotated[int | None, typer.Option("--count", "-n", min=1, help="Stop after so many records.")] = None,
    servers: Servers = None,
) -> None:
    """Follow a topic: a line a record, for people or with --json for pipes. Ctrl-C ends it; it leaves no trace on the broker.

    Example: newsfeed tail enriched --json --from-beginning | jq .title
    """
    from topics.catalogue import TopicSpec, find

    chosen = settings(servers)
    spec = find(topic, chosen.topic_prefix)
    name = chosen.sizing.name(spec) if spec is not None else topic
    if spec is not None and spec.internal:
        fail(f"{name} is internal and packed; follow verdicts or enriched", EXIT_USAGE)

    async def work(spec: TopicSpec | None) -> None:
        from agents import clients

        seen = 0
        async with clients.consumer(
            chosen, name, auto_offset_reset="earliest" if from_beginning else "latest"
        ) as consumer:
            while count is None or seen < count:
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    for record in records:
                        if count is None or seen < count:
                            write(as_json(record) if json else line(record).encode())
                        seen += 1

    run(work(spec))


def as_json(record: Any) -> bytes:
    """The record with its position, key and headers, in one line."""
    headers = {name: value.decode("utf-8", "replace") for name, value in record.headers}
    try:
        value = orjson.loads(record.value) if record.value is not None else None
    except orjson.JSONDecodeError:
        value = record.value.decode("utf-8", "replace")
    key = record.key.decode("utf-8", "replace") if record.key is not None else None
    return orjson.dumps(
        {"partition": record.partition, "offset": record.offset, "key": key, "headers": headers, "value": value}
    )


def line(record: Any) -> str:
    """One line for people: position, what it is, title."""
    place = f"{record.partition}/{record.offset}"
    try:
        value = orjson.loads(record.value or b"null")
    except orjson.JSONDecodeError:
        value = None
    headers = dict(record.headers)
    if not isinstance(value, dict) or "__connect.errors.exception.class.name" in headers:
        reason = headers.get("__connect.errors.exception.class.name", b"").decode("utf-8", "replace")
        text = (record.value or b"").decode("utf-8", "replace")[:100]
        return f"{place}\t{reason}\t{printable(text)}"
    inner = value.get("verdict")
    verdict = inner if isinstance(inner, dict) else value
    kind = value.get("trigger") or verdict.get("kind") or ""
    who = ", ".join(str(actor.get("name")) for actor in value.get("actors", [])[:4] if isinstance(actor, dict))
    what = ", ".join(str(subject.get("name")) for subject in value.get("topics", [])[:3] if isinstance(subject, dict))
    title = str(value.get("title") or value.get("id") or "")
    return "\t".join(printable(part) for part in (place, str(kind), title, who, what)).rstrip()
