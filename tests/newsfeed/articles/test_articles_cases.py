"""Readable cases: one raw message a file, and the fields of the article it becomes."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
import yaml

from newsfeed.articles import clean
from newsfeed.records import Article, Position, RawMessage

ROOT = Path(__file__).parents[3]
CASES = sorted((ROOT / "tests/cases/articles").glob("*.yaml"))
SEED = ROOT.parent / "shared/seed/article_ar.txt"


def cleaned(value: bytes, content_type: str = "application/json") -> Article:
    position = Position(topic="cases", partition=0, offset=0)
    article = clean(RawMessage(position=position, value=value, content_type=content_type))
    assert isinstance(article, Article), article
    return article


def test_there_is_dirt_in_every_language() -> None:
    names = {path.stem for path in CASES}
    assert {
        f"dirt_{form}{code}" for form in ("", "json_", "html_") for code in ("ar", "en", "ru", "fr", "es", "de")
    } <= names


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    article = msgspec.to_builtins(cleaned(case["input"].encode(), case["content_type"]))
    expected = {name: value.strip() if isinstance(value, str) else value for name, value in case["expect"].items()}
    assert {name: article.get(name, []) for name in expected} == expected


@pytest.mark.shared
@pytest.mark.skipif(not SEED.exists(), reason="the seed is not beside the project")
def test_the_seed_comes_out_once() -> None:
    value = SEED.read_bytes()
    lines = value.decode().strip().split("\n")
    article = cleaned(value, "text/plain")
    assert (article.language, article.published, article.title) == ("ar", "2026-02-09", lines[1])
    assert article.body.split("\n") == lines[4:]
    assert len(lines[4:]) == 7


def test_cleaning_what_is_clean_changes_nothing() -> None:
    for path in CASES:
        case = yaml.safe_load(path.read_text(encoding="utf-8"))
        once = cleaned(case["input"].encode(), case["content_type"])
        again = cleaned(msgspec.json.encode({"title": once.title, "body": once.body}))
        assert (again.title, again.body) == (once.title, once.body), path.stem
