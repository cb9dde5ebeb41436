"""Seeded articles and desk queries for the matcher, made of the project's own topics and actors and of words spread as in real text."""

from __future__ import annotations

import bisect
import itertools
import random
from dataclasses import dataclass

from newsfeed import data
from newsfeed.records import Actor, Enriched, Mention, Position, Span, Subscription, Topic, Verdict

VOCABULARY = 40_000
BODY_WORDS = 480  # 3 KB
TITLE_WORDS = 9
COMMON_WORDS = 1_000  # nobody asks for these
SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "va",
    "we",
    "xi",
    "yo",
    "zu",
    "ster",
    "land",
    "mark",
    "port",
)


@dataclass(frozen=True, slots=True)
class World:
    """What there is to write and ask about, commonest first; ``*_weights`` (written about) and ``*_asked`` are cumulative (Zipf)."""

    words: list[str]
    topics: list[tuple[str, str, list[str]]]
    actors: list[tuple[str, str, str, str, str]]
    sources: list[str]
    word_weights: list[float]
    topic_weights: list[float]
    actor_weights: list[float]
    topic_asked: list[float]
    actor_asked: list[float]


def world(seed: int) -> World:
    """The vocabulary of a seed."""
    rng = random.Random(seed)
    words = list(
        {"".join(rng.choices(SYLLABLES, k=rng.choice((1, 2, 2, 3, 3, 4)))): None for _ in range(VOCABULARY * 3)}
    )[:VOCABULARY]
    topics = [(row["id"], row["name"], row["path"].split()) for row in data.rows("subjects/topics.tsv")]
    tables = ("countries", "organisations", "people")
    actors = [
        (row["id"], row["type"], row["name_en"], row["country"], row["code"])
        for table in tables
        for row in data.rows(f"actors/{table}.tsv")
    ]
    rng.shuffle(topics)
    rng.shuffle(actors)
    return World(
        words, topics, actors, [f"desk{number}.example.com" for number in range(200)],
        _zipf(len(words), 1.0), _zipf(len(topics), 0.7), _zipf(len(actors), 0.8), _zipf(len(topics), 0.1), _zipf(len(actors), 0.15),
    )  # fmt: skip


def _zipf(size: int, power: float) -> list[float]:
    return list(itertools.accumulate(1 / (rank + 3) ** power for rank in range(size)))


def _draw(rng: random.Random, weights: list[float], count: int) -> list[int]:
    return [bisect.bisect(weights, rng.random() * weights[-1]) for _ in range(count)]


def articles(world: World, count: int, seed: int) -> list[Enriched]:
    """``count`` enriched originals of about 3 KB with 8 actors and 3 topics each."""
    rng = random.Random(seed)
    return [_article(world, rng, number) for number in range(count)]


def _article(world: World, rng: random.Random, number: int) -> Enriched:
    numbers = _draw(rng, world.word_weights, TITLE_WORDS + BODY_WORDS)
    title = " ".join(world.words[n] for n in numbers[:TITLE_WORDS])
    body = " ".join(world.words[n] for n in numbers[TITLE_WORDS:])
    first = len(world.words[numbers[TITLE_WORDS]])
    actors = [world.actors[n] for n in sorted(set(_draw(rng, world.actor_weights, 8)))]
    topics = [world.topics[n] for n in sorted(set(_draw(rng, world.topic_weights, 3)))]
    source = rng.choice(world.sources)
    identity = f"{number:032x}"
    return Enriched(
        article_id=identity, version=1, url=f"https://{source}/{number}", source=source, language="en", published=None, title=title, body=body,
        verdict=Verdict(
            article_id=identity, version=1, raw=Position(topic="benchmark", partition=0, offset=number), url=None, source=source, title=title,
            published=None, language="en", kind="original", root=identity,
        ),
        actors=[
            Actor(id=id, type=kind, name=name, country=country or None, code=code or None, salience=0.5, count=1,  # type: ignore[arg-type]
                  mentions=[Mention(field="body", start=0, end=first, text=body[:first])])
            for id, kind, name, country, code in actors
        ],
        topics=[
            Topic(id=id, name=name, path=path, score=round(rng.uniform(0.3, 1), 2), evidence=[Span(field="body", start=0, end=first, text=body[:first])])
            for id, name, path in topics
        ],
    )  # fmt: skip


def queries(world: World, count: int, seed: int) -> list[Subscription]:
    """``count`` desk queries of 2 to 5 clauses: who and what, words and phrases of what is written, sources left out."""
    rng = random.Random(seed)
    return [Subscription(id=f"desk-{number:06}", query=_query(world, rng)) for number in range(count)]


def _actor(world: World, rng: random.Random) -> str:
    id, kind, _, country, code = world.actors[_draw(rng, world.actor_asked, 1)[0]]
    return country if kind == "country" and country else code if len(code) > 5 and rng.random() < 0.3 else id


def _words(world: World, rng: random.Random) -> str:
    word, other = (world.words[int(COMMON_WORDS * (len(world.words) / COMMON_WORDS) ** rng.random())] for _ in range(2))
    form = rng.random()
    if form < 0.6:
        return word
    if form < 0.8:
        return f'"{word} {other}"'
    return f'"{word} {other}"~{rng.randint(2, 8)}' if form < 0.95 or len(word) < 6 else f"{word[:6]}*"


def _query(world: World, rng: random.Random) -> str:
    def topic() -> str:
        id, _, path = world.topics[_draw(rng, world.topic_asked, 1)[0]]
        return f"topic:{path[0] if path and rng.random() < 0.25 else id}"

    makers = {
        "who": lambda: f"actor:{_actor(world, rng)}",
        "both": lambda: f"actor:({_actor(world, rng)} AND {_actor(world, rng)})",
        "either": lambda: f"actor:({_actor(world, rng)} OR {_actor(world, rng)} OR {_actor(world, rng)})",
        "topic": topic,
        "topics": lambda: f"({topic()} OR {topic()})",
        "words": lambda: _words(world, rng),
        "choice": lambda: f"({_words(world, rng)} OR {_words(world, rng)})",
        "language": lambda: "language:en",
        "not": lambda: f"NOT source:{rng.choice(world.sources)}",
        "without": lambda: f"NOT {_words(world, rng)}",
    }
    shape = rng.choice(
        (
            ("who", "topic"), ("either", "topic"), ("who", "words"), ("topic", "words"), ("who", "topic", "words"), ("both", "topics"),
            ("who", "choice", "not"), ("topics", "choice", "without"), ("either", "topic", "words", "language"), ("who", "topic", "not", "language"),
            ("words", "words", "topic"), ("either", "choice", "topics", "not", "without"), ("words", "words"),
        )
    )  # fmt: skip
    return " AND ".join(makers[part]() for part in shape)
