"""A bad subscription harms nobody; queries and articles of any size are refused or read in time."""

from __future__ import annotations

import time
from collections.abc import Callable
from sys import getsizeof

import pytest

from newsfeed.records import Enriched, Subscription
from newsfeed.subscriptions import Matcher, QueryError, parse


@pytest.mark.parametrize(
    "query",
    ["x" * 100_000, "(" * 10_000 + "x" + ")" * 10_000, "(" * 4_000 + "x" + ")" * 4_000, "NOT " * 2_400 + "x", "-" * 9_000 + "x", "a " * 4_900, '"' + "a " * 4_000 + '"',
     '{"not":' * 5_000 + "1" + "}" * 5_000, "{" * 9_000, "x\ud800", '{"word": "\ud800"}', "a:" * 4_000 + "b", "topic:" * 1_000 + "b", "\\" * 9_999, "~" * 9_000, "[" * 9_000],
    ids=lambda query: f"{query[:12]}… {len(query)}",
)  # fmt: skip
def test_monsters_are_refused_in_time(query: str) -> None:
    started = time.process_time()
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert time.process_time() - started < 2
    assert len(str(caught.value)) < 400


def test_a_bad_subscription_leaves_what_was_there(record: Callable[..., Enriched]) -> None:
    matcher = Matcher()
    matcher.put(Subscription(id="desk", query="gas"))
    with pytest.raises(QueryError):
        matcher.put(Subscription(id="desk", query="gas AND"))
    assert [match.subscription.query for match in matcher.match(record("gas"))] == ["gas"]
    matcher.remove("nobody")
    assert len(matcher) == 1


def test_paused_subscriptions_and_other_triggers_are_passed_over(record: Callable[..., Enriched]) -> None:
    matcher = Matcher()
    matcher.put(Subscription(id="paused", query="gas", paused=True))
    matcher.put(Subscription(id="plain", query="gas"))
    matcher.put(Subscription(id="updates", query="gas", on=["update"]))
    assert [match.subscription.id for match in matcher.match(record("gas"))] == ["plain"]
    assert [match.subscription.id for match in matcher.match(record("gas", kind="update"))] == ["updates"]
    assert matcher.match(record("gas", kind="duplicate")) == []
    matcher.put(Subscription(id="plain", query="oil"))
    assert matcher.match(record("gas")) == []
    found = matcher.get("plain")
    assert found is not None
    assert found.query == "oil"


@pytest.mark.parametrize(
    "body",
    ["gas " * 200_000, "x" * 1_000_000, "a b " * 250_000, "غاز " * 200_000, "\ud800\x00" * 1_000, ""],
    ids=["gas", "x", "a b", "arabic", "odd", "empty"],
)
def test_long_articles_are_matched_in_time(body: str, record: Callable[..., Enriched]) -> None:
    matcher = Matcher()
    for query in (
        '"gas oil"~100 OR "a a b b a a b c"~90 OR "غاز نفط"',
        '"a a a a a a a a"~100',
        "gas",
        "ga* AND NOT zz*",
        '"gas gas gas gas"',
        "غاز",
        "xx*",
    ):
        matcher.put(Subscription(id=query, query=query))
    started = time.process_time()
    for match in matcher.match(record("t", body)):
        assert all(len(clause.spans) <= 20 for clause in match.clauses)
    assert time.process_time() - started < 10


def test_resolved_names(record: Callable[..., Enriched]) -> None:
    article = record("talks", actors=[{"id": "nf:own", "name": "Own Name"}])
    matcher = Matcher(lambda name: ["nf:own"] if name == "الخاص" else [])
    matcher.put(Subscription(id="a", query="actor:الخاص"))
    matcher.put(Subscription(id="b", query="actor:Other"))
    assert [match.subscription.id for match in matcher.match(article)] == ["a"]


def test_equal_clauses_are_one_object(record: Callable[..., Enriched]) -> None:
    matcher = Matcher()
    matcher.put(Subscription(id="a", query="gas AND oil"))
    matcher.put(Subscription(id="b", query="gas AND wood"))
    first, second = matcher.match(record("gas oil wood"))
    assert first.clauses[0] is second.clauses[0]


def test_the_index_says_what_it_holds_and_gives_it_back() -> None:
    matcher = Matcher()
    empty = matcher.index_bytes
    for number in range(100):
        matcher.put(Subscription(id=f"{number}", query=f"word{number} AND (other{number} OR gas{number % 7}*)"))
    held = matcher.index_bytes
    index = matcher._index
    keys = sum(getsizeof(name) + getsizeof(key) for name, key in index._table.items())
    places = sum(getsizeof(each) + sum(map(getsizeof, each)) for each in index._places.values())
    tables = index._present.nbytes + getsizeof(index._table) + getsizeof(index._places)
    assert held == pytest.approx(keys + places + tables, rel=0.05)  # arrays keep some room
    for number in range(100):
        matcher.remove(f"{number}")
    assert index._filed == 0
    assert empty <= matcher.index_bytes < held


def test_what_removed_queries_leave_behind_is_forgotten(record: Callable[..., Enriched]) -> None:
    matcher = Matcher()
    matcher.put(Subscription(id="stays", query="gas AND (oil OR coal) AND NOT wood"))
    for number in range(3_000):
        matcher.put(
            Subscription(
                id="changes",
                query=f"word{number} AND language:en AND (a{number} OR b{number} OR c{number}) AND NOT d{number}",
            )
        )
    assert len(matcher._leaves) < 7_000
    assert len(matcher._sets) < 4_000
    assert [match.subscription.id for match in matcher.match(record("gas oil"))] == ["stays"]
    assert [match.subscription.id for match in matcher.match(record("word2999 b2999"))] == ["changes"]
    assert matcher.match(record("word2998 b2998")) == []
