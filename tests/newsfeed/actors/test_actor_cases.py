"""The readable cases of ``tests/cases/actors``: what each text must give, and what it must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsfeed.actors import ActorTagger
from newsfeed.records import Actor
from newsfeed.text import Document

CASES = Path(__file__).parents[2] / "cases" / "actors"


@pytest.fixture(scope="module")
def tagger() -> ActorTagger:
    return ActorTagger()


def read(path: Path) -> list[dict[str, str]]:
    lines = [
        line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")
    ]
    header = lines[0].split("\t")
    return [dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:]]


def collect() -> list[object]:
    out: list[object] = []
    for path in sorted(CASES.glob("*.tsv")):
        language = path.stem.rsplit("_", 1)[-1]
        for row in read(path):
            row.setdefault("language", language)
            row.setdefault("title", "")
            row["body"] = row.get("body") or row.get("text", "")
            row.setdefault("published", "")
            out.append(pytest.param(row, id=f"{path.stem}: {row['body'][:50]}"))
    return out


def holds(actors: list[Actor], wanted: str) -> bool:
    """Whether an item of a case's column is among the actors."""
    for item in wanted.split("|"):
        name, _, role = item.partition("@")
        for actor in actors:
            if name in (actor.id, actor.country if actor.type == "country" else ""):
                roles = {mention.role for mention in actor.mentions}
                if not role or roles == {role}:
                    return True
    return False


@pytest.mark.parametrize("row", collect())
def test_actor_case(row: dict[str, str], tagger: ActorTagger) -> None:
    tags = tagger.tag(Document(row["title"], row["body"], row["language"], row["published"] or None))
    found = [(actor.id, [(mention.text, mention.role) for mention in actor.mentions]) for actor in tags.actors]
    for wanted in row["expected"].split():
        assert holds(tags.actors, wanted), f"{wanted} not in {found}"
    for unwanted in row["absent"].split():
        assert not holds(tags.actors, unwanted), f"{unwanted} in {found}"
