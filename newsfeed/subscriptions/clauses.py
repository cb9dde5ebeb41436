"""The clauses of a query: each can be tested on an article, shown in it, and names the keys an article must have to satisfy it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from newsfeed.records import ClauseSpan
from newsfeed.subscriptions.forms import bare_forms, is_arabic
from newsfeed.subscriptions.keys import LONGEST_PREFIX
from newsfeed.subscriptions.proximity import windows
from newsfeed.subscriptions.reading import MAX_SPANS, Reading

Slots = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag or property: any of its keys will do.

    Attributes:
        field: actor, topic, language, source or kind. value: as written. keys: what an article must have one of.
    """

    field: str
    value: str
    keys: frozenset[str]

    def test(self, reading: Reading) -> bool:
        return not self.keys.isdisjoint(reading.keys)

    def required(self) -> list[frozenset[str]]:
        return [self.keys]

    def exact(self) -> frozenset[str] | None:
        """The keys of which one is all that the clause asks for; None where it asks for more. So of every clause."""
        return self.keys

    def spans(self, reading: Reading) -> list[ClauseSpan]:
        out: list[ClauseSpan] = []
        if self.field == "actor":
            for actor, keys in zip(reading.enriched.actors, reading.actor_keys, strict=True):
                if not self.keys.isdisjoint(keys):
                    out += [ClauseSpan(field=m.field, start=m.start, end=m.end, text=m.text) for m in actor.mentions]
        elif self.field == "topic":
            for topic in reading.enriched.topics:
                if not self.keys.isdisjoint([f"topic:{topic.id}", "topic:*", *(f"topic:{x}" for x in topic.path)]):
                    out += [ClauseSpan(field=e.field, start=e.start, end=e.end, text=e.text) for e in topic.evidence]
        return out[:MAX_SPANS]


@dataclass(frozen=True, slots=True)
class Role:
    """Words that stand together in the role of an actor; no words: any role."""

    value: str
    words: str

    field = "role"

    def test(self, reading: Reading) -> bool:
        return bool(self._actors(reading))

    def required(self) -> list[frozenset[str]]:
        return [frozenset({f"role:{word}"}) for word in (self.words.split(" ") if self.words else ["*"])]

    def exact(self) -> frozenset[str] | None:
        return None

    def spans(self, reading: Reading) -> list[ClauseSpan]:
        mentions = [m for number in self._actors(reading) for m in reading.enriched.actors[number].mentions]
        return [ClauseSpan(field=m.field, start=m.start, end=m.end, text=m.text) for m in mentions[:MAX_SPANS]]

    def _actors(self, reading: Reading) -> list[int]:
        wanted = f" {self.words} " if self.words else ""
        return [n for n, role in enumerate(reading.roles) if role != "  " and wanted in role]


@dataclass(frozen=True, slots=True)
class Score:
    """The score of any topic, or the salience of any actor, lies in a range (``low`` and ``high`` may be infinite)."""

    field: str
    value: str
    low: float
    high: float
    low_in: bool
    high_in: bool

    def _holds(self, number: float) -> bool:
        above = number >= self.low if self.low_in else number > self.low
        return above and (number <= self.high if self.high_in else number < self.high)

    def test(self, reading: Reading) -> bool:
        if self.field == "score":
            return any(self._holds(topic.score) for topic in reading.enriched.topics)
        return any(self._holds(actor.salience) for actor in reading.enriched.actors)

    def required(self) -> list[frozenset[str]]:
        return [frozenset({"topic:*" if self.field == "score" else "actor:*"})]

    def exact(self) -> frozenset[str] | None:
        return None

    def spans(self, reading: Reading) -> list[ClauseSpan]:
        found = (
            [e for topic in reading.enriched.topics if self._holds(topic.score) for e in topic.evidence]
            if self.field == "score"
            else [m for actor in reading.enriched.actors if self._holds(actor.salience) for m in actor.mentions]
        )
        return [ClauseSpan(field=s.field, start=s.start, end=s.end, text=s.text) for s in found[:MAX_SPANS]]


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words of the text: one word, a phrase, words near each other, or the beginning of a word.

    Attributes:
        field: text (title or body), title or body. value: as written, with quotes, star and distance.
        slots: for each word its spellings. slop: how far the words may move. prefix: the only word is a beginning.
        phrases: the spellings of the whole, where it has no slop.
    """

    field: str
    value: str
    slots: Slots
    slop: int
    prefix: bool
    phrases: tuple[str, ...]

    def test(self, reading: Reading) -> bool:
        if not self.prefix:
            words = reading.words
            for slot in self.slots:
                if slot[0] not in words and (len(slot) == 1 or words.isdisjoint(slot)):
                    return False
            if self.field == "text" and len(self.slots) == 1:
                return True
        for field in ("title", "body") if self.field == "text" else (self.field,):
            if self._by_place(reading):
                if next(windows(self._columns(reading, field), self.slop), None):
                    return True
                continue
            padded, end = reading.padded[field], "" if self.prefix else " "
            for phrase in self.phrases:
                if f" {phrase}{end}" in padded:
                    return True
            if self.prefix and self._bare(reading, field):
                return True
        return False

    def _by_place(self, reading: Reading) -> bool:
        """Whether words must be looked up one by one: they may move, or stand in other forms than in the text."""
        return bool(self.slop) or (reading.arabic and not self.prefix)

    def _columns(self, reading: Reading, field: str) -> list[list[int]]:
        """For each word of the phrase where it stands, in whichever spelling."""
        return [
            reading.places(field, slot[0])
            if len(slot) == 1
            else sorted({place for word in slot for place in reading.places(field, word)})
            for slot in self.slots
        ]

    def _bare(self, reading: Reading, field: str) -> list[int]:
        """The places of words that begin so, with or without what Arabic writes onto them."""
        if not reading.arabic or not is_arabic(self.phrases[0]):
            return []
        return [
            place
            for place, word in enumerate(reading.folded[field].words)
            if word.startswith(self.phrases) or any(form.startswith(self.phrases) for form in bare_forms(word))
        ]

    def required(self) -> list[frozenset[str]]:
        if self.prefix:
            return [frozenset(f"{word[:LONGEST_PREFIX]}*" for word in self.slots[0])]
        return [frozenset(slot) for slot in self.slots]

    def exact(self) -> frozenset[str] | None:
        alone = self.field == "text" and len(self.slots) == 1 and not self.prefix
        return frozenset(self.slots[0]) if alone else None

    def spans(self, reading: Reading) -> list[ClauseSpan]:
        out: list[ClauseSpan] = []
        for field in self._fields():
            if self._by_place(reading):
                found = islice(windows(self._columns(reading, field), self.slop), MAX_SPANS)
                out += [reading.word_span(field, first, last) for first, last in found]
            elif self.prefix and reading.arabic and is_arabic(self.phrases[0]):
                out += [reading.word_span(field, at, at) for at in self._bare(reading, field)[:MAX_SPANS]]
            else:
                places = {
                    place
                    for phrase in self.phrases
                    for place in islice(reading.occurrences(field, phrase, whole=not self.prefix), MAX_SPANS)
                }
                out += [reading.span(field, start, end) for start, end in sorted(places)]
        return out[:MAX_SPANS]

    def _fields(self) -> tuple[str, ...]:
        return ("title", "body") if self.field == "text" else (self.field,)


Leaf = Tag | Role | Score | Words


def text_of(leaf: Leaf) -> str:
    """The clause in Lucene syntax."""
    return leaf.value if leaf.field == "text" else f"{leaf.field}:{leaf.value}"
