"""The matcher finds what a plain reading of the same query finds: 10,000 random pairs of query and article, and any order of changes.

The plain reading below shares nothing with the package but the folding: it looks at words, tags and numbers one by one.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.records import Enriched, Subscription
from newsfeed.subscriptions import Matcher, QueryError, from_json, parse
from newsfeed.subscriptions.clauses import text_of
from newsfeed.subscriptions.tree import leaves
from newsfeed.text import fold_text

WORDS = [
    "gas",
    "oil",
    "Gasoline",
    "Müller",
    "Mueller",
    "pipe",
    "talks",
    "naïve",
    "غاز",
    "والغاز",
    "الغاز",
    "رؤية",
    "لروسيا",
    "мир",
]
ASKED = {  # word of a query -> folded words of an article that it finds
    "gas": {"gas"}, "oil": {"oil"}, "gasoline": {"gasoline"}, "Müller": {"muller", "mueller"}, "mueller": {"mueller", "muller"}, "pipe": {"pipe"},
    "naive": {"naive"}, "غاز": {"غاز", "والغاز", "الغاز"}, "الغاز": {"الغاز", "والغاز"}, "والغاز": {"والغاز"}, "رؤيه": {"رويه"}, "روسيا": {"لروسيا"}, "МИР": {"мир"},
}  # fmt: skip
BEGUN = {
    "ga": {"gas", "gasoline"},
    "gas": {"gas", "gasoline"},
    "gasol": {"gasoline"},
    "pi": {"pipe"},
    "غا": {"غاز", "والغاز", "الغاز"},
    "gasoline": {"gasoline"},
}
ACTORS = {
    "RU": ("wd:Q159", "country", "Russia", "RU", "RUS"),
    "US": ("wd:Q30", "country", "United States", "US", "USA"),
    "TR": ("wd:Q43", "country", "Türkiye", "TR", "TUR"),
}
TOPICS = {
    "medtop:20000639": ["medtop:11000000", "medtop:20000638"],
    "medtop:20000638": ["medtop:11000000"],
    "medtop:15000000": [],
}
SOURCES = ["a.example", "b.example"]
Tree = tuple[Any, ...]


def _article(rng: random.Random, make: Callable[..., Enriched], number: int) -> Enriched:
    actors = [
        dict(zip(("id", "type", "name", "country", "code"), ACTORS[key], strict=True))
        for key in sorted(ACTORS)
        if rng.random() < 0.4
    ]
    topics = [
        {"id": id, "path": TOPICS[id], "score": rng.choice((0.2, 0.5, 0.9))}
        for id in sorted(TOPICS)
        if rng.random() < 0.4
    ]
    return make(
        " ".join(rng.choices(WORDS, k=rng.randint(0, 3))), " ".join(rng.choices(WORDS, k=rng.randint(0, 9))), article_id=f"{number:032x}",
        kind=rng.choice(("original", "update")), language=rng.choice(("en", "ar", None)), source=rng.choice(SOURCES), actors=actors, topics=topics,
    )  # fmt: skip


def _leaf(rng: random.Random) -> Tree:
    field = rng.choice(("", "", "title:", "body:"))
    form = rng.random()
    if form < 0.3:
        return ("words", field, (rng.choice(sorted(ASKED)),), 0)
    if form < 0.5:
        return ("words", field, tuple(rng.choices(sorted(ASKED), k=rng.randint(2, 3))), rng.choice((0, 0, 1, 2, 5)))
    if form < 0.6:
        return ("begun", field, rng.choice(sorted(BEGUN)))
    kind = rng.choice(("actor", "topic", "language", "source", "kind", "score"))
    values = {
        "actor": [*ACTORS, "wd:Q30"],
        "topic": [*TOPICS, "medtop:11000000"],
        "language": ["en", "ar"],
        "source": SOURCES,
        "kind": ["original", "update"],
        "score": [0.2, 0.5, 0.7],
    }
    return (kind, rng.choice(values[kind]))


def _tree(rng: random.Random, depth: int) -> Tree:
    form = rng.random()
    if depth == 0 or form < 0.3:
        return _leaf(rng)
    if form < 0.45:
        return ("not", _tree(rng, depth - 1))
    return ("and" if form < 0.8 else "or", *(_tree(rng, depth - 1) for _ in range(rng.randint(2, 4))))


def _text(tree: Tree) -> str:
    kind = tree[0]
    if kind in ("and", "or"):
        return "(" + f" {kind.upper()} ".join(map(_text, tree[1:])) + ")"
    if kind == "not":
        return f"NOT {_text(tree[1])}"
    if kind == "words":
        phrase = " ".join(tree[2])
        return tree[1] + (phrase if len(tree[2]) == 1 else f'"{phrase}"' + (f"~{tree[3]}" if tree[3] else ""))
    if kind == "begun":
        return f"{tree[1]}{tree[2]}*"
    return f"score:[{tree[1]} TO *]" if kind == "score" else f"{kind}:{tree[1]}"


def _holds(tree: Tree, article: Enriched) -> bool:
    kind = tree[0]
    if kind == "and":
        return all(_holds(part, article) for part in tree[1:])
    if kind == "or":
        return any(_holds(part, article) for part in tree[1:])
    if kind == "not":
        return not _holds(tree[1], article)
    if kind in ("words", "begun"):
        texts = {"": (article.title, article.body), "title:": (article.title,), "body:": (article.body,)}[tree[1]]
        folded = [fold_text(text).split() for text in texts]
        if kind == "begun":
            return any(word in BEGUN[tree[2]] for words in folded for word in words)
        return any(_stands(words, tree[2], tree[3]) for words in folded)
    if kind == "actor":
        return any(tree[1] in (actor.id, actor.country) for actor in article.actors)
    if kind == "topic":
        return any(tree[1] in (topic.id, *topic.path) for topic in article.topics)
    if kind == "score":
        return any(topic.score >= tree[1] for topic in article.topics)
    return {"language": article.language, "source": article.source, "kind": article.verdict.kind}[kind] == tree[1]


def _stands(words: list[str], asked: tuple[str, ...], slop: int) -> bool:
    for places in itertools.permutations(range(len(words)), len(asked)):
        moves = [place - number for number, place in enumerate(places)]
        if max(moves) - min(moves) <= slop and all(
            words[place] in ASKED[word] for place, word in zip(places, asked, strict=True)
        ):
            return True
    return False


def _queries(rng: random.Random, count: int) -> list[Tree]:
    out: list[Tree] = []
    while len(out) < count:
        tree = _tree(rng, 3)
        try:
            parse(_text(tree))
        except QueryError as error:
            assert "must hold" in str(error)  # noqa: PT017 - most are parsed
        else:
            out.append(tree)
    return out


def _subscription(number: int, tree: Tree) -> Subscription:
    return Subscription(id=f"{number:04}", query=_text(tree), on=["original", "update"])


def test_the_matcher_finds_what_a_plain_reading_finds(record: Callable[..., Enriched]) -> None:
    rng = random.Random(7)
    trees = _queries(rng, 200)
    matcher = Matcher()
    for number, tree in enumerate(trees):
        matcher.put(_subscription(number, tree))
    matched = 0
    for number in range(50):
        article = _article(rng, record, number)
        found = {match.subscription.id: match for match in matcher.match(article)}
        assert sorted(found) == [f"{n:04}" for n, tree in enumerate(trees) if _holds(tree, article)]
        matched += len(found)
        for match in found.values():
            for clause in match.clauses:
                for span in clause.spans:
                    assert span.text == getattr(article, span.field)[span.start : span.end] != ""
    assert 1_000 < matched < 9_000


@settings(max_examples=60)
@given(st.integers(0, 10_000))
def test_json_says_the_same(seed: int) -> None:
    tree = _queries(random.Random(seed), 1)[0]
    query = parse(_text(tree))
    again = from_json(query.to_json())
    assert again.root == query.root
    assert again.to_json() == query.to_json() == parse(query.to_json().decode()).to_json()


@settings(max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 7), st.integers(0, 30)), max_size=40))
def test_any_order_of_changes_leads_to_the_same_matches(changes: list[tuple[bool, int, int]]) -> None:
    from conftest import make

    rng = random.Random(3)
    trees = _queries(rng, 31)
    articles = [_article(rng, make, number) for number in range(3)]
    matcher, held = Matcher(), {}
    for put, place, choice in changes:
        if put:
            held[place] = trees[choice]
            matcher.put(_subscription(place, trees[choice]))
        else:
            held.pop(place, None)
            matcher.remove(f"{place:04}")
    assert len(matcher) == len(held)
    for article in articles:
        assert [match.subscription.id for match in matcher.match(article)] == [
            f"{p:04}" for p in sorted(held) if _holds(held[p], article)
        ]


@settings(max_examples=150)
@given(st.text(max_size=60) | st.text(alphabet='ab:"()*~[]{}+-!\\/ \x00\ud800ANDORT', max_size=40))
def test_odd_queries_are_parsed_or_refused(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        assert 1 <= error.column <= len(text) + 1  # noqa: PT017 - most are parsed
        str(error).encode()
    else:
        assert parse(query.to_json().decode()).root == query.root


@pytest.mark.parametrize(
    "text",
    ['"talks~"', '"N~"O', r"\"a!", r'"a \"b\" c"~3', '"gas"~2', r'"a\\"', 'actor:"RU"', r'source:"a \"b"', "title:ga*"],
)
def test_marks_of_the_syntax_within_a_value_are_kept(text: str) -> None:
    query = parse(text)
    assert parse(query.to_json().decode()).root == query.root
    written = " ".join(text_of(leaf) for leaf, _ in leaves(query.root))
    assert parse(written).root == query.root
