"""``newsfeed explain``: why an article is what newsfeed says it is; two articles side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.options import Json, UnusedServers

if TYPE_CHECKING:
    from agents.settings import Settings
    from newsfeed.records import Article, Enriched, RawMessage, Verdict

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
    compare: Annotated[
        Path | None,
        typer.Option("--compare", metavar="RULES", help="With --topics: what this rule file changes over a sample."),
    ] = None,
    json: Json = False,
    bootstrap_servers: UnusedServers = None,
) -> None:
    """Why an article got its verdict, actors and topics. Two articles come side by side, with what they share and the arithmetic.

      newsfeed explain article.txt

      newsfeed explain first.json second.json

      newsfeed explain --mentions article.txt

      newsfeed explain --topics article.txt --json

      newsfeed explain --topics --compare desk.tsv sample.jsonl

    A rule file of --compare takes the place of one of the same name in NEWSFEED_SUBJECT_FILES, else it is added to the rules.
    """  # fmt: skip
    from agents.cli import options

    if compare is not None and (mentions or not topics):
        raise typer.BadParameter("compares topics: give --topics with it", param_hint="--compare")
    if mentions and topics:
        raise typer.BadParameter("give one of --mentions and --topics")
    settings = options.settings()
    messages = _messages(files)
    if compare is not None:
        _trial(compare, messages, settings, json)
    elif mentions or topics:
        (_mentions if mentions else _topics)(_articles(messages, settings), settings, json)
    else:
        first = [message for message, _ in zip(messages, range(3), strict=False)]
        if len(first) == 2:
            _side_by_side(first, settings, json)
        else:
            _decisions(chain(first, messages), settings, json)


def _messages(files: list[str]) -> Iterator[RawMessage]:
    from agents.cli import input
    from newsfeed.records import Position, RawMessage

    for name in files:
        input.check(name)
    number = -1
    for name in files:
        for each in input.messages(name):
            number += 1
            # The position in the row of arguments: two files may have one name.
            position = Position(topic=each.name, partition=0, offset=number)
            yield RawMessage(position=position, value=each.value, content_type=each.content_type)


def _articles(messages: Iterable[RawMessage], settings: Settings) -> Iterator[Article]:
    from agents.cli.input import InputError
    from newsfeed.pipeline import Cleaner
    from newsfeed.records import DeadLetter

    clean = Cleaner(max_bytes=settings.max_article_bytes)
    for message in messages:
        article = clean(message)
        if isinstance(article, DeadLetter):
            at = f"message {message.position.offset + 1}"
            raise InputError(f"{message.position.topic}: {article.reason}: {article.detail} ({at})")
        yield article


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
    if not rows:
        print(f"{options.clean(title)}: none")
        return
    table = Table(*columns, title=options.clean(title))
    for row in rows:
        table.add_row(*("" if cell is None else options.clean(str(cell)) for cell in row))
    options.people().print(table)


def _mentions(articles: Iterable[Article], settings: Settings, json: bool) -> None:
    from newsfeed.actors import ActorTagger

    tagger = ActorTagger(settings.actor_files)
    columns = ["field", "start", "end", "text", "id", "name", "role", "rule", "row"]
    for article in articles:
        rows = [[getattr(found, name) for name in columns] for found in tagger.explain(_document(article))]
        _print(article.title, columns, rows, json)


def _topics(articles: Iterable[Article], settings: Settings, json: bool) -> None:
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


def _side_by_side(messages: list[RawMessage], settings: Settings, json: bool) -> None:
    from agents.cli import options, side_by_side

    there, here = _articles(messages, settings)
    found = side_by_side.compare(there, here)
    if json:
        options.line(side_by_side.as_json(found))
        return
    first, second = (message.position.topic for message in messages)
    side_by_side.show(found, (first, second))


def _trial(rules: Path, messages: Iterator[RawMessage], settings: Settings, json: bool) -> None:
    from agents.cli import options
    from agents.cli.enrich import counting
    from agents.cli.input import InputError
    from agents.cli.rule_trial import Trial, versions
    from newsfeed.pipeline import Cleaner
    from newsfeed.records import DeadLetter

    if not rules.is_file():
        raise InputError(f"{rules}: no such rule file")
    trial = Trial(*versions(rules, settings.subject_files), actors=settings.actor_files)
    clean = Cleaner(max_bytes=settings.max_article_bytes)
    unread = 0

    def sample(counted: Any) -> Iterator[Article]:
        nonlocal unread
        for message in messages:
            article = clean(message)
            counted()
            if isinstance(article, DeadLetter):
                unread += 1
            else:
                yield article

    with counting() as counted:
        for found in trial.differences(sample(counted)):
            if json:
                options.line(found.as_json())
                continue
            at = f"{found.article.raw.topic}:{found.article.raw.offset + 1}"
            print(f"{options.clean(at)}: {options.clean(found.article.title)}")
            for sign, topics in (("-", found.gone), ("+", found.new)):
                for topic in topics:
                    said = ", ".join(span.text for span in topic.evidence)
                    print(f"  {sign} {topic.id} {topic.name} {topic.score:.2f}: {options.clean(said)}")
            if found.not_news[0] != found.not_news[1]:
                print("  not news: {} -> {}".format(*(each or "(news)" for each in found.not_news)))
    totals = trial.totals
    if json:
        options.line({"total": totals.as_json()["total"] | {"unread": unread}})
        return
    if totals.changed:
        _print("what changes", ["topic", "name", "gone", "new"], [list(row) for row in totals.rows()], json=False)
    print(
        f"{totals.changed} of {totals.articles} articles change" + (f"; {unread} could not be read" if unread else "")
    )


def _decisions(messages: Iterable[RawMessage], settings: Settings, json: bool) -> None:
    from agents.cli import exits, options
    from agents.cli.enrich import outcome
    from newsfeed.pipeline import Pipeline
    from newsfeed.records import DeadLetter, Enriched

    pipeline = Pipeline(
        capacity=1024, extra_actors=settings.actor_files, extra_subjects=settings.subject_files,
        max_bytes=settings.max_article_bytes,
        people_model=settings.people_model,
    )  # fmt: skip
    dead = False
    for number, message in enumerate(messages):
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


def _verdict(name: str, verdict: Verdict) -> None:
    from agents.cli.options import clean
    from agents.cli.side_by_side import decision

    print(f"{name}: {clean(verdict.title)}")
    print(f"  {decision(verdict)}; version {verdict.version}, id {verdict.article_id}")
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
