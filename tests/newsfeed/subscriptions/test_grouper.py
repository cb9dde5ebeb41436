"""Grouping: wait for company, keep an interval, cap what is told; by the times of the records, so that a replay repeats."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.records import Alert, Company, Enriched, Group, Subscription
from newsfeed.subscriptions import Grouper, build_alert, company, group_key

K = Company("k", 10_000, 60_000, 3)


def _alert(make: Callable[..., Enriched], number: int, version: int = 1) -> Alert:
    return build_alert("desk", make("gas", article_id=f"{number:032x}", version=version), [], trigger="original")


@pytest.mark.parametrize("group", [None, Group(by="root")])
def test_without_timers_an_alert_leaves_at_once(record: Callable[..., Enriched], group: Group | None) -> None:
    joined = company(Subscription(id="desk", query="gas", group=group), record("gas"))
    assert joined is None
    alert = _alert(record, 1)
    assert Grouper().add(alert, joined, 0, 0) == [alert]


def test_the_company_of_an_article(record: Callable[..., Enriched]) -> None:
    subscription = Subscription(id="desk", query="gas", group=Group(by="root", wait=0.5, interval=1e9), cap=2)
    assert company(subscription, record("gas")) == Company("a" * 32, 500, 86_400_000, 2)
    negative = Subscription(id="desk", query="gas", group=Group(by="root", wait=-1, interval=-1))
    assert company(negative, record("gas")) is None


def test_the_group_waits_and_leaves_as_one(record: Callable[..., Enriched]) -> None:
    grouper = Grouper()
    for number in range(6):
        assert grouper.add(_alert(record, number), K, 1_000 * number, number) == []
    assert grouper.tick(9_999, 6) == []
    (alert,) = grouper.tick(10_000, 7)
    assert alert.article_id == f"{0:032x}"
    assert alert.alert_id == _alert(record, 0).alert_id
    assert [other.article_id for other in alert.also] == [f"{1:032x}", f"{2:032x}"]
    assert alert.more == 3
    assert grouper.tick(100_000, 8) == []
    assert ("desk", "k") not in grouper, "the interval is over"


def test_what_comes_later_waits_for_the_interval(record: Callable[..., Enriched]) -> None:
    grouper = Grouper()
    grouper.add(_alert(record, 0), K, 0, 0)
    assert len(grouper.tick(10_000, 1)) == 1
    grouper.add(_alert(record, 1), K, 20_000, 2)
    assert grouper.tick(69_999, 3) == []
    assert [alert.article_id for alert in grouper.tick(70_000, 4)] == [f"{1:032x}"]
    grouper.add(_alert(record, 2), K, 500_000, 5)
    assert grouper.tick(509_999, 6) == []
    assert len(grouper.tick(510_000, 7)) == 1


def test_the_first_of_an_interval_does_not_wait_where_no_wait_is_asked(record: Callable[..., Enriched]) -> None:
    grouper, often = Grouper(), Company("k", 0, 60_000)
    first = _alert(record, 0)
    assert grouper.add(first, often, 0, 0) == [first]
    assert grouper.add(_alert(record, 1), often, 1_000, 1) == []
    assert len(grouper.tick(60_000, 2)) == 1


def test_a_newer_version_takes_the_place(record: Callable[..., Enriched]) -> None:
    grouper = Grouper()
    for offset, version in enumerate((1, 2, 1)):
        grouper.add(_alert(record, 0, version=version), K, 0, offset)
    (alert,) = grouper.tick(10_000, 3)
    assert (alert.version, alert.also, alert.more) == (2, [], 0)


def test_what_was_counted_and_stands_in_the_log_again_changes_nothing(record: Callable[..., Enriched]) -> None:
    first, second = Grouper(), Grouper()
    alerts = [_alert(record, number) for number in range(6)]
    for offset, alert in enumerate([*alerts, *alerts[3:]]):
        first.add(alert, K, 0, offset)
    (state,) = first.changed(9).values()
    second.load(("desk", "k"), state, dict(enumerate(alerts)))
    for grouper in (first, second):
        grouper.add(alerts[4], K, 1_000, 9)
        (told,) = grouper.tick(10_000, 10)
        assert (len(told.also), told.more) == (2, 3)
        assert grouper.add(alerts[5], K, 11_000, 11) == []
        assert grouper.tick(70_000, 12) == [], "counted is not told, and not counted again"
        update = _alert(record, 5, version=2)
        grouper.add(update, K, 71_000, 13)
        assert grouper.tick(90_000, 14) == [update]


def test_what_is_withdrawn_while_it_waits_is_not_told(record: Callable[..., Enriched]) -> None:
    grouper = Grouper()
    grouper.add(_alert(record, 0), K, 0, 0)
    grouper.add(_alert(record, 1), K, 0, 1)
    grouper.withdraw(f"{0:032x}", 2)
    grouper.withdraw(f"{9:032x}", 3)
    (alert,) = grouper.tick(10_000, 4)
    assert (alert.article_id, alert.also) == (f"{1:032x}", [])
    grouper.add(_alert(record, 2), Company("other", 10, 10), 20_000, 5)
    grouper.withdraw(f"{2:032x}", 6)
    assert grouper.tick(900_000, 7) == []


def test_what_is_corrected_while_it_waits_leaves_now_for_those_who_want_the_correction(
    record: Callable[..., Enriched],
) -> None:
    grouper = Grouper()
    grouper.add(_alert(record, 0), K, 0, 0)
    assert grouper.hurry(f"{0:032x}", 500, 1, lambda subscription: False) == []
    assert [alert.article_id for alert in grouper.hurry(f"{0:032x}", 500, 2, lambda subscription: True)] == [
        f"{0:032x}"
    ]
    assert len(grouper) == 0


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from("kl"), st.integers(0, 30)), max_size=30),
    st.integers(0, 30), st.integers(0, 5),
)  # fmt: skip
def test_another_grouper_goes_on_from_states_that_are_ahead_of_its_log(
    steps: list[tuple[int, str, int]], cut: int, back: int
) -> None:
    from conftest import make

    log, now = [], 0
    for article, key, seconds in steps:
        now += seconds * 1000
        log.append((now, None))
        log.append((now, (_alert(make, article), Company(key, 10_000, 60_000, 3))))
    log.append((now + 100_000, None))

    def apply(grouper: Grouper, begin: int, end: int) -> list[tuple[int, Alert]]:
        out = []
        for offset in range(begin, min(end, len(log))):
            at, what = log[offset]
            left = grouper.tick(at, offset) if what is None else grouper.add(*what, at, offset)
            out += [(offset, alert) for alert in left]
        return out

    whole = Grouper()
    told = apply(whole, 0, len(log))
    first, second, states = Grouper(), Grouper(), {}
    told_in_parts = []
    for offset in range(min(2 * cut, len(log))):  # a state is written with every record
        told_in_parts += apply(first, offset, offset + 1)
        states |= first.changed(offset + 1)
    for key, state in states.items():
        second.load(key, state, {offset: what[0] for offset, (_, what) in enumerate(log) if what is not None})
    again = apply(second, max(0, 2 * cut - back), len(log))
    assert [each for each in again if each not in told_in_parts] == [each for each in told if each not in told_in_parts]
    assert {alert.alert_id for _, alert in told_in_parts + again} == {alert.alert_id for _, alert in told}
    assert whole.changed(len(log)).keys() >= second.changed(len(log)).keys()
    assert all(len(alert.also) <= 2 for _, alert in told)


def test_an_old_correction_does_not_hurry_what_came_after_it(record: Callable[..., Enriched]) -> None:
    first, second = Grouper(), Grouper()
    first.add(_alert(record, 0), K, 0, 4)
    (state,) = first.changed(5).values()
    second.load(("desk", "k"), state, {4: _alert(record, 0)})
    assert second.hurry(f"{0:032x}", 0, 2, lambda subscription: True) == []
    assert len(second.hurry(f"{0:032x}", 0, 5, lambda subscription: True)) == 1


def test_the_key_of_a_group(record: Callable[..., Enriched]) -> None:
    article = record(
        "gas",
        root="b" * 32,
        actors=[{"id": "wd:Q30", "salience": 0.2}, {"id": "wd:Q43", "salience": 0.9}],
        topics=[{"id": "medtop:20000639"}],
    )
    assert [group_key(article, by) for by in ("root", "actor", "topic")] == ["b" * 32, "wd:Q43", "medtop:20000639"]
    assert group_key(record("gas"), "actor") == group_key(record("gas"), "topic") == "a" * 32
