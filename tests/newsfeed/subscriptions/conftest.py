"""Enriched records by hand: what a test does not say is plain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from newsfeed.records import Actor, Enriched, Mention, Position, Span, Topic, Verdict


def _mention(where: str) -> Mention:
    field, start, end, text = where.split(":", 3)
    return Mention(field=field, start=int(start), end=int(end), text=text)  # type: ignore[arg-type]


def make(
    title: str = "",
    body: str = "",
    *,
    kind: str = "original",
    article_id: str = "a" * 32,
    version: int | None = 1,
    of: str | None = None,
    root: str | None = None,
    language: str | None = "en",
    source: str = "",
    url: str | None = None,
    actors: list[dict[str, Any]] | None = None,
    topics: list[dict[str, Any]] | None = None,
) -> Enriched:
    """A record; actors and topics as dictionaries of their fields, mentions and evidence as ``field:start:end:text``."""
    verdict = Verdict(
        article_id=article_id, version=version, raw=Position(topic="t", partition=0, offset=0), url=url, source=source, title=title, published=None,
        language=language, kind=kind, of=of, root=root or article_id,  # type: ignore[arg-type]
    )  # fmt: skip
    return Enriched(
        article_id=article_id, version=version, url=url, source=source, language=language, published=None, title=title, body=body, verdict=verdict,
        actors=[
            Actor(**{"type": "country", "name": "", "salience": 0.5, "count": 1, **item, "mentions": [_mention(m) for m in item.get("mentions", [])]})
            for item in actors or []
        ],
        topics=[
            Topic(**{"name": "", "path": [], "score": 0.5, **item,
                     "evidence": [Span(field=m.field, start=m.start, end=m.end, text=m.text) for m in map(_mention, item.get("evidence", []))]})
            for item in topics or []
        ],
    )  # fmt: skip


@pytest.fixture(scope="session")
def record() -> Callable[..., Enriched]:
    return make
