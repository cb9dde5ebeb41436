"""Title and paragraphs of a raw article, whatever they are written in, and what its page or first line says about it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from newsfeed.articles import header, html, repeats, urls
from newsfeed.articles.characters import entities, lines, one_line, seen
from newsfeed.text import fold_text

MAX_TITLE = 300  # code points; a longer first line is no title


@dataclass(frozen=True)
class Content:
    """What a reader sees, and the metadata that stood in the text; None where there is none."""

    title: str
    paragraphs: list[str]
    date: str | None = None
    language: str | None = None
    url: str | None = None

    @property
    def body(self) -> str:
        return "\n".join(self.paragraphs)


def read(title: str, body: str, *, untitled: bool) -> Content:
    """Clean title and body.

    Args:
        untitled: the message has no title of its own (plain text, HTML): the page's or the first line is it.
    """
    page = _page(body)
    said, paragraphs = header.take(lines(seen(page.paragraphs)))
    name = _title(title) or _page_title(page)
    if not name and paragraphs and len(paragraphs[0]) <= MAX_TITLE and (untitled or said or _twice(paragraphs)):
        name, *paragraphs = paragraphs
    name, paragraphs = repeats.once(name, paragraphs)
    return Content(
        title=name,
        paragraphs=paragraphs,
        date=(said.date if said else None) or one_line(page.published) or None,
        language=(said.language if said else None) or one_line(page.language) or None,
        url=_own_address(page.url) if untitled else None,
    )


def _twice(paragraphs: list[str]) -> bool:
    return len(paragraphs) > 1 and fold_text(paragraphs[0]) == fold_text(paragraphs[1][: 2 * MAX_TITLE])


def _page(text: str) -> html.Page:
    """The body as lines; feeds escape HTML once or twice more."""
    if not html.is_html(text):
        text = entities(text)
        if not html.is_html(text):
            return html.Page(paragraphs=text)
    page = html.read(text)
    text = entities(page.paragraphs)
    return html.read(text) if html.is_html(text) else replace(page, paragraphs=text)


def _title(text: str) -> str:
    return one_line(seen(entities(html.without_tags(entities(text)))))


def _page_title(page: html.Page) -> str:
    """The page's title; the one heading where the title is that and the name of the site."""
    title, heading = _title(page.title), _title(page.heading)
    rest = title.removeprefix(heading)
    return (
        heading if heading and rest != title and rest[:2].strip()[:1] in ("|", "-", "–", "—", "·", ":", "»") else title
    )


def _own_address(url: str) -> str | None:
    """The canonical link of a page, unless it leads to a whole site: some name their front page on every page."""
    found = urls.canonical_url(url) if url else None
    return found if found and "/" in urls.url_key(found) else None
