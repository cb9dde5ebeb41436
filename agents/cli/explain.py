"""``newsfeed explain``: why an article is what newsfeed says it is; two articles side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.options import Json, UnusedServers

if TYPE_CHECKING:
    from agents.settings import Settings
    from newsfeed.records import Article, Enriched, Verdict

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command()
def explain(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="One article, or two to compare; .json, .txt, .html or .jsonl.")
    ],
    mentions: Annotated[
        bool, typer.Option("--mentions", help="Every mention of an actor with the data row and rule behind it.")
    ] = False,
    topics: Annotated[bool, typer.Option("--topics", help="Every pattern that spoke for or against a topic.")] = False,
    json: Json = False,
    bootstrap_servers: UnusedServers = None,
) -> None:
    """Why an article got its verdict, actors and topics. With two articles: what they share, and whether the second is a copy.

      newsfeed explain article.txt

      newsfeed explain first.json second.json

      newsfeed explain --mentions article.txt

      newsfeed explain --topics article.txt --json
    """  # fmt: skip
    from agents.cli import options

    settings = options.settings()
    if mentions or topics:
        articles = _articles(files, settings)
        (_mentions if mentions else _topics)(articles, settings, json)
        return
    _decisions(files, settings, json)


def _messages(files: list[str]) -> list[Any]:
    from agents.cli import input
    from newsfeed.records import Position, RawMessage

    for name in files:
        input.check(name)
    found = [message for name in files for message in input.messages(name)]
    # The position in the row of arguments: two files may have one name.
    return [
        RawMessage(position=Position(topic=each.name, partition=0, offset=number), value=each.value, content_type=each.content_type)
        for number, each in enumerate(found)
    ]  # fmt: skip


def _articles(files: list[str], settings: Settings) -> list[Article]:
    from agents.cli.input import InputError
    from newsfeed.pipeline import Cleaner
    from newsfeed.records import DeadLetter

    out = []
    for message in _messages(files):
        article = Cleaner(max_bytes=settings.max_article_bytes)(message)
        if isinstance(article, DeadLetter):
            raise InputError(f"{message.position.topic}: {article.reason}: {article.detail}")
        out.append(article)
    return out


def _document(article: Article) -> Any:
    from newsfeed.text import Document

    return Document(
        title=article.title, body=article.body, language=article.language, published=article.published,
        source=article.source, url=article.url,
    )  # fmt: skip


def _print(title: str, columns: list[str], rows: list[list[Any]], json: bool) -> None:
    from rich.table import Table

    from agents.cli import options

    if json:
        for row in rows:
            options.line(dict(zip(columns, row, strict=True)))
        return
    table = Table(*columns, title=options.clean(title))
    for row in rows:
        table.add_row(*("" if cell is None else options.clean(str(cell)) for cell in row))
    options.people().print(table)


def _mentions(articles: list[Article], settings: Settings, json: bool) -> None:
    from newsfeed.actors import ActorTagger

    tagger = ActorTagger(settings.actor_files)
    columns = ["field", "start", "end", "text", "id", "name", "role", "rule", "row"]
    for article in articles:
        rows = [[getattr(found, name) for name in columns] for found in tagger.explain(_document(article))]
        _print(article.title, columns, rows, json)


def _topics(articles: list[Article], settings: Settings, json: bool) -> None:
    from newsfeed.actors import ActorTagger
    from newsfeed.subjects import SubjectTagger

    actors, subjects = ActorTagger(settings.actor_files), SubjectTagger(settings.subject_files)
    for article in articles:
        document = _document(article)
        found = subjects.explain(document, actors.tag(document).actors)
        rows = [
            [topic.id, topic.name, topic.score, ", ".join(span.text for span in topic.evidence)]
            for topic in found.tags.topics
        ]
        _print(article.title, ["topic", "name", "score", "evidence"], rows, json)
        spoke = [
            [
                ",".join(each.rule.topics),
                each.term,
                round(each.weight, 3),
                each.title,
                each.body,
                f"{each.rule.file}:{each.rule.line}",
            ]
            for each in found.contributions
        ]
        _print("what spoke for and against", ["topic", "pattern", "weight", "in title", "in body", "row"], spoke, json)


def _decisions(files: list[str], settings: Settings, json: bool) -> None:
    from agents.cli import exits, options
    from agents.cli.enrich import outcome
    from newsfeed.pipeline import Pipeline
    from newsfeed.records import DeadLetter, Enriched

    pipeline = Pipeline(
        capacity=1024, extra_actors=settings.actor_files, extra_subjects=settings.subject_files,
        max_bytes=settings.max_article_bytes,
    )  # fmt: skip
    dead = False
    for number, message in enumerate(_messages(files)):
        found = pipeline.run(message, number)
        if json:
            options.line(outcome(found))
        elif isinstance(found, DeadLetter):
            print(f"dead letter: {found.reason}: {options.clean(found.detail)}")
        elif found is not None:
            verdict = found.verdict if isinstance(found, Enriched) else found
            _verdict(options.clean(message.position.topic), verdict)
            if isinstance(found, Enriched):
                _tags(found)
        dead = dead or isinstance(found, DeadLetter)
    raise typer.Exit(exits.FOUND if dead else exits.FINE)


def arithmetic(verdict: Verdict) -> str:
    """The decision as a comparison: the measure that was held against the threshold."""
    if verdict.score is None or verdict.threshold is None:
        return f"{verdict.kind} by {verdict.method}"
    sign = ">=" if verdict.score >= verdict.threshold else "<"
    return f"{verdict.kind} by {verdict.method}: {verdict.score:.3f} {sign} {verdict.threshold:.3f}"


def _verdict(name: str, verdict: Verdict) -> None:
    from agents.cli.options import clean

    print(f"{name}: {clean(verdict.title)}")
    print(f"  {arithmetic(verdict)}; version {verdict.version}, id {verdict.article_id}")
    if verdict.of:
        print(f"  of {verdict.of} (version {verdict.of_version}), root {verdict.root}")
    if verdict.overlap is not None:
        share = verdict.overlap
        print(
            f"  shared words: Jaccard {share.jaccard:.3f}, of this in that {share.here_in_there:.3f}, of that in this {share.there_in_here:.3f}"
        )
    if verdict.evidence:
        rows = [
            [
                each.of,
                f"{each.field} {each.here[0]}-{each.here[1]}",
                f"{each.there_field} {each.there[0]}-{each.there[1]}",
                each.text,
            ]
            for each in verdict.evidence
        ]
        _print("shared passages", ["with", "here", "there", "text"], rows, json=False)
    for note in verdict.notes:
        print(f"  note: {clean(note)}")


def _tags(found: Enriched) -> None:
    rows: list[list[Any]] = []
    for actor in found.actors:
        said = ", ".join(dict.fromkeys(mention.text for mention in actor.mentions[:5]))
        rows.append([actor.id, actor.name, actor.type, actor.country, actor.code, actor.salience, said])
    _print("actors", ["id", "name", "type", "country", "code", "salience", "named as"], rows, json=False)
    rows = [[each.id, each.name, each.score, ", ".join(span.text for span in each.evidence)] for each in found.topics]
    _print("topics", ["id", "name", "score", "because of"], rows, json=False)
