"""One raw message to one cleaned article, or to the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from newsfeed.articles import content, dates, fields, identity, language, urls
from newsfeed.articles.characters import has_letters, plain, shortened
from newsfeed.articles.content import Content
from newsfeed.articles.decode import JSON, Unreadable, decode, media_type
from newsfeed.articles.markers import marker
from newsfeed.records import Article, DeadLetter, RawArticle, RawMessage

MAX_BYTES = 1_048_576
MAX_UNKNOWN = 8  # names of unknown fields that a dead letter tells
_WITHOUT_TEXT = ("withheld", "canceled")


def clean(message: RawMessage, *, max_bytes: int = MAX_BYTES) -> Article | DeadLetter:
    """Decode, clean and identify one message. Never raises on bad input; linear in its size.

    Args:
        message: as it stands in the log or in a file.
        max_bytes: size limit of the value; larger ones become dead letters.
    """
    try:
        given = decode(message, max_bytes=max_bytes)
        raw, notes = fields.read(given)
        return _article(message, raw, notes, given)
    except Unreadable as error:
        return error.dead


def _article(message: RawMessage, raw: RawArticle, notes: list[str], given: Mapping[str, Any]) -> Article:
    untitled = media_type(message.content_type) != JSON
    found = content.read(raw.title or "", raw.body or "", untitled=untitled)
    url = _url(raw.url, notes) or found.url
    body = found.body
    if not has_letters(found.title) and not has_letters(body) and not (raw.status in _WITHOUT_TEXT and (raw.id or url)):
        raise Unreadable(DeadLetter(reason="no_text", detail=_why_no_text(raw, given)))
    source = raw.source or (urls.host_of(url) if url else "")
    key, article_id = _identity(raw.id, source, url, found)
    return Article(
        article_id=article_id,
        key=key,
        raw=message.position,
        raw_hash=identity.raw_hash(message.value or b""),
        time_ms=message.time_ms,
        url=url,
        source=source,
        title=found.title,
        body=body,
        language=language.decide(raw.language or found.language, f"{found.title}\n{body[: language.SAMPLE]}", notes),
        published=_published(raw.published or found.date, notes),
        authors=raw.authors or [],
        status=raw.status or "usable",
        targets=identity.targets(raw.corrects, source) if raw.corrects else [],
        marker=marker(found.title, found.paragraphs),
        notes=notes,
    )


def _why_no_text(raw: RawArticle, given: Mapping[str, Any]) -> str:
    if raw.status in _WITHOUT_TEXT:
        return f"status {raw.status} without text needs an id or a URL"
    named = ", ".join(shortened(plain(name)) for name in sorted(given.keys() - fields.KNOWN)[:MAX_UNKNOWN])
    return "neither title nor body holds a letter" + (f"; unknown fields: {named}" if named else "")


def _identity(
    producer_id: str | None, source: str, url: str | None, found: Content
) -> tuple[Literal["id", "url", "text"], str]:
    if producer_id:
        return "id", identity.id_from_producer(source, producer_id)
    if url:
        return "url", identity.id_from_url(url)
    return "text", identity.id_from_text(found.title, found.body)


def _url(value: str | None, notes: list[str]) -> str | None:
    if not value:
        return None
    url = urls.canonical_url(value)
    if url is None:
        notes.append(f"url dropped: not an http address: {shortened(value)}")
    return url


def _published(value: str | None, notes: list[str]) -> str | None:
    if not value:
        return None
    try:
        return dates.published(value)
    except dates.NotADate as error:
        notes.append(f"published dropped: {error}: {shortened(value)}")
        return None
