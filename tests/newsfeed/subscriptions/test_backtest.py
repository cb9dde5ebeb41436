"""What a draft would have sent, and what came close."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from newsfeed.records import Enriched
from newsfeed.subscriptions import Backtest, QueryError


def backtest(query: str, feed: Iterable[tuple[Enriched, int]], **more: Any) -> Backtest:
    found = Backtest(query, **more)
    for enriched, time_ms in feed:
        found.look(enriched, time_ms)
    return found


def test_hits_near_misses_and_the_rate(record: Callable[..., Enriched]) -> None:
    feed = [
        record("gas prices", article_id="1"),
        record("gas talks", article_id="2", source="example.com"),
        record("gas", article_id="3"),
        record("wood", article_id="4"),
        record("gas prices", article_id="1", kind="update", version=2),
        record("", article_id="1", kind="withdrawal", version=3, of="1"),
        record("gas prices", article_id="5", kind="correction", of="4"),
    ]
    times = range(0, 7_000, 1_000)
    found = backtest("gas AND (prices OR talks) AND NOT source:example.com", zip(feed, times, strict=True))
    assert (found.read, found.hits, found.near) == (7, 2, 2)
    assert [hit.enriched.verdict.kind for hit in found.samples] == ["original", "withdrawal"]
    assert [clause.clause for clause in found.samples[0].clauses] == ["gas", "prices"]
    assert found.failures == {"NOT source:example.com": 1, "prices OR talks": 1}
    assert [(miss.enriched.article_id, miss.failed) for miss in found.near_samples] == [
        ("2", "NOT source:example.com"),
        ("3", "prices OR talks"),
    ]
    assert (found.first_ms, found.last_ms) == (0, 6_000)
    assert found.triggers == {"original": 1, "withdrawal": 1}
    assert found.daily(43_200_000) == pytest.approx(4)
    assert found.daily(60_000) is None


def test_nothing_read_and_a_broken_draft(record: Callable[..., Enriched]) -> None:
    assert backtest("gas", []).first_ms is None
    update = (record("gas", kind="update"), 0)
    assert backtest("gas", [update]).hits == 0
    assert backtest("gas", [update], on=["update"]).hits == 1
    with pytest.raises(QueryError):
        backtest("gas AND", [])


def test_the_newest_are_kept(record: Callable[..., Enriched]) -> None:
    feed = [(record("gas", article_id=str(number)), number) for number in range(9)]
    found = backtest("gas", feed, samples=2)
    assert (found.hits, [hit.enriched.article_id for hit in found.samples]) == (9, ["7", "8"])
