"""Reads `benchmarks/gold/*.yaml` and refuses what does not hold together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from newsfeed.subjects.terms import shipped_terms
from newsfeed.text.document import Document

FOLDER = Path(__file__).resolve().parents[2] / "gold"
LANGUAGES = ("ar", "en", "ru", "fr", "es", "de")
NOT_NEWS = {"horoscope", "listing", "recipe", "programme", "advertisement", "classified"}


class BadGold(ValueError):
    """A gold article that contradicts itself; the message names file and article."""


@dataclass(frozen=True)
class GoldActor:
    """``text`` is the name as the article has it, for people and organisations that no list knows; else ""."""

    id: str
    role: str = "actor"
    code: str = ""
    text: str = ""

    @property
    def unlisted(self) -> bool:
        return self.id.startswith(("nf:person-", "nf:org-"))


@dataclass(frozen=True)
class Answer:
    """What a careful newsroom would assign; the ``_maybe`` fields count neither as right nor as wrong."""

    actors: tuple[GoldActor, ...]
    actors_maybe: tuple[GoldActor, ...]
    top: frozenset[str]
    top_maybe: frozenset[str]
    low: frozenset[str]
    low_maybe: frozenset[str]
    not_news: str | None


@dataclass(frozen=True)
class GoldArticle:
    name: str
    half: str
    document: Document
    answer: Answer


@dataclass(frozen=True)
class Translated:
    """One article in six languages with one answer."""

    name: str
    documents: dict[str, Document]
    answer: Answer


def articles(terms: dict[str, tuple[str, ...]]) -> list[GoldArticle]:
    """All articles, language by language. ``terms``: topic id -> its path (`known_terms`)."""
    found: list[GoldArticle] = []
    for language in LANGUAGES:
        for row in _rows(f"{language}.yaml"):
            document = _document(row, language, row["published"])
            answer = _answer(row, terms, f"{document.title}\n{document.body}")
            if row["half"] not in ("dev", "test") or row["language"] != language:
                raise BadGold(f"{language}.yaml, {row['name']}: half or language is wrong")
            found.append(GoldArticle(row["name"], row["half"], document, answer))
    return found


def translations(terms: dict[str, tuple[str, ...]]) -> list[Translated]:
    found: list[Translated] = []
    for row in _rows("translations.yaml"):
        if tuple(sorted(row["texts"])) != tuple(sorted(LANGUAGES)):
            raise BadGold(f"translations.yaml, {row['name']}: not in all six languages")
        documents = {language: _document(row["texts"][language], language, row["published"]) for language in LANGUAGES}
        found.append(Translated(row["name"], documents, _answer(row, terms, None)))
    return found


def known_terms() -> dict[str, tuple[str, ...]]:
    """Every topic the package knows -> its ancestors, the top term first."""
    return {term.id: tuple(term.path) for term in shipped_terms()}


def _rows(file: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load((FOLDER / file).read_text(encoding="utf-8"))
    return rows


def _document(row: dict[str, Any], language: str, published: str) -> Document:
    return Document(title=row["title"], body=row["body"], language=language, published=published, source="example.org")


def _answer(row: dict[str, Any], terms: dict[str, tuple[str, ...]], text: str | None) -> Answer:
    actors = tuple(GoldActor(**actor) for actor in row["actors"])
    maybe = tuple(GoldActor(**actor) for actor in row.get("actors_maybe", []))
    for actor in actors + maybe:
        if actor.unlisted and text is not None and (not actor.text or actor.text not in text):
            raise BadGold(f"{row['name']}: {actor.id} does not stand in the text")
    if len({actor.id for actor in actors + maybe}) != len(actors + maybe):
        raise BadGold(f"{row['name']}: an actor stands twice")
    top, top_maybe, low, low_maybe = (
        frozenset(row.get(key, [])) for key in ("topics_top", "topics_top_maybe", "topics_low", "topics_low_maybe")
    )
    for topic in sorted(top | top_maybe | low | low_maybe):
        if topic not in terms:
            raise BadGold(f"{row['name']}: unknown topic {topic}")
    for topic in sorted(low):
        if terms[topic] and terms[topic][0] not in top:
            raise BadGold(f"{row['name']}: {topic} without its top term {terms[topic][0]}")
    if row.get("not_news") not in NOT_NEWS | {None}:
        raise BadGold(f"{row['name']}: unknown kind of not-news {row['not_news']}")
    # A broader term of an assigned one says nothing wrong.
    broader = frozenset(ancestor for topic in low for ancestor in terms[topic][1:]) - low
    return Answer(actors, maybe, top, top_maybe, low, low_maybe | broader, row.get("not_news"))
