"""From evidence to topics: which top terms an article is about, how narrow one can be, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

from newsfeed.subjects.forms import form_evidence
from newsfeed.subjects.rules import NOT_NEWS
from newsfeed.subjects.scan import Found
from newsfeed.subjects.scoring import Scoring, balance
from newsfeed.subjects.terms import Term, Terms
from newsfeed.subjects.weigh import Weighed


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the topics of one article.

    Attributes:
        amounts: by topic, narrower ones included: sum of the weights for an article of usual length.
        patterns: by top term: how many different ones. told_by: the same by every topic.
        decisive: topics with a pattern of decisive weight.
        borne: topics that one plain word of theirs or several weaker ones speak for.
    """

    amounts: dict[str, float]
    patterns: dict[str, int]
    told_by: dict[str, int]
    decisive: set[str]
    borne: set[str]


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

    def evidence(self, weighed: Weighed, words: int) -> Evidence:
        """Evidence after the length of the article (words of title and body)."""
        scoring = self._scoring
        amounts: dict[str, float] = {}
        patterns: dict[str, int] = {}
        decisive: set[str] = set()
        told_by: dict[str, int] = {}
        plain: dict[str, float] = {}  # sum of the weights as written
        for pointer, weight in weighed:
            for code in pointer.topics:
                amounts[code] = amounts.get(code, 0.0) + weight
                told_by[code] = told_by.get(code, 0) + 1
                plain[code] = plain.get(code, 0.0) + pointer.weight
            for code in pointer.tops:
                patterns[code] = patterns.get(code, 0) + 1
            if pointer.weight >= scoring.decisive:
                decisive.update(pointer.topics)
        factor = (scoring.usual_words / max(words, scoring.short_words)) ** scoring.length_power
        borne = {code for code, weight in plain.items() if weight >= scoring.child_weight}
        return Evidence({code: amount * factor for code, amount in amounts.items()}, patterns, told_by, decisive, borne)

    def shares(self, evidence: Evidence, language: str) -> list[tuple[str, float]]:
        """Each top term that anything speaks for, and its share of the evidence (0-1)."""
        tops = self._balanced(evidence, language)
        whole = sum(tops.values()) + self._scoring.other
        return [(code, amount / whole) for code, amount in tops.items()]

    def _balanced(self, evidence: Evidence, language: str) -> dict[str, float]:
        return {
            code: evidence.amounts[code] * self._balance.get((language, code), 1.0)
            for code in evidence.patterns
            if evidence.amounts[code] > 0
        }

    def topics(self, evidence: Evidence, language: str) -> list[tuple[Term, float]]:
        """The topics to tell with their scores (0-1), those of the likeliest top term first."""
        scoring = self._scoring
        tops = self._balanced(evidence, language)
        whole = sum(tops.values()) + scoring.other
        small = min(scoring.least_share, scoring.decisive_share) * whole
        ranked = sorted(
            (-self.probability(evidence.patterns[code], amount / whole), code)
            for code, amount in tops.items()
            if amount >= small
        )
        least = max(scoring.least, scoring.least_beside * -ranked[0][0]) if ranked else scoring.least
        out: list[tuple[Term, float]] = []
        for rank, (minus, code) in enumerate(ranked):
            score, amount = -minus, tops[code]
            if score >= least and amount >= max(scoring.least_evidence, scoring.least_share * whole):
                told = self._narrowed(code, score, evidence, scoring.side_patterns if rank else 1)
            elif (
                evidence.decisive and amount >= scoring.decisive_share * whole
            ):  # a side of the story with words of its own
                told = [
                    pair
                    for pair in self._narrowed(code, score, evidence)
                    if pair[0].path and pair[0].id in evidence.decisive
                ]
            else:
                continue
            out += sorted(told, key=lambda pair: (-pair[1], -len(pair[0].path), pair[0].id))[: scoring.most_of_one]
        return out[: scoring.most]

    def probability(self, patterns: int, share: float) -> float:
        """How likely a top term with so many patterns and this share of all evidence is right (logistic, fitted on development data)."""
        scoring = self._scoring
        value = scoring.bias + scoring.share * share + scoring.distinct * log(1 + patterns)
        return round(1 / (1 + exp(-value)), 3)

    def _narrowed(self, code: str, score: float, evidence: Evidence, least: int = 1) -> list[tuple[Term, float]]:
        """The narrowest topics below ``code`` that carry enough of its evidence (``least`` patterns or a decisive one), else itself."""
        scoring, amounts = self._scoring, evidence.amounts
        amount = amounts[code]
        found = [
            (narrower, amounts[narrower])
            for narrower in self._narrower.get(code, ())
            if narrower in evidence.borne
            and amounts[narrower] > 0
            and (evidence.told_by[narrower] >= least or narrower in evidence.decisive)
        ]
        best = max((own for _, own in found), default=0.0)
        out: list[tuple[Term, float]] = []
        only_sides = bool(self._terms.by_id[code].path)  # a side of a narrower topic does not stand for it
        enough = max(scoring.child_evidence, scoring.child_share * amount, scoring.sibling_share * best)
        beside = max(scoring.side_evidence, scoring.side_share * amount)
        for narrower, own in found:
            usual = own >= enough
            if usual or own >= beside:
                only_sides = only_sides and not usual
                share = min(1.0, own / amount)
                out += self._narrowed(narrower, round(score * share**scoring.child_power, 3), evidence, least)
        return [*out, (self._terms.by_id[code], score)] if only_sides or not out else out

    def not_news(self, weighed: Weighed, found: Found, words: int) -> str | None:
        """What it is instead of news (``horoscope``, ``listing`` …), or None.

        Args:
            weighed, found: of all rules: words of a kind, and of the forms in which lists, advice and offers speak. words: of the body.
        """
        scoring = self._scoring
        manner = [pair for pair in weighed if pair[0].manner]
        amounts = form_evidence(manner, found, words)
        told_by_form = set(amounts)
        for pointer, weight in manner:
            for topic in pointer.rule.topics:
                if topic.startswith(NOT_NEWS):
                    kind = topic[len(NOT_NEWS) :]
                    amounts[kind] = amounts.get(kind, 0.0) + weight
        least = {kind: scoring.not_news_form if kind in told_by_form else scoring.not_news for kind in amounts}
        said = [(amount / least[kind], kind) for kind, amount in amounts.items() if amount >= least[kind]]
        return max(said)[1] if said else None
