"""What a draft would have sent, and what came close."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsfeed.records import Enriched
from newsfeed.subscriptions import QueryError, backtest


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
    found = backtest("gas AND (prices OR talks) AND NOT source:example.com", feed, seconds=43_200)
    assert (found.read, found.hits, found.near) == (7, 2, 2)
    assert [hit.enriched.verdict.kind for hit in found.samples] == ["original", "withdrawal"]
    assert [clause.clause for clause in found.samples[0].clauses] == ["gas", "prices"]
    assert found.failures == {"NOT source:example.com": 1, "prices OR talks": 1}
    assert [(miss.enriched.article_id, miss.failed) for miss in found.near_samples] == [
        ("2", "NOT source:example.com"),
        ("3", "prices OR talks"),
    ]
    assert found.share == pytest.approx(2 / 7)
    assert found.daily == pytest.approx(4)


def test_nothing_read_and_a_broken_draft(record: Callable[..., Enriched]) -> None:
    assert backtest("gas", []).share == 0
    assert backtest("gas", []).daily is None
    assert backtest("gas", [record("gas", kind="update")]).hits == 0
    assert backtest("gas", [record("gas", kind="update")], on=["update"]).hits == 1
    with pytest.raises(QueryError):
        backtest("gas AND", [])
