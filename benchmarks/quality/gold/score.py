"""Holds what the taggers say of one article against its gold answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.quality.gold.load import Answer, GoldActor
from newsfeed.records import Actor, Topic


@dataclass
class Count:
    """Right, wrong and missed over articles; ``left`` are answers that count neither way."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    left: int = 0

    def add(self, other: Count) -> None:
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed
        self.left += other.left

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong)) if self.right + len(self.wrong) else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed)) if self.right + len(self.missed) else 1.0

    @property
    def f1(self) -> float:
        return _f1(self.right, len(self.wrong), len(self.missed))

    @property
    def strict_f1(self) -> float:
        """With every answer that counts neither way held to be wrong: the lower bound."""
        return _f1(self.right, len(self.wrong) + self.left, len(self.missed))


def _f1(right: int, wrong: int, missed: int) -> float:
    return 2 * right / (2 * right + wrong + missed) if right + wrong + missed else 1.0


@dataclass(frozen=True)
class Compared:
    """One article's counts: actors by id, countries by id and role, codes of actors found, topics."""

    actors: Count
    countries: Count
    codes: Count
    low: Count
    top: Count


def compare(answer: Answer, actors: Sequence[Actor], topics: Sequence[Topic]) -> Compared:
    found, wrong, left = pair(answer, actors)
    missed = [gold for gold in answer.actors if gold.id not in found]
    countries, codes = Count(), Count()
    by_id = {actor.id: actor for actor in actors}
    for gold in answer.actors:
        actor = found.get(gold.id)
        if gold.code and actor is not None:
            if actor.code == gold.code:
                codes.right += 1
            else:
                codes.wrong.append(f"{actor.id}: {actor.code} instead of {gold.code}")
        if not is_country(gold):
            continue
        if actor is None:
            countries.missed.append(gold.id)
        elif (said := role(by_id[actor.id])) == gold.role:
            countries.right += 1
        else:
            countries.wrong.append(f"{actor.name} as {said}")
            countries.missed.append(f"{actor.name} as {gold.role}")
    countries.wrong += [actor.name for actor in wrong if actor.type == "country"]
    countries.left = sum(actor.type == "country" for actor in left)
    low_found = {topic.id: topic.name for topic in topics if topic.path or not topic.id.startswith("medtop:")}
    top_found = dict.fromkeys(tops(topics), "as top term")
    return Compared(
        Count(
            len(found),
            [f"{a.id} ({_texts(a)})" for a in wrong],
            [f"{g.id} {g.text}".strip() for g in missed],
            len(left),
        ),
        countries,
        codes,
        _sets(low_found, answer.low, answer.low_maybe),
        _sets(top_found, answer.top, answer.top_maybe),
    )


def pair(answer: Answer, actors: Sequence[Actor]) -> tuple[dict[str, Actor], list[Actor], list[Actor]]:
    """(gold id -> the actor that is it, actors that are wrong, actors that count neither way)."""
    found, used = _claim(answer.actors, actors, frozenset())
    _, both = _claim(answer.actors_maybe, actors, used)
    neither = both - used
    left = [actor for actor in actors if actor.id in neither]
    return found, [actor for actor in actors if actor.id not in used | neither], left


def _claim(
    golds: Iterable[GoldActor], actors: Sequence[Actor], used: frozenset[str]
) -> tuple[dict[str, Actor], frozenset[str]]:
    """Each gold actor takes the actor of its id, else (where no list knows the gold) one named as it is in the text."""
    golds = tuple(golds)
    free = {actor.id: actor for actor in actors if actor.id not in used}
    found = {gold.id: free.pop(gold.id) for gold in golds if gold.id in free}
    for gold in golds:
        if gold.id in found or not gold.unlisted:
            continue
        kinds = ("person",) if gold.id.startswith("nf:person-") else ("organisation", "group")
        for actor in free.values():
            if actor.type in kinds and any(_same(gold.text, mention.text) for mention in actor.mentions):
                found[gold.id] = free.pop(actor.id)
                break
    return found, used | {actor.id for actor in found.values()}


def _same(gold: str, mention: str) -> bool:
    """One holds the other, and is not more than twice as long (a case ending, a title or a legal form apart)."""
    short, long = sorted((gold.casefold(), mention.casefold()), key=len)
    return short in long and 2 * len(short) >= len(long)


def is_country(gold: GoldActor) -> bool:
    return gold.id.startswith("wd:") and len(gold.code) == 3


def role(actor: Actor) -> str:
    """``location`` where all mentions are."""
    return "actor" if any(mention.role == "actor" for mention in actor.mentions) else "location"


def tops(topics: Iterable[Topic]) -> set[str]:
    """The top terms of topics, in IPTC's scheme."""
    every = {topic.path[0] if topic.path else topic.id for topic in topics}
    return {top for top in every if top.startswith("medtop:")}


def jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0


def _sets(found: dict[str, str], gold: frozenset[str], maybe: frozenset[str]) -> Count:
    ids = set(found)
    return Count(
        len(ids & gold),
        [f"{topic} {found[topic]}" for topic in sorted(ids - gold - maybe)],
        sorted(gold - ids),
        len((ids & maybe) - gold),
    )


def _texts(actor: Actor) -> str:
    return " | ".join(dict.fromkeys(mention.text for mention in actor.mentions[:3]))
