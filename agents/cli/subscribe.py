"""``newsfeed subscribe``: add, list, remove, pause."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, get_args

import msgspec
import typer

from agents.cli.common import EXIT_USAGE, EXIT_WRONG, Json, Servers, fail, printable, run, settings, write
from agents.settings import Settings
from newsfeed.records import Group, Outlet, Subscription
from newsfeed.records.subscription import DEFAULT_TRIGGERS, Trigger

app = typer.Typer(no_args_is_help=True, help="Who wants to hear about what.")

Name = Annotated[str, typer.Argument(help="Name of the subscription.")]


@app.command()
def add(
    name: Name,
    query: Annotated[
        str,
        typer.Argument(
            help="What to hear about, for example: 'actor:(RU AND US) AND topic:diplomacy AND NOT source:example.com'"
        ),
    ],
    webhook: Annotated[str | None, typer.Option("--webhook", help="URL that alerts are posted to, signed.")] = None,
    secret_file: Annotated[
        Path | None,
        typer.Option("--secret-file", help="File with the webhook's secret, read by the worker that delivers."),
    ] = None,
    to_topic: Annotated[
        str | None, typer.Option("--to-topic", help="A Kafka topic of your own that gets the whole enriched records.")
    ] = None,
    on: Annotated[
        str, typer.Option("--on", help="What to hear of: original, update, correction, withdrawal.")
    ] = ",".join(DEFAULT_TRIGGERS),
    group_by: Annotated[
        str | None, typer.Option("--group-by", help="Tell together what has the same root, actor or topic.")
    ] = None,
    json: Json = False,
    servers: Servers = None,
) -> None:
    """Add a subscription, or replace the one of that name. A broken query: exit code 2 and the column.

    Fields: actor (QID, country, code, name), topic (id or name), role, language, source, kind, title, body, score. Words without a
    field are looked for in title and body; "natural gas"~3 allows three words between; gas* is a beginning.
    """
    from newsfeed.subscriptions import QueryError, parse

    try:
        parse(query)
    except QueryError as error:
        fail(str(error), EXIT_USAGE)
    triggers = [part.strip() for part in on.split(",") if part.strip()]
    unknown = [trigger for trigger in triggers if trigger not in get_args(Trigger)]
    if unknown or not triggers:
        fail(f"--on takes {', '.join(get_args(Trigger))}; not {unknown[0] if unknown else 'nothing'}", EXIT_USAGE)
    if group_by not in (None, "root", "actor", "topic"):
        fail("--group-by takes root, actor or topic", EXIT_USAGE)
    if webhook and (not webhook.startswith(("https://", "http://")) or secret_file is None):
        fail("--webhook takes an http(s) address, and --secret-file the file with its secret", EXIT_USAGE)
    outlets = []
    if webhook:
        outlets.append(Outlet(kind="webhook", url=webhook, secret_file=str(secret_file)))
    if to_topic:
        outlets.append(Outlet(kind="kafka", topic=to_topic))
    subscription = Subscription(
        id=name,
        query=query,
        on=triggers,  # type: ignore[arg-type]
        group=Group(by=group_by) if group_by else None,  # type: ignore[arg-type]
        outlets=outlets,
    )
    run(_put(settings(servers), name, msgspec.json.encode(subscription), to_topic))
    if json:
        write(msgspec.json.encode(subscription))
    else:
        typer.echo(f"{printable(name)} hears of {', '.join(triggers)}: {printable(query)}")


@app.command("list")
def list_(json: Json = False, servers: Servers = None) -> None:
    """List the subscriptions."""
    for subscription in run(_all(settings(servers))).values():
        if json:
            write(msgspec.json.encode(subscription))
        else:
            paused = "paused" if subscription.paused else ""
            typer.echo(
                "\t".join(
                    (printable(subscription.id), printable(subscription.query), ",".join(subscription.on), paused)
                ).rstrip()
            )


@app.command()
def remove(name: Name, servers: Servers = None) -> None:
    """Remove a subscription."""
    chosen = settings(servers)
    if name not in run(_all(chosen)):
        fail(f"there is no subscription {name!r}", EXIT_WRONG)
    run(_put(chosen, name, None))
    typer.echo(f"{printable(name)} removed")


@app.command()
def pause(
    name: Name,
    resume: Annotated[bool, typer.Option("--resume", help="Hear again.")] = False,
    servers: Servers = None,
) -> None:
    """Pause a subscription, or with --resume hear again. What came meanwhile is not told later."""
    chosen = settings(servers)
    found = run(_all(chosen)).get(name)
    if found is None:
        fail(f"there is no subscription {name!r}", EXIT_WRONG)
    run(_put(chosen, name, msgspec.json.encode(msgspec.structs.replace(found, paused=not resume))))
    typer.echo(f"{printable(name)} {'hears again' if resume else 'paused'}")


async def _put(chosen: Settings, name: str, value: bytes | None, own_topic: str | None = None) -> None:
    from aiokafka.admin import NewTopic

    from agents import clients
    from topics import creation
    from topics.catalogue import SUBSCRIPTIONS

    async with clients.admin(chosen) as admin:
        await creation.create(admin, chosen.sizing)
        if own_topic is not None and own_topic not in await admin.list_topics():
            await admin.create_topics([NewTopic(own_topic, chosen.partitions, chosen.replication)])
    async with clients.producer(chosen) as producer:
        headers: list[tuple[str, bytes]] = [("content-type", b"application/json")]
        await producer.send_and_wait(chosen.sizing.name(SUBSCRIPTIONS), key=name.encode(), value=value, headers=headers)


async def _all(chosen: Settings) -> dict[str, Subscription]:
    """The newest of each name; what cannot be read is passed over."""
    from agents import clients
    from agents.reading import upto
    from topics import codec
    from topics.catalogue import SUBSCRIPTIONS

    found: dict[str, Subscription] = {}
    async with clients.consumer(chosen) as consumer:
        async for record in upto(consumer, chosen.sizing.name(SUBSCRIPTIONS)):
            name = (record.key or b"").decode("utf-8", "replace")
            subscription: Any = codec.decode(record.value, Subscription) if record.value else None
            if isinstance(subscription, Subscription):
                found[name] = subscription
            else:
                found.pop(name, None)
    return dict(sorted(found.items()))
