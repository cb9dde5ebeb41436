"""How far an agent is behind, and when that means that it does not move."""

from __future__ import annotations

from agents.lag import Lag, Reach

PLACE = ("clean", "news.raw.v1", 0)


def looked(*looks: tuple[int, int, float]) -> Lag:
    """After looks at (done, end, seconds)."""
    lag = Lag()
    for done, end, now in looks:
        lag.note({PLACE: Reach(done, end)}, now)
    return lag


def test_nothing_waits_where_all_is_done() -> None:
    lag = looked((5, 5, 0.0), (5, 5, 100.0))
    assert (lag.messages(), lag.stalled()) == ({PLACE: 0}, (0.0, None))


def test_work_that_just_came_has_not_waited() -> None:
    assert looked((5, 5, 0.0), (5, 9, 100.0)).stalled() == (0.0, None)


def test_work_without_a_commit_that_moves_is_stalled_since_it_was_first_seen() -> None:
    lag = looked((5, 9, 0.0), (5, 9, 30.0), (5, 12, 60.0))
    assert (lag.messages(), lag.stalled()) == ({PLACE: 7}, (60.0, PLACE))


def test_any_progress_ends_a_stall() -> None:
    assert looked((5, 9, 0.0), (5, 9, 30.0), (6, 12, 60.0)).stalled() == (0.0, None)


def heard(*looks: tuple[int | None, float]) -> Lag:
    """After looks at a partition without work, of which the broker spoke last at such milliseconds."""
    lag = Lag()
    for at, now in looks:
        lag.note({PLACE: Reach(5, 5, at)}, now)
    return lag


def test_a_broker_that_answers_is_not_silent() -> None:
    lag = heard((1_000, 0.0), (2_000, 1.0))
    assert (lag.silent(), lag.stalled()) == (0.0, (0.0, None))


def test_a_broker_that_says_nothing_is_silent_and_a_stall() -> None:
    lag = heard((1_000, 0.0), (2_000, 1.0), (2_000, 31.0), (2_000, 61.0))
    assert (lag.silent(), lag.stalled()) == (60.0, (60.0, PLACE))
    lag.note({PLACE: Reach(5, 5, 63_000)}, 62.0)
    assert (lag.silent(), lag.stalled()) == (0.0, (0.0, None))


def test_nobody_listens_for_the_broker_while_there_is_work() -> None:
    lag = looked((5, 9, 0.0), (5, 9, 30.0))
    assert (lag.silent(), lag.stalled()) == (0.0, (30.0, PLACE))


def test_a_partition_that_went_elsewhere_is_forgotten() -> None:
    lag = looked((5, 9, 0.0), (5, 9, 30.0))
    lag.note({}, 40.0)
    assert (lag.messages(), lag.stalled()) == ({}, (0.0, None))


def test_what_prometheus_is_told() -> None:
    behind, still = looked((5, 9, 0.0), (5, 9, 30.0)).collect()
    (sample,), (seconds,) = behind.samples, still.samples
    assert (sample.name, sample.value, seconds.name, seconds.value) == (
        "newsfeed_lag_records",
        4,
        "newsfeed_lag_seconds",
        30.0,
    )
    assert sample.labels == {"agent": "clean", "topic": "news.raw.v1", "partition": "0"}
