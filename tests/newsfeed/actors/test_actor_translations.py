"""One article in six languages names the same actors."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsfeed.actors import ActorTagger
from newsfeed.text import Document

FOLDER = Path(__file__).parents[2] / "cases" / "actors" / "translations"
LANGUAGES = ("ar", "de", "en", "es", "fr", "ru")


@pytest.fixture(scope="module")
def found() -> dict[str, set[str]]:
    tagger = ActorTagger()
    out = {}
    for language in LANGUAGES:
        title, _, body = (FOLDER / f"{language}.txt").read_text(encoding="utf-8").strip().partition("\n")
        out[language] = {actor.id for actor in tagger.tag(Document(title, body, language, "2026-03-02")).actors}
    return out


def test_listed_actors_are_the_same_in_all_languages(found: dict[str, set[str]]) -> None:
    listed = {language: {i for i in ids if not i.startswith("nf:person-")} for language, ids in found.items()}
    assert all(ids == listed["en"] for ids in listed.values()), listed


def test_translations_agree(found: dict[str, set[str]]) -> None:
    shares = [len(found[a] & found[b]) / len(found[a] | found[b]) for a in LANGUAGES for b in LANGUAGES if a < b]
    assert sum(shares) / len(shares) >= 0.9
