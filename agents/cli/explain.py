"""``newsfeed explain``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from agents.cli.common import EXIT_USAGE, EXIT_WRONG, Json, existing, fail, printable, write
from agents.cli.enrich import build
from agents.cli.messages import messages

FIELD_WIDTH = 60


def explain(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="One file: the article, its verdict, actors and topics. Two files: side by side, is the second a copy?"
        ),
    ],
    mentions: Annotated[
        bool, typer.Option("--mentions", help="Every mention of an actor with the data row and rule behind it.")
    ] = False,
    topics: Annotated[
        bool, typer.Option("--topics", help="Everything that counted for and against each topic.")
    ] = False,
    compare: Annotated[
        Path | None,
        typer.Option("--compare", help="With --topics: what this rule file would change over the articles of FILE."),
    ] = None,
    json: Json = False,
) -> None:
    """Show why: the proof behind a verdict, a tag, a topic.

    Examples: newsfeed explain first.txt second.txt; newsfeed explain --mentions article.json; newsfeed explain --topics --compare mine.tsv sample.jsonl
    """
    paths = [existing(path) for path in files]
    if compare is not None and not topics:
        fail("--compare goes with --topics", EXIT_USAGE)
    if mentions:
        _mentions(paths, json)
    elif topics and compare is not None:
        _compare(paths, existing(compare), json)
    elif topics:
        _topics(paths, json)
    else:
        _articles(paths, json)


def _read(paths: list[Path]) -> list[Any]:
    from newsfeed.pipeline import Cleaner
    from newsfeed.records import DeadLetter

    cleaner, out = Cleaner(), []
    for path in paths:
        for message in messages(path):
            article = cleaner(message)
            if isinstance(article, DeadLetter):
                fail(f"{path}: {article.reason}: {printable(article.detail)}", EXIT_WRONG)
            out.append(article)
    return out


def _document(article: Any) -> Any:
    from newsfeed.text import Document

    return Document(
        title=article.title,
        body=article.body,
        language=article.language,
        published=article.published,
        source=article.source,
        url=article.url,
    )


def _mentions(paths: list[Path], json: bool) -> None:
    from agents.cli.common import settings
    from newsfeed.actors import ActorDataError, ActorTagger

    try:
        tagger = ActorTagger(settings().actor_files)
    except (ActorDataError, OSError) as error:
        fail(str(error), EXIT_USAGE)
    for article in _read(paths):
        for found in tagger.explain(_document(article)):
            if json:
                write(
                    orjson.dumps(
                        {
                            name: getattr(found, name)
                            for name in ("id", "name", "field", "start", "end", "text", "role", "row", "rule")
                        }
                    )
                )
            else:
                typer.echo(
                    "\t".join(
                        (
                            f"{found.field} {found.start}-{found.end}",
                            printable(found.text),
                            found.id,
                            found.name,
                            found.role,
                            found.row,
                            found.rule,
                        )
                    )
                )


def _topics(paths: list[Path], json: bool) -> None:
    from agents.cli.common import settings
    from newsfeed.actors import ActorTagger
    from newsfeed.subjects import RuleError, SubjectTagger

    try:
        tagger, actors = SubjectTagger(settings().subject_files), ActorTagger(settings().actor_files)
    except (RuleError, OSError) as error:
        fail(str(error), EXIT_USAGE)
    for article in _read(paths):
        document = _document(article)
        found = tagger.explain(document, actors.tag(document).actors)
        for topic in found.tags.topics:
            line = {"topic": topic.id, "name": topic.name, "score": topic.score}
            write(orjson.dumps(line)) if json else typer.echo(f"{topic.id}\t{topic.name}\t{topic.score:.2f}")
        for each in sorted(found.contributions, key=lambda one: -abs(one.weight)):
            part = {
                "term": each.term,
                "weight": round(each.weight, 3),
                "title": each.title,
                "body": each.body,
                "rule": str(each.rule.row),
            }
            topic_id = ",".join(each.rule.topics)
            if json:
                write(orjson.dumps({"contribution": topic_id, **part}))
            else:
                typer.echo(
                    f"  {each.weight:+.2f}\t{topic_id}\t{printable(each.term)}\ttitle {each.title}, body {each.body}\t{each.rule.row}"
                )


def _compare(paths: list[Path], rules: Path, json: bool) -> None:
    from agents.cli.common import settings
    from newsfeed.subjects import RuleError, SubjectTagger

    own = settings().subject_files
    try:
        before, after = SubjectTagger(own), SubjectTagger([*own, rules])
    except (RuleError, OSError) as error:
        fail(str(error), EXIT_USAGE)
    changed = 0
    articles = _read(paths)
    for article in articles:
        document = _document(article)
        old, new = ({topic.id: topic.score for topic in tagger.tag(document, ()).topics} for tagger in (before, after))
        if old == new:
            continue
        changed += 1
        gone, come = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
        if json:
            write(
                orjson.dumps(
                    {
                        "article_id": article.article_id,
                        "title": article.title,
                        "gone": gone,
                        "new": come,
                        "before": old,
                        "after": new,
                    }
                )
            )
        else:
            typer.echo(
                f"{printable(article.title)[:FIELD_WIDTH]}\t{' '.join('-' + id for id in gone)} {' '.join('+' + id for id in come)}".rstrip()
            )
    typer.echo(f"{changed} of {len(articles)} articles change", err=True)


def _articles(paths: list[Path], json: bool) -> None:
    import msgspec

    from newsfeed.records import DeadLetter, Unique

    pipeline = build()
    judged = []
    for number, message in enumerate(message for path in paths for message in messages(path)):
        message = msgspec.structs.replace(message, position=msgspec.structs.replace(message.position, offset=number))
        article = pipeline.clean(message)
        if isinstance(article, DeadLetter):
            fail(f"{message.position.topic}: {article.reason}: {printable(article.detail)}", EXIT_WRONG)
        verdict = pipeline.window.judge(number, article).verdict
        judged.append((article, verdict))
    if json:
        for _, verdict in judged:
            write(msgspec.json.encode(verdict))
        return
    from rich.console import Console

    console = Console(soft_wrap=False, highlight=False)
    for article, verdict in judged:
        _show(console, article, verdict)
        if len(judged) == 1 and verdict.published_kind:
            _tags(console, pipeline.tag(Unique(article=article, verdict=verdict)))
    if len(judged) > 1:
        _side_by_side(console, judged)


def _show(console: Any, article: Any, verdict: Any) -> None:
    from rich.markup import escape

    console.print(f"[bold]{escape(printable(article.title or '(no title)'))}[/]")
    of = f" of {verdict.of}" if verdict.of else ""
    console.print(
        f"  {verdict.kind}{of}, method {verdict.method}, article {verdict.article_id} version {verdict.version}, root {verdict.root}"
    )
    if verdict.score is not None:
        console.print(f"  score {verdict.score} held against threshold {verdict.threshold}")
    if verdict.overlap is not None:
        lap = verdict.overlap
        console.print(
            f"  4-grams: Jaccard {lap.jaccard}, of this text in the other {lap.here_in_there}, of the other in this {lap.there_in_here}"
        )
    for note in verdict.notes:
        console.print(f"  note: {escape(printable(note))}")


def _tags(console: Any, enriched: Any) -> None:
    from rich.markup import escape

    for actor in enriched.actors:
        where = ", ".join(dict.fromkeys(printable(mention.text) for mention in actor.mentions))
        console.print(
            f"  actor {actor.id} {escape(actor.name)} ({actor.type}{', ' + actor.code if actor.code else ''}, salience {actor.salience}): {escape(where)}"
        )
    for topic in enriched.topics:
        where = ", ".join(dict.fromkeys(printable(span.text) for span in topic.evidence))
        console.print(f"  topic {topic.id} {escape(topic.name)} ({topic.score}): {escape(where)}")


def _side_by_side(console: Any, judged: list[tuple[Any, Any]]) -> None:
    """The last article and the one it shares most with, the shared passages marked in both."""
    from rich.table import Table
    from rich.text import Text

    article, verdict = judged[-1]
    named = verdict.evidence[0].of if verdict.evidence else None
    other = next((each for each, _ in judged[:-1] if each.article_id == named), judged[-2][0])
    here, there = (
        {name: Text(printable(getattr(each, name))) for name in ("title", "body")} for each in (article, other)
    )
    for proof in verdict.evidence:
        if proof.of == other.article_id:
            here[proof.field].stylize("black on yellow", *proof.here)
            there[proof.there_field].stylize("black on yellow", *proof.there)
    table = Table("earlier", "later", show_lines=True)
    for name in ("title", "body"):
        table.add_row(there[name], here[name])
    console.print(table)
    for proof in verdict.evidence:
        console.print(
            Text(
                f"  shared, {proof.there_field} {proof.there[0]}-{proof.there[1]} = {proof.field} {proof.here[0]}-{proof.here[1]}: {printable(proof.text)}"
            )
        )
