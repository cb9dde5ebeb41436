"""The same queries and articles in Lucene Monitor, run by Maven and Java where they exist."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import orjson

from newsfeed.records import Enriched, Subscription
from newsfeed.subscriptions import parse
from newsfeed.subscriptions.clauses import Tag, Words
from newsfeed.subscriptions.keys import tag_keys
from newsfeed.subscriptions.tree import All, AnyOf, Node, Not
from newsfeed.text import fold_text

WARM_ROUNDS = 6  # over all articles, before anything is timed
PROJECT = Path(__file__).parent / "lucene"


def available() -> bool:
    return bool(shutil.which("mvn") and shutil.which("java"))


def _resolved(node: Node) -> dict[str, Any]:
    """A query with its values looked up, so that both sides search for the same keys."""
    if isinstance(node, All):
        return {"all": [_resolved(part) for part in node.parts]}
    if isinstance(node, AnyOf):
        return {"any": [_resolved(part) for part in node.parts]}
    if isinstance(node, Not):
        return {"not": _resolved(node.part)}
    if isinstance(node, Tag):
        return {"keys": sorted(node.keys)}
    assert isinstance(node, Words)
    fields = ["title", "body"] if node.field == "text" else [node.field]
    return {"fields": fields, "words": [slot[0] for slot in node.slots], "slop": node.slop, "prefix": node.prefix}


def run(
    subscriptions: list[Subscription], feed: list[Enriched], *, heap: str = "6g"
) -> tuple[dict[str, float], list[set[str]]]:
    """Build and run the Java program: its figures (build s; p50, p99 ms), and the ids that matched each article."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        classes, jars = folder / "classes", folder / "jars.txt"
        subprocess.run(
            ["mvn", "-q", "-B", "-f", str(PROJECT), "dependency:build-classpath", f"-Dmdep.outputFile={jars}"],
            check=True,
        )
        path = f"{classes}:{jars.read_text().strip()}"
        subprocess.run(["javac", "-d", str(classes), "-cp", path, *map(str, PROJECT.rglob("*.java"))], check=True)
        with (folder / "queries.jsonl").open("wb") as out:
            for subscription in subscriptions:
                out.write(
                    orjson.dumps({"id": subscription.id, "query": _resolved(parse(subscription.query).root)}) + b"\n"
                )
        with (folder / "articles.jsonl").open("wb") as out:
            for article in feed:
                tags = sorted(set(tag_keys(article)))
                out.write(
                    orjson.dumps({"title": fold_text(article.title), "body": fold_text(article.body), "tags": tags})
                    + b"\n"
                )
        answer = subprocess.run(
            # One collector thread: with several, 100,000 queries spend their time waiting for a processor to collect on.
            ["java", f"-Xmx{heap}", "-XX:+UseSerialGC", "-cp", path, "MonitorBenchmark", str(folder), str(WARM_ROUNDS)],
            check=True,
            stdout=subprocess.PIPE,
        )
        found = [set(orjson.loads(line)) for line in (folder / "matches.jsonl").read_bytes().splitlines()]
        return orjson.loads(answer.stdout), found
