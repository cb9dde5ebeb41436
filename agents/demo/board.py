"""What has come out so far of what was published, and how it differs from what should."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from agents.demo.sample import Expected, SampleMessage
from newsfeed.records import Alert, DeadLetter, Enriched, Verdict


@dataclass
class Outcome:
    """All that came of one message; more than one verdict or dead letter in all is a fault.

    Attributes:
        number: from 1, in the order of publishing.
    """

    number: int
    expected: Expected
    verdicts: list[Verdict] = field(default_factory=list)
    dead: list[DeadLetter] = field(default_factory=list)
    enriched: Enriched | None = None
    alerts: list[Alert] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict | None:
        return self.verdicts[0] if self.verdicts else None

    @property
    def kind(self) -> str | None:
        """Of the verdict, ``dead``, or None while nothing has come."""
        return "dead" if self.dead else self.verdict.kind if self.verdict else None

    @property
    def complete(self) -> bool:
        """Whether what must come has come."""
        if self.verdict is not None and self.verdict.published_kind and self.enriched is None:
            return False
        told = {alert.subscription for alert in self.alerts}
        return self.kind is not None and told >= set(self.expected.alerts)


class Board:
    """Outcomes by the raw position of their message.

    What arrives for a position that nobody published here is ignored: the topics may hold more than the sample.
    A record that a replay wrote twice counts once.
    """

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self._by_place: dict[tuple[int, int], Outcome] = {}
        self._first_of: dict[str, Outcome] = {}

    def published(self, message: SampleMessage, partition: int, offset: int) -> None:
        outcome = Outcome(number=len(self.outcomes) + 1, expected=message.expected)
        self.outcomes.append(outcome)
        self._by_place[partition, offset] = outcome

    def verdict(self, verdict: Verdict) -> None:
        outcome = self._by_place.get((verdict.raw.partition, verdict.raw.offset))
        if outcome is not None and verdict not in outcome.verdicts:
            outcome.verdicts.append(verdict)
            self._first_of.setdefault(verdict.article_id, outcome)

    def dead_letter(self, partition: int, offset: int, letter: DeadLetter) -> None:
        outcome = self._by_place.get((partition, offset))
        if outcome is not None and letter not in outcome.dead:
            outcome.dead.append(letter)

    def enriched(self, record: Enriched) -> None:
        outcome = self._by_place.get((record.verdict.raw.partition, record.verdict.raw.offset))
        if outcome is not None:
            outcome.enriched = record

    def alert(self, alert: Alert) -> None:
        outcome = self._by_place.get((alert.verdict.raw.partition, alert.verdict.raw.offset))
        if outcome is not None and alert.alert_id not in {known.alert_id for known in outcome.alerts}:
            outcome.alerts.append(alert)

    @property
    def complete(self) -> bool:
        return all(outcome.complete for outcome in self.outcomes)

    @property
    def decided(self) -> int:
        return sum(outcome.kind is not None for outcome in self.outcomes)

    def totals(self) -> Counter[str]:
        """Messages by the kind of their verdict, dead letters as ``dead``."""
        return Counter(outcome.kind for outcome in self.outcomes if outcome.kind is not None)

    def number_of(self, article_id: str | None) -> int | None:
        """The message that brought the article first."""
        outcome = self._first_of.get(article_id) if article_id is not None else None
        return outcome.number if outcome else None

    def name_of(self, article_id: str) -> str:
        """The name of that message, the id itself where it is none of ours."""
        outcome = self._first_of.get(article_id)
        return outcome.expected.name if outcome else article_id

    def differences(self) -> list[str]:
        """What is not as the sample says it should be, one line each; empty when all is well."""
        return [f"{outcome.expected.name}: {fault}" for outcome in self.outcomes for fault in faults(outcome, self)]


def faults(outcome: Outcome, board: Board) -> list[str]:
    """How one outcome differs from what is expected of it."""
    expected, verdict = outcome.expected, outcome.verdict
    if outcome.kind is None:
        return ["neither a verdict nor a dead letter came"]
    out = []
    if len(outcome.verdicts) + len(outcome.dead) > 1:
        out.append(f"{len(outcome.verdicts)} verdicts and {len(outcome.dead)} dead letters, one in all expected")
    if outcome.kind != expected.kind:
        out.append(f"{outcome.kind}, expected {expected.kind}")
    if outcome.dead:
        reason = outcome.dead[0].reason
        if expected.reason and reason != expected.reason:
            out.append(f"dead because of {reason}, expected {expected.reason}")
        return out
    assert verdict is not None
    of = board.name_of(verdict.of) if verdict.of else ""
    if of != expected.of:
        out.append(f"of {of or 'none'}, expected {expected.of or 'none'}")
    if expected.method and verdict.method != expected.method:
        out.append(f"method {verdict.method}, expected {expected.method}")
    if verdict.published_kind:
        out += _tag_faults(expected, outcome.enriched)
    elif outcome.enriched is not None:
        out.append("published although it is not to be")
    told = sorted({alert.subscription for alert in outcome.alerts})
    if told != sorted(expected.alerts):
        out.append(f"told to {', '.join(told) or 'none'}, expected {', '.join(sorted(expected.alerts)) or 'none'}")
    return out


def _tag_faults(expected: Expected, record: Enriched | None) -> list[str]:
    if record is None:
        return ["no enriched record came"]
    countries = {actor.country for actor in record.actors if actor.type == "country"}
    names = countries | {actor.id for actor in record.actors} | {actor.code for actor in record.actors}
    topics = {name for topic in record.topics for name in (topic.id, *topic.path)}
    out = [f"actor {actor} not found" for actor in expected.actors if actor not in names]
    out += [f"actor {actor} is out of place" for actor in expected.not_actors if actor in names]
    out += [f"topic {' or '.join(one)} not found" for one in expected.topics if not topics.intersection(one)]
    out += [f"topic {topic} is out of place" for topic in expected.not_topics if topic in topics]
    if expected.not_news and record.not_news != expected.not_news:
        out.append(f"not_news {record.not_news}, expected {expected.not_news}")
    return out
