"""The tagger: article in, topics out, each with its score and the words that decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from newsfeed.records import Actor, Span, Topic
from newsfeed.records.position import Field
from newsfeed.subjects.decide import Decider, Evidence
from newsfeed.subjects.desk import read_desk_file
from newsfeed.subjects.language import lexicon_language
from newsfeed.subjects.lexicon import Lexicon
from newsfeed.subjects.rules import shipped_rules
from newsfeed.subjects.scan import scan
from newsfeed.subjects.scoring import scoring
from newsfeed.subjects.stems import LANGUAGES
from newsfeed.subjects.terms import shipped_terms
from newsfeed.subjects.weigh import Contribution, weigh
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
        evidence: by topic id, broader ones included.
    """

    language: str | None
    tags: SubjectTags
    contributions: list[Contribution]
    evidence: dict[str, Evidence]


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
        self._lexicons = {language: Lexicon(rules, language) for language in LANGUAGES}

    def tag(self, document: Document, actors: Sequence[Actor] = ()) -> SubjectTags:
        """The topics of an article.

        Args:
            document: cleaned title and body. actors: who is in it, as the actor tagger says; rules may ask for them.
        """
        return self.explain(document, actors).tags

    def explain(self, document: Document, actors: Sequence[Actor] = ()) -> Explanation:
        """The topics and everything that contributed to them."""
        language = lexicon_language(document)
        if language is None:
            return Explanation(None, SubjectTags([], None), [], {})
        lexicon = self._lexicons[language]
        hits = scan(document, lexicon, self._scoring.lead_words)
        contributions = weigh(hits, lexicon.actor_rules, actors, self._scoring)
        words = len(document.folded_title.words) + len(document.folded_body.words)
        evidence = self._decider.evidence(contributions, words)
        not_news = self._decider.not_news(contributions, len(document.folded_body.words))
        topics = []
        decided = self._decider.topics(evidence, language)
        speaking: dict[str, list[Contribution]] = {term.id: [] for term, _ in decided}
        for found in contributions:
            if found.weight > 0:
                for code in self._decider.lines(found):
                    if code in speaking:
                        speaking[code].append(found)
        for term, score in decided:
            if not_news and score < self._scoring.least_not_news:  # "Cancer" of a horoscope is no illness
                continue
            spans = self._spans(speaking[term.id], document)
            if spans:
                topics.append(Topic(id=term.id, name=term.name, path=list(term.path), score=score, evidence=spans))
        return Explanation(language, SubjectTags(topics, not_news), contributions, evidence)

    def _spans(self, speaking: list[Contribution], document: Document) -> list[Span]:
        """The weightiest words of a topic, no two overlapping, in reading order. Sorts ``speaking``, what speaks for it."""
        speaking.sort(key=lambda found: -found.weight)
        spans: list[Span] = []
        for found in speaking:
            for place in found.places[:1] if len(speaking) >= self._scoring.spans else found.places:
                span = _span(place, document)
                if all(
                    span.field != other.field or span.end <= other.start or span.start >= other.end for other in spans
                ):
                    spans.append(span)
                if len(spans) == self._scoring.spans:
                    return sorted(spans, key=lambda span: (span.field != "title", span.start))
        return sorted(spans, key=lambda span: (span.field != "title", span.start))


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
