"""What the taggers read: the cleaned title and body of one article, folded once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from newsfeed.text.fold import Folded, fold


@dataclass(frozen=True)
class Document:
    """One cleaned article on its way through the taggers.

    Attributes:
        title: cleaned title, may be empty.
        body: cleaned body, paragraphs separated by newlines, may be empty.
        language: ISO 639-1 or None where neither declared nor detected.
        published: RFC 3339 in UTC or ``YYYY-MM-DD``, or None.
        source: the producer's name of the source, or the URL's host, or "".
        url: canonical URL or None.
    """

    title: str
    body: str
    language: str | None = None
    published: str | None = None
    source: str = ""
    url: str | None = None

    @property
    def folded_title(self) -> Folded:
        return self._folded[0]

    @property
    def folded_body(self) -> Folded:
        return self._folded[1]

    @cached_property
    def folded(self) -> Folded:
        """Title and body, a newline between them, folded at once: a short title costs nearly as much as a body."""
        return fold(self.title + "\n" + self.body)

    @cached_property
    def _folded(self) -> tuple[Folded, Folded]:
        return self.folded.parted(len(self.title))

    def fields(self) -> tuple[tuple[str, str, Folded], ...]:
        """(field name, original text, folded text) of title and body, in reading order."""
        return ("title", self.title, self.folded_title), ("body", self.body, self.folded_body)
