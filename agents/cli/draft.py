"""``newsfeed subscribe test``: a draft query over the articles that Kafka still holds."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.options import Json, Servers
from agents.cli.query_option import USUAL, On, note_unknown, refused, triggers
from agents.cli.since import EPOCH, Since, moment, ms

if TYPE_CHECKING:
    from agents.settings import Settings
    from newsfeed.subscriptions import Backtest, Hit, NearMiss

MOST_CLAUSES = 5  # failed clauses shown to people


def try_out(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="The draft, in Lucene syntax or as JSON; see docs/queries.md.")
    ],
    since: Since = "7d",
    on: On = USUAL,
    samples: Annotated[int, typer.Option(min=0, max=1000, help="How many of the newest are shown.")] = 5,
    json: Json = False,
    bootstrap_servers: Servers = None,
) -> None:
    """Run a draft over what Kafka still holds: what it would have sent, how much a day, and what came close.

      newsfeed subscribe test 'actor:(RU AND US) AND "natural gas"~3' --since 7d

      newsfeed subscribe test 'topic:diplomacy' --on original,update --json | jq .per_day

    What came close failed by one clause. Ctrl-C ends it with what was found until then. A broken query ends with exit code 2 and the column.
    """  # fmt: skip
    from agents.cli import exits, options
    from agents.own_names import own_names
    from newsfeed.subscriptions import Backtest, QueryError, parse

    wanted, now = triggers(on), datetime.now(UTC)
    start = beginning(since, now)
    settings, whole = options.settings(bootstrap_servers), True
    try:
        read = parse(query, own_names(settings))
    except QueryError as error:
        raise refused(error, query) from None
    note_unknown(read)
    found = Backtest(read, on=wanted, samples=samples)
    try:
        asyncio.run(_read(settings, found, start))
    except KeyboardInterrupt:
        whole = False
    end_ms = ms(now) if whole else found.last_ms or ms(now)
    first_ms = max(ms(start), found.first_ms if found.first_ms is not None else ms(start))
    span_ms = max(0, end_ms - first_ms)
    if json:
        options.line(_report(found, first_ms, end_ms, whole))
    else:
        _show(found, span_ms, whole)
    raise typer.Exit(exits.FINE if whole else exits.INTERRUPTED)


def beginning(since: str, now: datetime) -> datetime:
    """The time that ``--since`` names.

    Raises:
        typer.BadParameter: it names none, or one that is still to come.
    """
    time = moment(since, now=now)
    if time > now:
        raise typer.BadParameter(f"{since!r} is still to come", param_hint="--since")
    return time


async def _read(settings: Settings, found: Backtest, start: datetime) -> None:
    from rich.progress import Progress

    from agents.cli import options
    from agents.reading import since
    from newsfeed.records import Enriched
    from topics.catalogue import ENRICHED
    from topics.codec import Bad, decode

    console, unreadable = options.told(), 0
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("reading", total=None)

        def told(read: int, total: int) -> None:
            progress.update(task, completed=read, total=total)

        async with aclosing(since(settings, settings.sizing.name(ENRICHED), ms(start), told)) as records:
            async for record in records:
                enriched = decode(record.value, Enriched) if record.value is not None else None
                if isinstance(enriched, Bad):
                    unreadable += 1
                elif enriched is not None:
                    found.look(enriched, record.timestamp)
    if unreadable:
        console.print(f"newsfeed: {unreadable} records could not be read and are left out", soft_wrap=True)


def _article(found: Hit | NearMiss) -> dict[str, Any]:
    enriched = found.enriched
    return {
        "time": _time(found.time_ms), "trigger": enriched.verdict.kind, "article_id": enriched.article_id, "version": enriched.version,
        "title": enriched.title, "url": enriched.url, "source": enriched.source, "published": enriched.published,
    }  # fmt: skip


def _time(time_ms: int) -> str:
    return (EPOCH + timedelta(milliseconds=time_ms)).isoformat(timespec="seconds").replace("+00:00", "Z")


def _report(found: Backtest, first_ms: int, end_ms: int, whole: bool) -> dict[str, Any]:
    rate = found.daily(end_ms - first_ms)
    return {
        "query": found.query.text, "on": list(found.on), "from": _time(first_ms), "to": _time(end_ms), "whole": whole,
        "read": found.read, "would_send": found.hits, "per_day": None if rate is None else round(rate, 2),
        "by_trigger": {trigger: found.triggers[trigger] for trigger in found.on},
        "samples": [_article(hit) | {"clauses": hit.clauses} for hit in reversed(found.samples)],
        "near": {
            "count": found.near, "failed": dict(found.failures.most_common()),
            "samples": [_article(miss) | {"failed": miss.failed} for miss in reversed(found.near_samples)],
        },
    }  # fmt: skip


def _show(found: Backtest, span_ms: int, whole: bool) -> None:
    from agents.cli import options

    console, rate = options.people(), found.daily(span_ms)
    daily = "less than an hour: no rate" if rate is None else f"{rate:,.1f} a day"
    kinds = ", ".join(f"{count} {kind}" for kind, count in found.triggers.most_common())
    lines = [
        f"read {found.read:,} articles of {timedelta(seconds=span_ms // 1000)}" + ("" if whole else " (interrupted)"),
        f"would have sent {found.hits:,} ({daily})" + (f": {kinds}" if kinds else ""),
    ]
    for hit in reversed(found.samples):
        lines.append(f"  {_headline(hit)}")
        for clause in hit.clauses:
            shown = dict.fromkeys(options.clean(span.text) for span in clause.spans[:4])
            lines.append(f"      {options.clean(clause.clause)}" + (f" → {' · '.join(shown)}" if shown else ""))
    lines.append(f"came close, missed by one clause: {found.near:,}")
    lines += [f"  {count:,} by {options.clean(failed)}" for failed, count in found.failures.most_common(MOST_CLAUSES)]
    lines += [
        f"  {_headline(miss)}\n      failed: {options.clean(miss.failed)}" for miss in reversed(found.near_samples)
    ]
    console.print("\n".join(lines), soft_wrap=True)


def _headline(found: Hit | NearMiss) -> str:
    from agents.cli import options

    article = found.enriched
    named = options.clean(article.title or article.url or article.article_id)
    source = f" ({options.clean(article.source)})" if article.source else ""
    return f"{_time(found.time_ms)} {article.verdict.kind}: {named}{source}"
