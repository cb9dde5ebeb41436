"""``newsfeed forget``: an article's text out of what can be emptied, and where it stands until when."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.options import Json, Servers

if TYPE_CHECKING:
    from agents.traces import Found, Trace

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command()
def forget(
    article_ids: Annotated[
        list[str], typer.Argument(metavar="ARTICLE_ID…", help="Article ids, as verdicts and enriched events have them.")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is kept, change nothing.")] = False,
    json: Json = False,
    bootstrap_servers: Servers = None,
) -> None:
    """Have the text of articles forgotten, for the law or for a person's sake.

    One record in news.articles.v1 asks for it, and takes its place in the order of the log: the copy window forgets the words (id and
    verdict stay), and a tombstone in news.enriched.v1 lets the broker remove the article and tells consumers to do the same. Workers
    need not run; they do it when they come to it. A topic that is not compacted keeps its records until its retention ends: the list
    says which, and until when at the earliest, for a broker deletes whole segments. Copies under other ids are other articles: they
    are named, to be forgotten as well. To tell those who were alerted, publish the article with `status: canceled` before.

      newsfeed forget --dry-run 85985df29e0a10e28066c6ac35dbdb91

      newsfeed forget --yes 85985df29e0a10e28066c6ac35dbdb91 --json | jq '.remains[] | {topic, until}'

    Ends with code 1 where nothing is kept of an article, or you say no.
    """
    from agents import traces
    from agents.cli import exits, options
    from newsfeed.articles.identity import is_article_id

    for article_id in article_ids:
        if not is_article_id(article_id):
            raise typer.BadParameter(
                f"{article_id!r} is no article id: 32 hex digits in lower case", param_hint="ARTICLE_ID"
            )
    if json and not (yes or dry_run):
        raise typer.BadParameter("--json does not ask: give --yes or --dry-run with it")
    settings = options.settings(bootstrap_servers)
    found = asyncio.run(traces.find(settings, article_ids, options.reading))
    known = [article_id for article_id, each in found.items() if each.traces]
    if not json:
        for article_id, each in found.items():
            _show(article_id, each)
    asked: list[str] = []
    if known and not dry_run:
        if not yes:
            typer.confirm(f"Forget {len(known)} article{'s' if len(known) > 1 else ''}?", abort=True, err=True)
        asked = asyncio.run(traces.ask(settings, known))
    if json:
        for article_id, each in found.items():
            options.line(_row(article_id, each, asked if article_id in known else []))
    elif asked:
        print(
            f"asked at {', '.join(asked)} of {settings.topic_prefix}news.articles.v1; workers forget when they come to it"
        )
    raise typer.Exit(exits.FINE if len(known) == len(found) else exits.FOUND)


def _time(ms: int | None) -> str | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds")


def _row(article_id: str, found: Found, asked: list[str]) -> dict[str, Any]:
    """An article for machines; ``until`` null: for ever."""
    remains = [
        {
            "topic": trace.topic,
            "what": trace.what,
            "records": trace.count,
            "at": trace.at,
            "until": _time(trace.until_ms),
            "replaced": trace.replaced_ms is not None,
        }
        for trace in found.traces.values()
    ]
    return {"article_id": article_id, "remains": remains, "shared_by": sorted(found.shared_by), "asked": asked}


def _until(trace: Trace) -> str:
    when = _time(trace.until_ms) or "for ever"
    return f"{when}, a tombstone stands behind" if trace.replaced_ms is not None else when


def _show(article_id: str, found: Found) -> None:
    from rich.table import Table

    from agents.cli.options import people

    if not found.traces:
        print(f"nothing is kept of {article_id}")
        return
    table = Table("topic", "what", "records", "at", "until", title=article_id)
    for trace in found.traces.values():
        more = " …" if trace.count > len(trace.at) else ""
        table.add_row(trace.topic, trace.what, f"{trace.count:,}", ", ".join(trace.at) + more, _until(trace))
    people().print(table)
    if found.shared_by:
        print(f"passages of it stand in articles of other ids: {', '.join(sorted(found.shared_by))}")
