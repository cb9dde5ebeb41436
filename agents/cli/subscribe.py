"""``newsfeed subscribe``: add, list, remove, pause, test."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli import draft
from agents.cli.options import Json, Servers
from agents.cli.query_option import USUAL, On, note_unknown, refused, triggers

if TYPE_CHECKING:
    from agents.settings import Settings
    from newsfeed.records import Subscription
    from topics.codec import Bad

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode="rich", help="Say what you want to be alerted about.")  # fmt: skip

app.command("test")(draft.try_out)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The subscription's name.")]
NAMES = re.compile(r"[A-Za-z0-9._-]{1,200}")


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name; the same name again replaces it.")],
    query: Annotated[str, typer.Argument(metavar="QUERY", help="In Lucene syntax or as JSON; see docs/queries.md.")],
    webhook: Annotated[
        str | None, typer.Option(metavar="URL", help="Post each alert there, signed (Standard Webhooks).")
    ] = None,
    secret_file: Annotated[
        Path | None, typer.Option(help="File with the webhook's secret, the newest first; the worker reads it, too.")
    ] = None,
    sse: Annotated[bool, typer.Option("--sse", help="Let its alerts be read as server-sent events.")] = False,
    to_topic: Annotated[
        str | None, typer.Option(metavar="TOPIC", help="Also write the enriched records to a topic of your own.")
    ] = None,
    on: On = USUAL,
    group_by: Annotated[
        str | None,
        typer.Option(
            metavar="root|actor|topic", help="What belongs together; alerts wait only as long as the timers say."
        ),
    ] = None,
    group_wait: Annotated[
        float,
        typer.Option(
            metavar="SECONDS", min=0, max=86_400, help="How long the first alert of a group waits for others."
        ),
    ] = 0.0,
    group_interval: Annotated[
        float,
        typer.Option(
            metavar="SECONDS", min=0, max=86_400, help="How long after a group was told it is not told again."
        ),
    ] = 0.0,
    cap: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Most articles told in one alert; the rest is counted.")
    ] = None,
    json: Json = False,
    bootstrap_servers: Servers = None,
) -> None:
    """Add a subscription, or replace the one of that name. Its alerts stand in news.alerts.v1.

      newsfeed subscribe add gulf-oil 'actor:(SA OR AE OR KW) AND topic:medtop:04000000'

      newsfeed subscribe add gas '"natural gas"~3 AND NOT source:example.com' --to-topic my.gas

      newsfeed subscribe add storms 'topic:medtop:03000000' --group-by root --group-wait 30 --group-interval 300 --cap 10

      newsfeed subscribe add talks 'actor:(RU AND US)' --webhook https://example.com/hook --secret-file hook.secret

    A broken query ends with exit code 2 and the column.
    """  # fmt: skip
    from agents.cli import options, webhook_option
    from newsfeed.records import Group, Outlet, Subscription
    from newsfeed.subscriptions import QueryError, parse

    if not NAMES.fullmatch(name):
        raise typer.BadParameter("a name has letters, digits, '.', '_' and '-', at most 200", param_hint="NAME")
    wanted = triggers(on)
    by: Any = group_by
    if by not in (None, "root", "actor", "topic"):
        raise typer.BadParameter(f"{by!r}: root, actor or topic", param_hint="--group-by")
    if by is None and (group_wait or group_interval or cap is not None):
        raise typer.BadParameter("grouping needs --group-by root, actor or topic")
    settings = options.settings(bootstrap_servers)
    try:
        note_unknown(parse(query))
    except QueryError as error:
        raise refused(error, query) from None
    outlets = []
    if to_topic is not None:
        outlets.append(Outlet(kind="kafka", topic=_own_topic(to_topic, settings)))
    posted = webhook_option.outlet(webhook, secret_file, settings)
    if posted is not None:
        outlets.append(posted)
    if sse:
        outlets.append(Outlet(kind="sse"))
    group = Group(by=by, wait=group_wait, interval=group_interval) if by else None
    made = Subscription(id=name, query=query, on=wanted, group=group, cap=cap, outlets=outlets)
    asyncio.run(_put(settings, name, made, to_topic))
    if json:
        options.line(made)
    else:
        also = "".join(f", also {outlet}" for outlet in _leaving(made))
        print(f"subscribed {name}: alerts stand in {settings.topic_prefix}news.alerts.v1{also}")


def _own_topic(topic: str, settings: Settings) -> str:
    from agents.outlets import refusal

    refused = refusal(topic, settings.sizing)
    if refused is not None:
        raise typer.BadParameter(f"{topic!r}: {refused}", param_hint="--to-topic")
    return topic


async def _put(settings: Settings, name: str, subscription: Subscription | None, own_topic: str | None = None) -> None:
    from agents import clients
    from topics import creation
    from topics.catalogue import ENRICHED, SUBSCRIPTIONS
    from topics.codec import encode

    async with clients.admin(settings) as admin:
        if settings.create_topics:
            await creation.create(admin, settings.sizing)
        if own_topic is not None:
            # A worker passes over a topic that is missing.
            await creation.create(admin, replace(settings.sizing, prefix=""), [replace(ENRICHED, name=own_topic)])
    async with clients.producer(settings) as producer:
        value = None if subscription is None else encode(subscription)
        await producer.send_and_wait(
            settings.sizing.name(SUBSCRIPTIONS),
            key=name.encode(),
            value=value,
            headers=[("content-type", b"application/json")],
        )


async def _all(settings: Settings) -> dict[str, Subscription | Bad]:
    """What stands in the topic under each name, also what no worker can use."""
    from agents.reading import whole
    from topics import subscriptions
    from topics.catalogue import SUBSCRIPTIONS

    found: dict[str, Subscription | Bad] = {}
    async for record in whole(settings, settings.sizing.name(SUBSCRIPTIONS)):
        name, read = subscriptions.name(record.key), subscriptions.read(record.key, record.value)
        if read is None:
            found.pop(name, None)
        else:
            found[name] = read
    return found


def _named(found: dict[str, Subscription | Bad], name: str) -> Subscription | Bad:
    from agents.cli.input import InputError

    if name not in found:
        raise InputError(f"no subscription {name!r}; there are: {', '.join(sorted(found)) or 'none'}")
    return found[name]


def refusal(found: Subscription | Bad) -> str | None:
    """Why workers refuse what stands in the topic; None where they use it."""
    from newsfeed.records import Subscription
    from newsfeed.subscriptions import QueryError, parse

    if not isinstance(found, Subscription):
        return found.error
    try:
        parse(found.query)
    except QueryError as error:
        return str(error)
    return None


@app.command("list")
def show(json: Json = False, bootstrap_servers: Servers = None) -> None:
    """All subscriptions; of one that workers refuse, why: its record cannot be read, or its query means nothing to this version."""
    import msgspec
    from rich.table import Table

    from agents.cli import options
    from newsfeed.records import Subscription

    found = asyncio.run(_all(options.settings(bootstrap_servers)))
    table = Table("name", "query", "on", "groups", "outlets", "state")
    for name in sorted(found):
        each, refused = found[name], refusal(found[name])
        if json:
            fields = msgspec.to_builtins(each) if isinstance(each, Subscription) else {"id": name}
            options.line(fields if refused is None else fields | {"refused": refused})
            continue
        state = f"refused: {refused}" if refused is not None else "active"
        if isinstance(each, Subscription):
            state = "paused" if each.paused and refused is None else state
            cells = (each.query, ",".join(each.on), _grouped(each), "\n".join(_leaving(each)))
        else:
            cells = ("", "", "", "")
        table.add_row(*("\n".join(map(options.clean, cell.split("\n"))) for cell in (name, *cells, state)))
    if not json:
        options.people().print(table)


def _grouped(subscription: Subscription) -> str:
    group, cap = subscription.group, subscription.cap
    if group is None:
        return ""
    return f"by {group.by}, wait {group.wait:g} s, interval {group.interval:g} s" + (f", cap {cap}" if cap else "")


def _leaving(subscription: Subscription) -> list[str]:
    """Its outlets, for people."""
    from agents.cli import webhook_option

    return [webhook_option.shown(outlet) for outlet in subscription.outlets]


@app.command()
def remove(name: Name, json: Json = False, bootstrap_servers: Servers = None) -> None:
    """Remove a subscription: nothing more is told, also of what waits in its groups, and no webhook is tried again."""
    from agents.cli import options

    settings = options.settings(bootstrap_servers)

    async def run() -> None:
        _named(await _all(settings), name)
        await _put(settings, name, None)

    asyncio.run(run())
    options.line({"removed": name}) if json else print(f"removed {name}")


@app.command()
def pause(
    name: Name,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a paused one.")] = False,
    json: Json = False,
    bootstrap_servers: Servers = None,
) -> None:
    """Tell nothing for a while. What comes meanwhile is not told later either; webhooks that wait are tried after --resume."""
    import msgspec

    from agents.cli import options
    from agents.cli.input import InputError
    from newsfeed.records import Subscription

    settings = options.settings(bootstrap_servers)

    async def run() -> Subscription:
        stored = _named(await _all(settings), name)
        if not isinstance(stored, Subscription):
            raise InputError(
                f"{name} is refused ({stored.error}); put it again with `newsfeed subscribe add`, or remove it"
            )
        changed = msgspec.structs.replace(stored, paused=not resume)
        await _put(settings, name, changed)
        return changed

    changed = asyncio.run(run())
    options.line(changed) if json else print(f"{'resumed' if resume else 'paused'} {name}")
