"""Grouping: wait for company, keep an interval, cap what is told; by ticks, so that a replay repeats."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.records import Alert, Enriched, Group, Subscription
from newsfeed.subscriptions import Grouper, build_alert, group_key

GROUPED = Subscription(id="desk", query="gas", group=Group(by="root", wait=10, interval=60), cap=3)


def _alert(make: Callable[..., Enriched], number: int, subscription: Subscription = GROUPED, version: int = 1) -> Alert:
    return build_alert(subscription, make("gas", article_id=f"{number:032x}", version=version), [], trigger="original")


def test_without_timers_an_alert_leaves_at_once(record: Callable[..., Enriched]) -> None:
    for group in (None, Group(by="root")):
        subscription = Subscription(id="desk", query="gas", group=group)
        alert = _alert(record, 1, subscription)
        assert Grouper().add(alert, "k", subscription, 0) == [alert]


def test_the_group_waits_and_leaves_as_one(record: Callable[..., Enriched]) -> None:
    grouper = Grouper()
    for number in range(6):
        assert grouper.add(_alert(record, number), "k", GROUPED, 1_000 * number) == []
    assert grouper.tick(9_999) == []
    (alert,) = grouper.tick(10_000)
    assert alert.article_id == f"{0:032x}"
    assert alert.alert_id == _alert(record, 0).alert_id
    assert [other.article_id for other in alert.also] == [f"{1:032x}", f"{2:032x}"]
    assert alert.more == 3
    assert grouper.tick(100_000) == []


def test_what_comes_later_waits_for_the_interval(record: Callable[..., Enriched]) -> None:
    grouper = Grouper()
    grouper.add(_alert(record, 0), "k", GROUPED, 0)
    assert len(grouper.tick(10_000)) == 1
    grouper.add(_alert(record, 1), "k", GROUPED, 20_000)
    assert grouper.tick(69_999) == []
    assert [alert.article_id for alert in grouper.tick(70_000)] == [f"{1:032x}"]
    grouper.add(_alert(record, 2), "k", GROUPED, 500_000)
    assert grouper.tick(509_999) == []
    assert len(grouper.tick(510_000)) == 1


def test_a_replay_is_not_counted_and_a_newer_version_takes_the_place(record: Callable[..., Enriched]) -> None:
    grouper = Grouper()
    for version in (1, 1, 2, 1):
        grouper.add(_alert(record, 0, version=version), "k", GROUPED, 0)
    (alert,) = grouper.tick(10_000)
    assert (alert.version, alert.also, alert.more) == (2, [], 0)


def test_a_correction_does_not_wait(record: Callable[..., Enriched]) -> None:
    correction = build_alert(GROUPED, record("gas", kind="correction"), [], trigger="correction", corrects="f" * 32)
    assert Grouper().add(correction, "k", GROUPED, 0) == [correction]


def test_what_is_withdrawn_while_it_waits_is_not_told(record: Callable[..., Enriched]) -> None:
    grouper = Grouper()
    grouper.add(_alert(record, 0), "k", GROUPED, 0)
    grouper.add(_alert(record, 1), "k", GROUPED, 0)
    assert grouper.withdraw("desk", f"{0:032x}")
    assert not grouper.withdraw("desk", f"{9:032x}")
    (alert,) = grouper.tick(10_000)
    assert (alert.article_id, alert.also) == (f"{1:032x}", [])
    grouper.add(_alert(record, 2), "k", GROUPED, 200_000)
    grouper.drop("desk")
    assert grouper.tick(900_000) == []


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from("kl"), st.integers(0, 30)), max_size=30), st.integers(0, 30)
)
def test_a_snapshot_anywhere_changes_nothing(steps: list[tuple[int, str, int]], cut: int) -> None:
    from conftest import make

    whole, parts = Grouper(), Grouper()
    now, told, told_in_parts = 0, [], []
    for number, (article, key, seconds) in enumerate(steps):
        if number == cut:
            state, parts = parts.snapshot(), Grouper()
            parts.restore(state)
        now += seconds * 1000
        for grouper, out in ((whole, told), (parts, told_in_parts)):
            out += grouper.tick(now)
            out += grouper.add(_alert(make, article), key, GROUPED, now)
    told += whole.tick(now + 100_000)
    told_in_parts += parts.tick(now + 100_000)
    assert told == told_in_parts
    assert whole.snapshot() == parts.snapshot()
    assert all(len(alert.also) <= 2 for alert in told)


def test_the_key_of_a_group(record: Callable[..., Enriched]) -> None:
    article = record(
        "gas",
        root="b" * 32,
        actors=[{"id": "wd:Q30", "salience": 0.2}, {"id": "wd:Q43", "salience": 0.9}],
        topics=[{"id": "medtop:20000639"}],
    )
    assert [group_key(article, by) for by in ("root", "actor", "topic")] == ["b" * 32, "wd:Q43", "medtop:20000639"]
    assert group_key(record("gas"), "actor") == group_key(record("gas"), "topic") == "a" * 32


def test_other_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="no snapshot"):
        Grouper().restore(b"{}")
