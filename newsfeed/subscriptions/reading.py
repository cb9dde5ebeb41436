"""One enriched article as the queries see it: its keys, its folded text, and the way back to code points."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from newsfeed.records import ClauseSpan, Enriched
from newsfeed.subscriptions.forms import bare_forms, is_arabic
from newsfeed.subscriptions.keys import keys_of, role_of, tag_keys
from newsfeed.text.fold import Folded, fold

MAX_SPANS = 20  # as many as an actor has mentions


class Reading:
    """An enriched record, folded once, questions answered as they come.

    Attributes:
        enriched: the record.
        words: the distinct folded words of title and body, in Arabic also without what is written onto them.
        keys: ``words`` and everything else the article can be found by (``keys.tag_keys``).
        arabic: whether a word stands in ``words`` in another form than in the text.
    """

    def __init__(self, enriched: Enriched) -> None:
        self.enriched = enriched
        self.folded: dict[str, Folded] = {"title": fold(enriched.title), "body": fold(enriched.body)}
        self.padded: dict[str, str] = {name: f" {folded.text} " for name, folded in self.folded.items()}
        self.words: set[str] = set(self.folded["body"].words)
        self.words.update(self.folded["title"].words)
        self._written: dict[str, list[str]] = {}  # bare form -> words of the text
        if not (enriched.title.isascii() and enriched.body.isascii()):
            for word in self.words:
                if is_arabic(word):
                    for form in bare_forms(word):
                        self._written.setdefault(form, []).append(word)
            self.words.update(self._written)
        self.arabic = bool(self._written)
        self.keys: set[str] = self.words.union(tag_keys(enriched))
        self._places: dict[tuple[str, str], list[int]] = {}

    @cached_property
    def actor_keys(self) -> list[list[str]]:
        """The keys of each actor; parallel to the record's actors."""
        return [keys_of(actor) for actor in self.enriched.actors]

    @cached_property
    def roles(self) -> list[str]:
        """The folded roles of the actors, padded with spaces; parallel to the record's actors."""
        return [f" {role_of(actor)} " for actor in self.enriched.actors]

    def places(self, field: str, word: str) -> list[int]:
        """Where a word stands in a field, in itself or as a bare form; counted in words, ascending. Looked up when asked for."""
        known = self._places.get((field, word))
        if known is None:
            padded, known = self.padded[field], []
            forms = self._written.get(word)
            for written in (word, *forms) if forms else (word,):
                wanted, number, last = f" {written} ", 0, 0
                at = padded.find(wanted)
                while at >= 0:
                    number += padded.count(" ", last, at)
                    known.append(number)
                    last = at
                    at = padded.find(wanted, at + 1)
            if forms:
                known.sort()
            self._places[field, word] = known
        return known

    def occurrences(self, field: str, text: str, *, whole: bool = True) -> Iterator[tuple[int, int]]:
        """(start, end) in the folded text of every place of these folded words; not ``whole``: to the end of the word begun."""
        padded, wanted = self.padded[field], f" {text} " if whole else f" {text}"
        at = padded.find(wanted)
        while at >= 0:
            yield at, at + len(text) if whole else padded.index(" ", at + len(wanted)) - 1
            at = padded.find(wanted, at + 1)

    def span(self, field: str, start: int, end: int) -> ClauseSpan:
        """The span of ``folded[start:end]`` in the record's own text."""
        folded = self.folded[field]
        first, last = folded.span(start, end)
        return ClauseSpan(field=field, start=first, end=last, text=folded.source[first:last])

    def word_span(self, field: str, first: int, last: int) -> ClauseSpan:
        """The span from word ``first`` to word ``last``, both included."""
        start, end = self.folded[field].word_bounds
        return self.span(field, int(start[first]), int(end[last]))
