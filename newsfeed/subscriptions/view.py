"""An enriched article as queries see it: its keys, its words and where they stand. Made once for all queries."""

from __future__ import annotations

from functools import cached_property

from newsfeed.records import Actor, ClauseSpan, Enriched
from newsfeed.text import Folded, fold, fold_text

STATE_PARTS = ("GOV", "MIL", "LEG", "JUD", "COP", "SPY")  # who acts for a country
_ARTICLES = ("وال", "بال", "كال", "فال", "ولل", "ال", "لل")


def spellings(word: str) -> tuple[str, ...]:
    """A folded word of an article and, in Arabic, the word without conjunction, preposition and article."""
    if "ء" <= word[0] <= "ي":
        for clitic in _ARTICLES:
            if word.startswith(clitic) and len(word) - len(clitic) >= 3:
                return word, word[len(clitic) :]
        if word[0] == "و" and len(word) >= 5:
            return word, word[1:]
    return (word,)


class View:
    """What the clauses of a query look at."""

    def __init__(self, enriched: Enriched) -> None:
        self._enriched = enriched
        self._folded: dict[str, Folded] = {"title": fold(enriched.title), "body": fold(enriched.body)}
        self._places: dict[str, dict[str, list[int]]] = {}
        for field, folded in self._folded.items():
            places: dict[str, list[int]] = {}
            for at, word in enumerate(folded.words):
                for form in spellings(word):
                    places.setdefault(form, []).append(at)
            self._places[field] = places

    @property
    def score(self) -> float:
        """The best topic score, 0 where there is no topic."""
        return max((topic.score for topic in self._enriched.topics), default=0.0)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every key that the article answers."""
        enriched = self._enriched
        found = {"w:" + word for places in self._places.values() for word in places}
        found.update(self._tags)
        found.update(
            (f"k:{enriched.verdict.kind}", f"l:{enriched.language or 'und'}", f"s:{enriched.source.casefold()}")
        )
        found.update("r:" + word for actor in enriched.actors if actor.role for word in fold_text(actor.role).split())
        return frozenset(found)

    @cached_property
    def _tags(self) -> dict[str, list[ClauseSpan]]:
        """Actor and topic keys with the places that speak for them."""
        found: dict[str, list[ClauseSpan]] = {}
        for actor in self._enriched.actors:
            spans = [ClauseSpan(field=m.field, start=m.start, end=m.end, text=m.text) for m in actor.mentions]
            for key in actor_keys(actor):
                found.setdefault(key, []).extend(spans)
        for topic in self._enriched.topics:
            spans = [ClauseSpan(field=s.field, start=s.start, end=s.end, text=s.text) for s in topic.evidence]
            for id in (topic.id, *topic.path):
                found.setdefault("p:" + id.casefold(), []).extend(spans)
        return found

    def tag_spans(self, key: str) -> list[ClauseSpan]:
        return self._tags.get(key, [])

    def places(self, field: str, words: frozenset[str], *, prefix: bool = False) -> list[int]:
        """Where one of the words stands, in words from 0, rising."""
        places = self._places[field]
        forms = [form for form in places if form.startswith(tuple(words))] if prefix else words
        return sorted({at for form in forms for at in places.get(form, ())})

    def word_span(self, field: str, start: int, end: int) -> ClauseSpan:
        """Words ``start`` to ``end`` (exclusive) in code points."""
        folded = self._folded[field]
        begin, stop = folded.word_bounds
        first, last = folded.span(int(begin[start]), int(stop[end - 1]))
        return ClauseSpan(field=field, start=first, end=last, text=folded.source[first:last])


def actor_keys(actor: Actor) -> set[str]:
    """Id (with and without ``wd:``), country where the actor is the country or acts for it, code by prefix, English name and names in the text."""
    keys = {"a:" + actor.id.casefold(), "a:" + actor.id.casefold().removeprefix("wd:")}
    code = (actor.code or "").casefold()
    keys.update(f"a:{code[:length]}" for length in range(3, len(code) + 1))
    if actor.country and (actor.type == "country" or code[3:6].upper() in STATE_PARTS):
        keys.add("a:" + actor.country.casefold())
    names = [fold_text(name) for name in (actor.name, *(mention.text for mention in actor.mentions))]
    keys.update("a:=" + name for name in names if name)
    return keys
