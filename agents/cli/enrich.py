"""``newsfeed enrich``: the whole pipeline in process, without a broker."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from agents.cli.options import UnusedServers

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command()
def enrich(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help=".jsonl, .json, .txt, .html, or - for JSON lines.")],
    bootstrap_servers: UnusedServers = None,
) -> None:
    """Clean, deduplicate and tag the messages of a file: one JSON line out for each message in, in order.

    What is published comes out as the enriched record, a duplicate or an embargo as {article_id, verdict}, what cannot be
    read as {"dead": {reason, detail}}. No broker is needed, nothing is kept.

      newsfeed enrich article.txt | jq '.topics[].name'

      newsfeed enrich feed.jsonl | jq -c 'select(.verdict.kind == "duplicate") | .verdict | {of, method, score}'

      crawl | newsfeed enrich - > enriched.jsonl
    """
    from agents.cli import input, options
    from newsfeed.pipeline import Pipeline
    from newsfeed.records import Position, RawMessage

    settings = options.settings()
    input.check(file)
    pipeline = Pipeline(
        capacity=settings.window_articles,
        extra_actors=settings.actor_files,
        extra_subjects=settings.subject_files,
        max_bytes=settings.max_article_bytes,
        people_model=settings.people_model,
    )
    with counting() as counted:
        for message in input.messages(file):
            position = Position(topic=message.name, partition=0, offset=message.line)
            raw = RawMessage(position=position, value=message.value, content_type=message.content_type)
            options.line(outcome(pipeline.run(raw, message.line)))
            counted()


def outcome(found: Any) -> Any:
    """What is printed for an answer of the pipeline."""
    from newsfeed.records import DeadLetter, Verdict

    if isinstance(found, DeadLetter):
        return found.as_json()
    return {"article_id": found.article_id, "verdict": found} if isinstance(found, Verdict) else found


def counting() -> Any:
    """Counts on standard error while results go to a file; silent where a person reads the results, or nobody watches."""
    from contextlib import contextmanager

    @contextmanager
    def count() -> Any:
        if sys.stdout.isatty() or not sys.stderr.isatty():
            yield lambda: None
            return
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        from agents.cli.options import told

        columns = (SpinnerColumn(), TextColumn("{task.completed} messages"), TimeElapsedColumn())
        with Progress(*columns, console=told(), transient=True) as progress:
            task = progress.add_task("", total=None)
            yield lambda: progress.advance(task)

    return count()
