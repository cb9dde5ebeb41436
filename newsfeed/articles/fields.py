"""The fields of a raw article by their types: title and body must be text, any other field of a wrong type is dropped and noted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from newsfeed.articles.characters import plain, shortened
from newsfeed.articles.decode import Unreadable, name_of
from newsfeed.records import DeadLetter, RawArticle
from newsfeed.records.raw import Status

MAX_NAME = 500  # code points of a source or an author's name
MAX_AUTHORS = 100
_TRIMMED = ("id", "url", "source", "language", "published", "corrects")
KNOWN = {"title", "body", *_TRIMMED, "authors", "status"}
_STATUSES: tuple[Status, ...] = get_args(Status)


def read(found: Mapping[str, Any]) -> tuple[RawArticle, list[str]]:
    """The raw article and what was dropped. ``null`` is absent, unknown fields are ignored.

    Raises:
        Unreadable: title or body is not text.
    """
    raw, notes = RawArticle(), []
    for name in ("title", "body"):
        value = found.get(name)
        if value is not None and not isinstance(value, str):
            raise Unreadable(DeadLetter(reason="wrong_type", detail=f"{name} is {name_of(value)}, not text"))
        setattr(raw, name, value)
    for name in _TRIMMED:
        value = found.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            notes.append(f"{name} dropped: {name_of(value)}, not text")
        else:
            setattr(raw, name, plain(value) or None)
    if raw.source and len(raw.source) > MAX_NAME:
        notes.append(f"source dropped: longer than {MAX_NAME} characters")
        raw.source = None
    raw.authors = _authors(found.get("authors"), notes)
    raw.status = _status(found.get("status"), notes)
    return raw, notes


def _authors(value: Any, notes: list[str]) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list):
        notes.append(f"authors dropped: {name_of(value)}, not a list")
        return []
    names: list[str] = []
    for at, name in enumerate(value[:MAX_AUTHORS]):
        if not isinstance(name, str):
            notes.append(f"authors[{at}] dropped: {name_of(name)}, not text")
        elif len(trimmed := plain(name)) > MAX_NAME:
            notes.append(f"authors[{at}] dropped: longer than {MAX_NAME} characters")
        elif trimmed and trimmed not in names:
            names.append(trimmed)
    if len(value) > MAX_AUTHORS:
        notes.append(f"authors cut: {len(value)} where {MAX_AUTHORS} are kept")
    return names


def _status(value: Any, notes: list[str]) -> Status:
    if value is None:
        return "usable"
    if not isinstance(value, str):
        notes.append(f"status dropped: {name_of(value)}, not text")
        return "usable"
    for status in _STATUSES:
        if value.strip() == status:
            return status
    notes.append(f"status dropped: unknown: {shortened(value)}")
    return "usable"
