"""``newsfeed replay``: history under new rules."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from agents.cli.options import Json, Servers
from agents.cli.since import Since, moment, ms

if TYPE_CHECKING:
    from collections.abc import Callable

    from agents.retag import Retagged

app = typer.Typer(add_completion=False, rich_markup_mode="rich")

SAY_EVERY = 5.0  # seconds


@app.command()
def replay(
    since: Since,
    to_prefix: Annotated[
        str, typer.Option("--to-prefix", metavar="PREFIX", help="Stands before the topic that is written.")
    ],
    json: Json = False,
    bootstrap_servers: Servers = None,
) -> None:
    """Tag history again, by the rules of this installation, under another topic prefix. Live consumers are not disturbed.

    Every enriched event since then is read from news.enriched.v1, tagged again, and written to PREFIXnews.enriched.v1 with its key,
    time and event id. Verdicts stay as they were given. Doing it again writes the same records, so an interrupted run is just
    started again. Point consumers at the new topic when it is complete.

      newsfeed replay --since 30d --to-prefix rules-2026-02.

      NEWSFEED_SUBJECT_FILES='["desk.yaml"]' newsfeed replay --since 7d --to-prefix trial. --json
    """
    from agents.cli import options
    from agents.retag import retag
    from agents.settings import SettingsError, load
    from newsfeed.pipeline import Tagger

    settings = options.settings(bootstrap_servers)
    try:
        load(topic_prefix=to_prefix)
    except SettingsError:
        raise typer.BadParameter(
            f"{to_prefix!r}: a prefix has letters, digits, '.', '_' and '-'", param_hint="--to-prefix"
        ) from None
    if to_prefix == settings.topic_prefix:
        raise typer.BadParameter("that is the prefix of the live topics; give another", param_hint="--to-prefix")
    begin = ms(moment(since, now=datetime.now(UTC)))
    tagger = Tagger(actors=settings.actor_files, subjects=settings.subject_files, people_model=settings.people_model)
    done = asyncio.run(retag(settings, tagger, since_ms=begin, prefix=to_prefix, told=_progress()))
    if json:
        options.line({"rules": tagger.rules, **{name: getattr(done, name) for name in done.__slots__}})
        return
    print(
        f"{done.events} events tagged by rules {tagger.rules} into {to_prefix}news.enriched.v1: "
        f"{done.actors_changed} with other actors, {done.topics_changed} with other topics"
    )
    for count, what in ((done.tombstones, "tombstones carried over"), (done.unreadable, "records could not be read")):
        if count:
            print(f"{count} {what}")


def _progress() -> Callable[[Retagged], None]:
    """Says on standard error how far it is."""
    began = told = time.monotonic()

    def say(done: Retagged) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= SAY_EVERY:
            told = now
            at = datetime.fromtimestamp(done.newest_ms / 1000, UTC).isoformat(timespec="seconds")
            print(
                f"newsfeed: {done.events} events, {done.events / (now - began):.0f} a second, at {at}", file=sys.stderr
            )

    return say
