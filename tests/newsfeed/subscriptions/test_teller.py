"""Who is told what: corrections go to exactly those who were told, and another teller goes on where one was killed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.records import Clause, Company, Enriched, Matched, MatchesRecord, Notice, Tick
from newsfeed.subscriptions import Ahead, GroupState, Heard, Mark, Teller, build_alert
from newsfeed.subscriptions.teller import LATE_MS

Log = list[tuple[int, MatchesRecord]]
WAITS = Company("k", 10_000, 60_000, 3)


def matched(
    enriched: Enriched,
    offset: int,
    subscription: str = "desk",
    company: Company | None = None,
    trigger: Any = "original",
) -> Matched:
    return Matched(build_alert(subscription, enriched, [], trigger=trigger), (0, offset), company)


def everyone(id: str, trigger: str) -> bool:
    return True


def told(teller: Teller, *log: tuple[int, MatchesRecord]) -> list[tuple[str, str, str, str | None]]:
    out = []
    for time_ms, record in log:
        for alert, _ in teller.take(record, time_ms, teller.until):
            out.append((alert.subscription, alert.trigger, alert.article_id[0], alert.corrects))
    return out


A, B, C = ("a" * 32, "b" * 32, "c" * 32)


def test_a_correction_reaches_exactly_those_who_were_told(record: Callable[..., Enriched]) -> None:
    teller = Teller(lambda id, trigger: id != "paused")
    found = matched(record("gas", article_id=A), 1)
    correction = Notice(
        record("water", article_id=C, kind="correction", of=A), (0, 9), [("x", b"y")],
        {"desk": [Clause(clause="water")], "never told": []},
    )  # fmt: skip
    assert told(
        teller, (0, found), (1, matched(record("gas", article_id=A), 1, "paused")),
        (2, matched(record("oil", article_id=B), 2, "other")),
    ) == [("desk", "original", "a", None), ("paused", "original", "a", None), ("other", "original", "b", None)]  # fmt: skip
    ((alert, notice),) = teller.take(correction, 3, 3)
    assert (alert.subscription, alert.trigger, alert.corrects) == ("desk", "correction", found.alert.alert_id)
    assert (alert.clauses, notice) == ([Clause(clause="water")], correction)
    withdrawal = Notice(record("", article_id=A, version=2, kind="withdrawal", of=A), (0, 10))
    ((alert, _),) = teller.take(withdrawal, 4, 4)
    assert (alert.trigger, alert.corrects, alert.version) == ("withdrawal", found.alert.alert_id, 2)


def test_what_match_writes_again_is_passed_over(record: Callable[..., Enriched]) -> None:
    teller, found = Teller(everyone), matched(record("gas"), 7, "b")
    assert len(told(teller, (0, found))) == 1
    assert told(teller, (0, found), (0, matched(record("gas"), 7, "a")), (0, matched(record("gas"), 6, "c"))) == []
    assert len(told(teller, (0, matched(record("gas"), 7, "c")))) == 1


def test_an_event_that_stands_twice_is_told_once(record: Callable[..., Enriched]) -> None:
    """A crash of *tag* writes it again, at another offset of news.enriched.v1; an update is another version."""
    teller = Teller(everyone)
    pause = Company("k", 0, 60_000)
    first, again = (matched(record("gas", article_id=A), offset, company=pause) for offset in (1, 2))
    update = matched(record("gas", article_id=A, version=2), 3, company=pause, trigger="update")
    log = [(0, first), (1, again), (70_000, Tick()), (70_001, update), (200_000, Tick())]
    assert [trigger for _, trigger, _, _ in told(teller, *log)] == ["original", "update"]


def test_withdrawn_while_it_waits_is_not_told(record: Callable[..., Enriched]) -> None:
    teller = Teller(everyone)
    withdrawal = Notice(record("", article_id=A, version=2, kind="withdrawal", of=A), (0, 2))
    log = [(0, matched(record("gas", article_id=A), 1, company=WAITS)), (5, withdrawal), (20_000, Tick())]
    assert told(teller, *log) == []


def test_corrected_while_it_waits_is_told_and_then_corrected(record: Callable[..., Enriched]) -> None:
    correction = Notice(record("water", article_id=C, kind="correction", of=A), (1, 2))
    log: Log = [(0, matched(record("gas", article_id=A), 1, company=WAITS)), (5, correction), (20_000, Tick())]
    both = told(Teller(everyone), *log)
    assert [each[1:3] for each in both] == [("original", "a"), ("correction", "c")]
    only = told(Teller(lambda id, trigger: trigger != "correction"), *log)
    assert [each[1:3] for each in only] == [("original", "a")]


@pytest.mark.parametrize("company", [None, WAITS])
def test_the_match_comes_after_the_notice_that_names_it(
    record: Callable[..., Enriched], company: Company | None
) -> None:
    correction = Notice(record("water", article_id=C, kind="correction", of=A), (1, 2))
    late = matched(record("gas", article_id=A), 1, company=company)
    both = told(Teller(everyone), (0, correction), (5, late))
    assert [each[1:3] for each in both] == [("original", "a"), ("correction", "c")]
    assert both[1][3] == late.alert.alert_id
    assert len(told(Teller(everyone), (0, correction), (LATE_MS + 1, matched(record("gas", article_id=A), 1)))) == 1


def test_a_version_after_the_corrected_one_is_not_corrected_again(record: Callable[..., Enriched]) -> None:
    corrected = record("water", article_id=C, kind="correction", of=A)
    corrected = msgspec.structs.replace(corrected, verdict=msgspec.structs.replace(corrected.verdict, of_version=1))
    newer = matched(record("gas", article_id=A, version=2, kind="update", of=A), 3, trigger="update")
    assert [each[1] for each in told(Teller(everyone), (0, Notice(corrected, (1, 2))), (5, newer))] == ["update"]


def test_a_second_withdrawal_does_not_bring_the_first_again(record: Callable[..., Enriched]) -> None:
    first, second = (
        Notice(record("", article_id=A, version=version, kind="withdrawal", of=A), (0, version)) for version in (2, 3)
    )
    log: Log = [(0, matched(record("gas", article_id=A), 1)), (5, first), (6, second)]
    told_of = [each[1] for each in told(Teller(everyone), *log)]
    assert told_of == ["original", "withdrawal", "withdrawal"]


def test_corrections_that_name_each_other_come_to_an_end(record: Callable[..., Enriched]) -> None:
    teller = Teller(everyone)
    log = [
        (0, Notice(record("x", article_id=C, kind="correction", of=A), (0, 1))),
        (1, Notice(record("y", article_id=A, version=2, kind="correction", of=C), (0, 2))),
        (2, Notice(record("z", article_id=A, version=3, kind="correction", of=C), (0, 3))),
        (3, matched(record("gas", article_id=A), 4)),
    ]
    found = told(teller, *log)
    assert [(each[1], each[2]) for each in found] == [
        ("original", "a"),
        ("correction", "c"),
        ("correction", "a"),
        ("correction", "a"),
    ]


def test_who_has_gone_is_not_told_what_waited(record: Callable[..., Enriched]) -> None:
    there = {"desk"}
    teller = Teller(lambda id, trigger: id in there)
    assert told(teller, (0, matched(record("gas"), 1, company=WAITS))) == []
    there.clear()
    assert told(teller, (10_000, Tick())) == []


def test_killed_between_the_groups_and_the_mark(record: Callable[..., Enriched]) -> None:
    """The alert stands in the log and the group has left, yet both causes are read again: it counts as told, once."""
    first, second = Teller(everyone), Teller(everyone)
    log: Log = [(0, matched(record("gas", article_id=A), 1, company=WAITS)), (10_000, Tick())]
    ((alert, _),) = [each for offset, (at, made) in enumerate(log) for each in first.take(made, at, offset)]
    second.load(Mark(), [Ahead(1, 10_000, msgspec.json.decode(msgspec.json.encode(alert), type=Heard))])
    for key, state in first.grouper.changed(2).items():
        second.grouper.load(key, state, {})
    assert told(second, *log) == []
    correction = Notice(record("water", article_id=C, kind="correction", of=A), (0, 2))
    assert told(second, (11_000, correction)) == [("desk", "correction", "c", alert.alert_id)]


STEP = st.one_of(
    st.tuples(st.just("match"), st.integers(0, 5), st.sampled_from("xy"), st.sampled_from([None, "k", "l"])),
    st.tuples(st.just("correct"), st.integers(0, 5)),
    st.tuples(st.just("withdraw"), st.integers(0, 5)),
    st.tuples(st.just("tick")),
    st.tuples(st.just("again"), st.integers(0, 9)),
)


@settings(max_examples=200)
@given(st.lists(STEP, max_size=25), st.data())
def test_a_teller_that_is_killed_anywhere_is_followed_by_one_that_tells_the_same(
    steps: list[tuple[Any, ...]], data: st.DataObject
) -> None:
    """A model of news.alerts.v1 and news.groups.v1: alerts, then groups, then the mark; any end of them may be missing."""
    from conftest import make

    log: Log = []
    for number, (what, *more) in enumerate(steps):
        made: MatchesRecord = Tick()
        if what == "match":
            article, subscription, key = more
            company = Company(key, 3_000, 9_000, 2) if key else None
            made = matched(make("gas", article_id=f"{article:032x}"), number, subscription, company)
        elif what in ("correct", "withdraw"):
            kind, id = ("correction", 100 + number) if what == "correct" else ("withdrawal", more[0])
            made = Notice(
                make("", article_id=f"{id:032x}", version=1 if what == "correct" else 2 + number, kind=kind, of=f"{more[0]:032x}"), (0, number)
            )  # fmt: skip
        elif what == "again" and log:
            made = log[more[0] % len(log)][1]
        log.append((number * 1_000, made))
    log += [(100_000, Tick())]

    undisturbed = Teller(everyone)
    wanted = [
        (offset, alert) for offset, (at, each) in enumerate(log) for alert, _ in undisturbed.take(each, at, offset)
    ]

    alerts: list[tuple[int, int, bytes]] = []
    states: dict[tuple[str, str], bytes] = {}
    mark, committed = Mark(), 0
    for _ in range(data.draw(st.integers(1, 4))):
        teller = Teller(everyone)
        start = max(committed, mark.until)
        ahead = []
        for offset, at, value in alerts:
            heard = msgspec.json.decode(value, type=Heard)
            if offset < start:
                teller.told.remember(heard, at, offset)
            else:
                ahead.append(Ahead(offset, at, heard))
        teller.load(mark, ahead)
        for offset in mark.notices:
            teller.hold(log[offset][1], log[offset][0], offset)  # type: ignore[arg-type]
        for offset in range(mark.until, start):
            teller.pass_over(log[offset][1], log[offset][0], offset)
        teller.until = start
        standing = {offset: each.alert for offset, (_, each) in enumerate(log) if isinstance(each, Matched)}
        for key in sorted(states):
            teller.grouper.load(key, msgspec.msgpack.decode(states[key], type=GroupState), standing)
        offset = committed
        while offset < len(log):
            until = min(len(log), offset + data.draw(st.integers(1, 6)))
            told_now = [
                (at, log[at][0], msgspec.json.encode(alert)) for at in range(offset, until) for alert, _ in teller.take(log[at][1], log[at][0], at)
            ]  # fmt: skip
            teller.until = max(teller.until, until)
            changed = [
                (key, msgspec.msgpack.encode(state)) for key, state in teller.grouper.changed(teller.until).items()
            ]
            writes = len(told_now) + len(changed) + 2
            arrived = data.draw(st.integers(0, writes)) if data.draw(st.booleans()) else writes
            # Alerts may arrive in any order, the groups behind them and the mark only in theirs.
            alerts += told_now if arrived >= len(told_now) else data.draw(st.permutations(told_now))[:arrived]
            states |= dict(changed[: max(0, arrived - len(told_now))])
            if arrived >= writes - 1 and any(isinstance(each, Tick) for _, each in log[offset:until]):
                mark = teller.mark()
            if arrived < writes:
                break
            offset = until
            committed = data.draw(st.integers(committed, until))
        else:
            break
    else:
        return  # killed before the end
    told_once = {(offset, value) for offset, _, value in alerts}
    assert told_once == {(offset, msgspec.json.encode(alert)) for offset, alert in wanted}
