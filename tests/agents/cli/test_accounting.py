"""The accounts say so when a message is missing, doubled or changed."""

from __future__ import annotations

from agents.accounting import Account, Problem, Report


def balanced(*, skip: str = "") -> Account:
    """Three raw messages: an original, a duplicate, a dead letter."""
    found = Account()
    for offset in (5, 6, 8):  # 7 is a marker, no record
        found.raw(0, offset)
    if skip != "verdict":
        found.verdict(0, 5, b"v5", article_id="a", version=1, published=True)
    found.verdict(0, 6, b"v6", article_id="a", version=None, published=False)
    if skip != "dead":
        found.dead(0, 8, b"d8")
    if skip != "enriched":
        found.enriched(0, 5, b"e5", article_id="a", version=1)
    return found


def what(report: Report) -> list[tuple[str, int, int]]:
    return [(problem.what, problem.partition, problem.offset) for problem in report.problems]


def test_balanced() -> None:
    report = balanced().report()
    assert report.ok
    assert (report.raw, report.verdicts, report.dead, report.published, report.enriched) == (3, 2, 1, 1, 1)


def test_a_missing_verdict() -> None:
    assert what(balanced(skip="verdict").report()) == [("no answer", 0, 5), ("enriched without verdict", 0, 5)]


def test_a_missing_dead_letter() -> None:
    assert what(balanced(skip="dead").report()) == [("no answer", 0, 8)]


def test_a_missing_enriched_event() -> None:
    assert what(balanced(skip="enriched").report()) == [("no enriched event", 0, 5)]


def test_an_identical_repeat_is_counted_and_well() -> None:
    found = balanced()
    found.verdict(0, 5, b"v5", article_id="a", version=1, published=True)
    found.enriched(0, 5, b"e5", article_id="a", version=1)
    report = found.report()
    assert report.ok
    assert report.repeats == 1


def test_an_older_version_that_stands_last() -> None:
    found = Account()
    for offset in (0, 1):
        found.raw(0, offset)
        found.verdict(0, offset, b"v%d" % offset, article_id="a", version=offset + 1, published=True)
    for offset in (0, 1, 0, 1):
        found.enriched(0, offset, b"e%d" % offset, article_id="a", version=offset + 1)
    assert found.report().ok
    found.enriched(0, 0, b"e0", article_id="a", version=1)
    assert what(found.report()) == [("older version last", 0, 0)]
    assert found.report().on_the_way  # a worker that took over writes both again


def test_a_repeat_that_differs() -> None:
    found = balanced()
    found.verdict(0, 5, b"other", article_id="a", version=1, published=True)
    found.enriched(0, 5, b"other", article_id="a", version=1)
    assert sorted(what(found.report())) == [("enriched repeat differs", 0, 5), ("repeat differs", 0, 5)]
    assert not found.report().on_the_way


def test_a_verdict_and_a_dead_letter() -> None:
    found = balanced()
    found.dead(0, 6, b"d6")
    assert what(found.report()) == [("answered twice", 0, 6)]


def test_answers_to_messages_that_left_the_log_are_counted_apart() -> None:
    found = balanced()
    found.verdict(0, 4, b"v4", article_id="z", version=1, published=True)
    found.verdict(0, 7, b"v7", article_id="z", version=1, published=True)
    found.enriched(0, 4, b"e4", article_id="z", version=1)
    report = found.report()
    assert report.ok
    assert report.older == 2


def test_a_dead_letter_of_a_later_stage_explains_a_missing_event() -> None:
    found = balanced(skip="enriched")
    found.later_dead("a", 1)
    report = found.report()
    assert report.ok
    assert report.later_dead == 1


def test_only_compaction_excuses_a_superseded_version() -> None:
    def update() -> Account:
        found = balanced(skip="enriched")
        found.raw(0, 9)
        found.verdict(0, 9, b"v9", article_id="a", version=2, published=True)
        found.enriched(0, 9, b"e9", article_id="a", version=2)
        return found

    assert what(update().report()) == [("no enriched event", 0, 5)]
    report = update().report(compacted=True)
    assert report.ok
    assert report.superseded == 1


def test_unreadable_records_are_named() -> None:
    found = balanced()
    found.unreadable("news.verdicts.v1", 1, 3)
    assert found.report().problems == [Problem(what="unreadable", topic="news.verdicts.v1", partition=1, offset=3)]
