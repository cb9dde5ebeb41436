"""From evidence to topics: which top terms an article is about, how narrow one can be, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import NamedTuple

from newsfeed.subjects.forms import form_evidence
from newsfeed.subjects.rules import NOT_NEWS
from newsfeed.subjects.scoring import Scoring, balance
from newsfeed.subjects.terms import Term, Terms
from newsfeed.subjects.weigh import Contribution


class Evidence(NamedTuple):
    """What speaks for one topic, narrower ones included.

    Attributes: amount: sum of the contributions for an article of usual length; patterns: how many different ones; heaviest: the weight of
    the heaviest pattern, as the rules give it.
    """

    amount: float
    patterns: int
    heaviest: float


class Decider:
    """Decides by the tree of topics.

    Args:
        terms: all topics. scoring: the figures.
    """

    def __init__(self, terms: Terms, scoring: Scoring) -> None:
        self._terms, self._scoring = terms, scoring
        self._balance = balance()
        self._narrower: dict[str, list[str]] = {}
        for term in terms:
            if above := terms.broader(term):
                self._narrower.setdefault(above.id, []).append(term.id)
        self._lines = {term.id: (*term.path, term.id) for term in terms}
        self._of_topics: dict[tuple[str, ...], tuple[str, ...]] = {}  # the topics of a rule -> their lines

    def lines(self, contribution: Contribution) -> tuple[str, ...]:
        """The topics a contribution counts for, each once, broader ones included."""
        topics = contribution.rule.topics
        found = self._of_topics.get(topics)
        if found is None:
            found = tuple(dict.fromkeys(code for topic in topics for code in self._lines.get(topic, ())))
            self._of_topics[topics] = found
        return found

    def evidence(self, contributions: Sequence[Contribution], words: int) -> dict[str, Evidence]:
        """Evidence by topic id, after the length of the article (words of title and body)."""
        scoring = self._scoring
        factor = (scoring.usual_words / max(words, scoring.short_words)) ** scoring.length_power
        sums: dict[str, list[float]] = {}
        for contribution in contributions:
            weight, base = contribution.weight, contribution.base
            for code in self.lines(contribution):
                found = sums.get(code)
                if found is None:
                    sums[code] = [weight, 1, max(base, 0.0)]
                else:
                    found[0] += weight
                    found[1] += 1
                    found[2] = max(found[2], base)
        return {
            code: Evidence(amount * factor, int(patterns), heaviest)
            for code, (amount, patterns, heaviest) in sums.items()
            if amount > 0
        }

    def topics(self, evidence: dict[str, Evidence], language: str) -> list[tuple[Term, float]]:
        """The topics to tell with their scores (0-1), those of the likeliest top term first."""
        scoring = self._scoring
        tops = {
            code: Evidence(found.amount * self._balance.get((language, code), 1.0), found.patterns, found.heaviest)
            for code, found in evidence.items()
            if len(self._lines.get(code, ())) == 1
        }
        whole = sum(found.amount for found in tops.values()) + scoring.other
        small = min(scoring.least_share, scoring.decisive_share) * whole
        ranked = sorted(
            (
                (self.probability(found, found.amount / whole), code)
                for code, found in tops.items()
                if found.amount >= small
            ),
            key=lambda pair: (-pair[0], pair[1]),
        )
        least = max(scoring.least, scoring.least_beside * ranked[0][0]) if ranked else scoring.least
        out: list[tuple[Term, float]] = []
        for score, code in ranked:
            if score >= least and tops[code].amount >= max(scoring.least_evidence, scoring.least_share * whole):
                told = self._narrowed(code, score, evidence)
            elif tops[code].amount >= scoring.decisive_share * whole:  # a side of the story with words of its own
                told = [
                    pair
                    for pair in self._narrowed(code, score, evidence)
                    if pair[0].path and evidence[pair[0].id].heaviest >= scoring.decisive
                ]
            else:
                continue
            out += sorted(told, key=lambda pair: (-pair[1], -len(pair[0].path), pair[0].id))[: scoring.most_of_one]
        return out[: scoring.most]

    def probability(self, found: Evidence, share: float) -> float:
        """How likely a top term with this evidence and share of all evidence is right (logistic, fitted on development data)."""
        scoring = self._scoring
        value = scoring.bias + scoring.share * share + scoring.distinct * log(1 + found.patterns)
        return round(1 / (1 + exp(-value)), 3)

    def _narrowed(self, code: str, score: float, evidence: dict[str, Evidence]) -> list[tuple[Term, float]]:
        """The narrowest topics below ``code`` that carry enough of its evidence, else itself."""
        scoring, amount = self._scoring, evidence[code].amount
        found = [
            (narrower, evidence[narrower].amount) for narrower in self._narrower.get(code, ()) if narrower in evidence
        ]
        best = max((own for _, own in found), default=0.0)
        out: list[tuple[Term, float]] = []
        only_sides = bool(self._terms.by_id[code].path)  # a side of a narrower topic does not stand for it
        for narrower, own in found:
            usual = own >= max(scoring.child_evidence, scoring.child_share * amount, scoring.sibling_share * best)
            if usual or own >= max(scoring.side_evidence, scoring.side_share * amount):
                only_sides = only_sides and not usual
                share = min(1.0, own / amount)
                out += self._narrowed(narrower, round(score * share**scoring.child_power, 3), evidence)
        return [*out, (self._terms.by_id[code], score)] if only_sides or not out else out

    def not_news(self, contributions: Sequence[Contribution], words: int) -> str | None:
        """What it is instead of news (``horoscope``, ``listing`` …), or None.

        Args:
            contributions: of all rules: words of a kind, and of the forms in which lists, advice and offers speak. words: of the body.
        """
        scoring = self._scoring
        amounts = form_evidence(contributions, words)
        told_by_form = set(amounts)
        for contribution in contributions:
            for topic in contribution.rule.topics:
                if topic.startswith(NOT_NEWS):
                    kind = topic[len(NOT_NEWS) :]
                    amounts[kind] = amounts.get(kind, 0.0) + contribution.weight
        least = {kind: scoring.not_news_form if kind in told_by_form else scoring.not_news for kind in amounts}
        said = [(amount / least[kind], kind) for kind, amount in amounts.items() if amount >= least[kind]]
        return max(said)[1] if said else None
