"""Who hears of a correction: exactly those who were told, for as long as it is remembered."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from newsfeed.records import Enriched, Subscription
from newsfeed.subscriptions import Heard, Told, alert_id, build_alert
from newsfeed.subscriptions.told import DAY_MS

SUBSCRIPTION = Subscription(id="desk", query="gas")
OTHER = Subscription(id="other", query="oil")


def test_only_who_was_told_hears_of_a_correction(record: Callable[..., Enriched]) -> None:
    told = Told()
    first = build_alert(SUBSCRIPTION.id, record("gas"), [], trigger="original")
    told.remember(first, 1_000)
    told.remember(build_alert(OTHER.id, record("oil", article_id="b" * 32), [], trigger="original"), 1_000)
    correction = record("water", article_id="c" * 32, kind="correction", of="a" * 32)
    assert told.who(correction) == {"desk": first.alert_id}
    assert told.who(record("gas", article_id="d" * 32)) == {}
    assert told.who(replace(correction, verdict=replace(correction.verdict, of="e" * 32))) == {}


def test_the_newest_alert_is_named_and_a_replay_changes_nothing(record: Callable[..., Enriched]) -> None:
    told = Told()
    first = build_alert(SUBSCRIPTION.id, record("gas"), [], trigger="original")
    second = build_alert(SUBSCRIPTION.id, record("gas", kind="update", version=2), [], trigger="update")
    told.remember(first, 1_000)
    told.remember(second, 1_000, 1)
    told.remember(first, 1_000)
    withdrawal = record("", kind="withdrawal", version=3, of="a" * 32)
    assert told.who(withdrawal) == {"desk": second.alert_id}
    newest = told.newest("desk", "a" * 32)
    assert newest is not None
    assert (newest.alert_id, newest.version) == (second.alert_id, 2)
    assert told.newest("other", "a" * 32) is None


def test_the_rest_of_a_group_was_told_and_what_is_only_counted_was_not(record: Callable[..., Enriched]) -> None:
    told = Told()
    rest = build_alert(SUBSCRIPTION.id, record("gas", article_id="b" * 32), [], trigger="original")
    told.remember(build_alert(SUBSCRIPTION.id, record("gas"), [], trigger="original", also=[rest], more=3), 0)
    assert len(told) == 2
    assert list(told.who(record("", kind="withdrawal", article_id="b" * 32, of="b" * 32))) == ["desk"]


def test_it_is_forgotten_in_log_time(record: Callable[..., Enriched]) -> None:
    told = Told(days=2)
    told.remember(build_alert(SUBSCRIPTION.id, record("gas"), [], trigger="original"), 0)
    withdrawal = record("", kind="withdrawal", version=2, of="a" * 32)
    told.remember(build_alert(OTHER.id, record("oil", article_id="b" * 32), [], trigger="original"), 2 * DAY_MS)
    assert list(told.who(withdrawal)) == ["desk"]
    told.remember(build_alert(OTHER.id, record("oil", article_id="d" * 32), [], trigger="original"), 2 * DAY_MS + 1)
    assert told.who(withdrawal) == {}


def test_a_part_of_an_alert_is_enough(record: Callable[..., Enriched]) -> None:
    rest = build_alert(SUBSCRIPTION.id, record("gas", article_id="b" * 32), [], trigger="original")
    alert = build_alert(SUBSCRIPTION.id, record("gas"), [], trigger="original", also=[rest])
    whole, part = Told(), Told()
    whole.remember(alert, 7, 3)
    part.remember(msgspec.json.decode(msgspec.json.encode(alert), type=Heard), 7, 3)
    for article in ("a" * 32, "b" * 32):
        assert whole.newest("desk", article) == part.newest("desk", article) is not None


def test_alert_ids() -> None:
    assert alert_id("desk", "original", "a", 1) == alert_id("desk", "original", "a", 1)
    ids = {
        alert_id(*parts)
        for parts in (
            ("desk", "original", "a", 1),
            ("desk", "original", "a", 2),
            ("desk", "update", "a", 1),
            ("des", "koriginal", "a", 1),
            ("desk", "original", "a", None),
        )
    }
    assert len(ids) == 5
    assert all(len(id) == 32 and int(id, 16) >= 0 for id in ids)
    assert len(alert_id("مكتب\ud800", "original", "a", 1)) == 32
