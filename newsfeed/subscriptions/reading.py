"""One enriched article as the queries see it: its keys, its folded text, and the way back to code points."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from newsfeed.records import ClauseSpan, Enriched
from newsfeed.subscriptions.forms import bare_forms, is_arabic
from newsfeed.subscriptions.keys import role_of, tag_keys
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
        folded = () if enriched.title.isascii() and enriched.body.isascii() else self.words
        bare = [form for word in folded if is_arabic(word) for form in bare_forms(word)]
        self.arabic = bool(bare)
        self.words.update(bare)
        self.keys: set[str] = self.words.union(tag_keys(enriched))
        self._positions: dict[str, dict[str, list[int]]] = {}

    @cached_property
    def roles(self) -> list[str]:
        """The folded roles of the actors, padded with spaces; parallel to the record's actors."""
        return [f" {role_of(actor)} " for actor in self.enriched.actors]

    def positions(self, field: str) -> dict[str, list[int]]:
        """Where every form of a word of a field stands, counted in words."""
        if field not in self._positions:
            places: dict[str, list[int]] = {}
            for place, word in enumerate(self.folded[field].words):
                places.setdefault(word, []).append(place)
                for form in bare_forms(word) if is_arabic(word) else ():
                    places.setdefault(form, []).append(place)
            self._positions[field] = places
        return self._positions[field]

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
