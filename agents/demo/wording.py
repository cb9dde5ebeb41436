"""Outcomes in words: why a verdict was given, who is in it, what it is about, who was told."""

from __future__ import annotations

from agents.demo.board import Board, Outcome
from newsfeed.records import Alert, Verdict

MOST_ACTORS, MOST_TOPICS = 5, 3
_SAME = {
    "same_message": "the same message as {of}",
    "same_url": "the same address and text as {of}",
    "identical_text": "word for word {of}, from elsewhere",
    "near_copy": "{of} with words changed",
    "partial_copy": "{of} cut short",
}


def title_of(outcome: Outcome) -> str:
    """The title that came out; for a dead letter and a withdrawal the name in the sample."""
    title = outcome.verdict.title if outcome.verdict else ""
    return title or f"({outcome.expected.name})"


def why(outcome: Outcome, board: Board) -> str:
    """One sentence for the verdict or dead letter, with the measure that decided."""
    if outcome.dead:
        return f"{outcome.dead[0].reason}: {outcome.dead[0].detail}"
    verdict = outcome.verdict
    if verdict is None:
        return "…"
    number = board.number_of(verdict.of)
    of = f"#{number}" if number is not None else verdict.of or "an article that is not known here"
    said = _sentence(verdict, of)
    return "; ".join([said + _measure(verdict), *verdict.notes])


def _sentence(verdict: Verdict, of: str) -> str:
    if verdict.kind == "duplicate":
        return _SAME.get(verdict.method, "the same as {of}").format(of=of)
    if verdict.kind == "update":
        added = sum(change.op == "inserted" for change in verdict.changes)
        return f"version {verdict.version} of {of}: {added} passages new, {len(verdict.changes) - added} gone"
    if verdict.kind == "original" and verdict.method == "partial_copy":
        return f"{of} stands in it, with news of its own around"
    return {
        "original": "new",
        "correction": f"says that it corrects {of}",
        "withdrawal": f"takes back {of}",
        "embargo": "held until it comes as usable",
    }[verdict.kind]


def _measure(verdict: Verdict) -> str:
    if verdict.score is None or verdict.threshold is None or verdict.of is None or verdict.threshold == 1.0:
        return ""
    return f" ({verdict.score:.2f} of it shared, {verdict.threshold:.2f} asked)"


def who(outcome: Outcome) -> str:
    """The most salient actors; countries by their code."""
    if outcome.enriched is None:
        return ""
    actors = sorted(outcome.enriched.actors, key=lambda actor: (-actor.salience, actor.id))[:MOST_ACTORS]
    return ", ".join(actor.country or actor.name if actor.type == "country" else actor.name for actor in actors)


def about(outcome: Outcome) -> str:
    """The best topics by name; what else it is where it is not news."""
    if outcome.enriched is None:
        return ""
    if outcome.enriched.not_news:
        return f"no news: {outcome.enriched.not_news}"
    topics = sorted(outcome.enriched.topics, key=lambda topic: (-topic.score, topic.id))[:MOST_TOPICS]
    return ", ".join(topic.name for topic in topics)


def clauses_of(alert: Alert) -> str:
    """The clauses that matched, each with the first words that satisfied it."""
    parts = []
    for clause in alert.clauses:
        parts.append(f"{clause.clause} → {clause.spans[0].text}" if clause.spans else clause.clause)
    return "; ".join(parts)
