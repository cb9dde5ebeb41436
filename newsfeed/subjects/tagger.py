"""The tagger: article in, topics out, each with its score and the words that decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from newsfeed.records import Actor, Span, Topic
from newsfeed.records.position import Field
from newsfeed.subjects.decide import Decider
from newsfeed.subjects.desk import read_desk_file
from newsfeed.subjects.language import lexicon_language
from newsfeed.subjects.lexicon import Lexicon, Pointer
from newsfeed.subjects.rules import shipped_rules
from newsfeed.subjects.scan import Found, scan
from newsfeed.subjects.scoring import scoring
from newsfeed.subjects.stems import LANGUAGES
from newsfeed.subjects.terms import shipped_terms
from newsfeed.subjects.weigh import Contribution, Weighed, contributions, weigh
from newsfeed.text import Document


@dataclass(frozen=True, slots=True)
class SubjectTags:
    """Attributes: topics, best first; not_news: what it is instead of news, or None."""

    topics: list[Topic]
    not_news: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article has the topics it has.

    Attributes:
        language: whose rules were used, None where there are none for its language.
        tags: what ``tag`` says. contributions: every pattern that counted, in the order of the rules.
    """

    language: str | None
    tags: SubjectTags
    contributions: list[Contribution]


class SubjectTagger:
    """Tags articles with topics by the shipped rules and a desk's own.

    Args:
        extra: a desk's own rule files (TSV or YAML). Read once: rules never change under a running worker.

    Raises:
        RuleError: a file cannot be used; says file, line, column and reason.
    """

    def __init__(self, extra: Sequence[Path] = ()) -> None:
        terms, rules = shipped_terms(), list(shipped_rules())
        for path in extra:
            more_rules, more_terms = read_desk_file(path, terms)
            terms, rules = terms.extended(more_terms), rules + more_rules
        self.terms = terms
        self._scoring = scoring()
        self._decider = Decider(terms, self._scoring)
        self._lexicons = {language: Lexicon(rules, language, terms) for language in LANGUAGES}

    def tag(self, document: Document, actors: Sequence[Actor] = ()) -> SubjectTags:
        """The topics of an article.

        Args:
            document: cleaned title and body. actors: who is in it, as the actor tagger says; rules may ask for them.
        """
        language = lexicon_language(document)
        return SubjectTags([], None) if language is None else self._tag(document, actors, language)[0]

    def explain(self, document: Document, actors: Sequence[Actor] = ()) -> Explanation:
        """The topics and everything that contributed to them."""
        language = lexicon_language(document)
        if language is None:
            return Explanation(None, SubjectTags([], None), [])
        tags, weighed, found = self._tag(document, actors, language)
        return Explanation(language, tags, contributions(weighed, found))

    def shares(self, document: Document) -> list[tuple[str, float, int]]:
        """For each top term that anything speaks for: its id, its share of the evidence, number of different patterns. What a score is made of."""
        language = lexicon_language(document)
        if language is None:
            return []
        found = scan(document, lexicon := self._lexicons[language])
        words = len(document.folded_title.words) + len(document.folded_body.words)
        evidence = self._decider.evidence(weigh(found, lexicon, [], self._scoring), words)
        return [(code, share, evidence.patterns[code]) for code, share in self._decider.shares(evidence, language)]

    def _tag(self, document: Document, actors: Sequence[Actor], language: str) -> tuple[SubjectTags, Weighed, Found]:
        lexicon, scoring, decider = self._lexicons[language], self._scoring, self._decider
        found = scan(document, lexicon)
        weighed = weigh(found, lexicon, actors, scoring)
        words = len(document.folded_body.words)
        not_news = decider.not_news(weighed, found, words)
        decided = decider.topics(decider.evidence(weighed, len(document.folded_title.words) + words), language)
        if not_news:  # "Cancer" of a horoscope is no illness
            decided = [(term, score) for term, score in decided if score >= scoring.least_not_news]
        speaking: dict[str, Weighed] = {term.id: [] for term, _ in decided}
        for pair in weighed:
            if pair[1] > 0:
                for code in pair[0].topics:
                    if code in speaking:
                        speaking[code].append(pair)
        topics = []
        for term, score in decided:
            if spans := self._spans(speaking[term.id], found, document):
                topics.append(Topic(id=term.id, name=term.name, path=list(term.path), score=score, evidence=spans))
        return SubjectTags(topics, not_news), weighed, found

    def _spans(self, speaking: Weighed, found: Found, document: Document) -> list[Span]:
        """The weightiest words of a topic, no two overlapping, in reading order. Sorts ``speaking``, what speaks for it."""
        speaking.sort(key=_weight, reverse=True)
        most = self._scoring.spans
        spans: list[Span] = []
        for pointer, _ in speaking:
            places = found.places(pointer.number)
            for place in places[:1] if len(speaking) >= most else places:
                span = _span(place, document)
                if not any(_overlap(span, other) for other in spans):
                    spans.append(span)
                if len(spans) == most:
                    return sorted(spans, key=_in_reading_order)
        return sorted(spans, key=_in_reading_order)


def _weight(pair: tuple[Pointer, float]) -> float:
    return pair[1]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end and one.field == other.field


def _in_reading_order(span: Span) -> tuple[bool, int]:
    return span.field != "title", span.start


def _span(place: tuple[str, int, int], document: Document) -> Span:
    name, first, last = place
    text = document.title if name == "title" else document.body
    if first < 0:  # of an actor: code points already
        start, end = -first - 1, last
    else:
        folded = document.folded_title if name == "title" else document.folded_body
        starts, ends = folded.word_bounds
        start, end = folded.span(int(starts[first]), int(ends[last - 1]))
    return Span(field=cast(Field, name), start=start, end=end, text=text[start:end])
