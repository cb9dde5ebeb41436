"""The demo's check finds what is wrong: each fault on its own, and none where all is well."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from agents.demo.board import Board
from agents.demo.sample import Expected, SampleMessage
from newsfeed.records import Actor, Alert, DeadLetter, Enriched, Mention, Position, Span, Topic, Verdict

RU = Actor(
    id="wd:Q159", type="country", name="Russia", country="RU", code="RUS", salience=1.0, count=1,
    mentions=[Mention(field="title", start=0, end=6, text="Russia")],
)  # fmt: skip
QUAKE = Topic(
    id="medtop:20000153", name="earthquake", path=["medtop:03000000"], score=0.9,
    evidence=[Span(field="title", start=0, end=5, text="quake")],
)  # fmt: skip


def message(**asked: Any) -> SampleMessage:
    expected = Expected(name=asked.pop("name", "one"), kind=asked.pop("kind", "original"), **asked)
    return SampleMessage(file="feed.jsonl", line=0, value=b"{}", content_type="application/json", expected=expected)


def verdict(offset: int = 7, **fields: Any) -> Verdict:
    defaults: dict[str, Any] = {
        "article_id": "a1", "version": 1, "raw": Position(topic="news.raw.v1", partition=0, offset=offset), "url": None,
        "source": "desk", "title": "A title", "published": None, "language": "en", "kind": "original", "root": "a1",
    }  # fmt: skip
    return Verdict(**(defaults | fields))


def enriched(of: Verdict, **fields: Any) -> Enriched:
    defaults: dict[str, Any] = {
        "article_id": of.article_id, "version": of.version, "url": None, "source": "desk", "language": "en",
        "published": None, "title": "A title", "body": "", "verdict": of, "actors": [RU], "topics": [QUAKE],
    }  # fmt: skip
    return Enriched(**(defaults | fields))


def alert(of: Verdict, subscription: str = "desk", alert_id: str = "x") -> Alert:
    return Alert(
        alert_id=alert_id, subscription=subscription, trigger="original", article_id=of.article_id, version=1,
        title="A title", url=None, source="desk", published=None, clauses=[], verdict=of,
    )  # fmt: skip


def board_of(asked: SampleMessage) -> Board:
    board = Board()
    board.published(asked, 0, 7)
    return board


def test_all_is_well() -> None:
    board = board_of(message(method="none", actors=("RU",), topics=(("medtop:03000000",),), alerts=("desk",)))
    assert not board.complete
    board.verdict(verdict())
    assert not board.complete
    board.enriched(enriched(verdict()))
    assert not board.complete, "the alert is still to come"
    board.alert(alert(verdict()))
    assert board.complete
    assert board.differences() == []
    assert board.totals() == {"original": 1}


def test_silence_is_a_fault() -> None:
    assert board_of(message()).differences() == ["one: neither a verdict nor a dead letter came"]


def test_a_replay_is_none() -> None:
    board = board_of(message())
    for _ in range(2):
        board.verdict(verdict())
        board.enriched(enriched(verdict()))
    assert board.differences() == []


def test_another_verdict_is() -> None:
    board = board_of(message())
    board.verdict(verdict())
    board.enriched(enriched(verdict()))
    board.verdict(verdict(kind="duplicate"))
    assert board.differences() == ["one: 2 verdicts and 0 dead letters, one in all expected"]


@pytest.mark.parametrize(
    ("asked", "came", "tags", "fault"),
    [
        ({}, {"kind": "duplicate"}, None, "duplicate, expected original"),
        ({"method": "none"}, {"method": "near_copy"}, {}, "method near_copy, expected none"),
        ({}, {"of": "b2"}, {}, "of b2, expected none"),
        ({"of": "two"}, {}, {}, "of none, expected two"),
        ({"actors": ("US",)}, {}, {}, "actor US not found"),
        ({"not_actors": ("RU",)}, {}, {}, "actor RU is out of place"),
        ({"topics": (("medtop:15000000", "medtop:01000000"),)}, {}, {}, "topic medtop:15000000 or medtop:01000000 not found"),
        ({"not_topics": ("medtop:03000000",)}, {}, {}, "topic medtop:03000000 is out of place"),
        ({"not_news": "horoscope"}, {}, {}, "not_news None, expected horoscope"),
        ({"alerts": ("desk",)}, {}, {}, "told to none, expected desk"),
        ({}, {}, None, "no enriched record came"),
    ],
)  # fmt: skip
def test_each_difference_is_named(
    asked: dict[str, Any], came: dict[str, Any], tags: dict[str, Any] | None, fault: str
) -> None:
    board = board_of(message(**asked))
    board.verdict(verdict(**came))
    if tags is not None:
        board.enriched(enriched(verdict(**came), **tags))
    assert f"one: {fault}" in board.differences()


def test_a_duplicate_must_not_be_published() -> None:
    board = board_of(message(kind="duplicate"))
    copy = verdict(kind="duplicate")
    board.verdict(copy)
    board.enriched(enriched(copy))
    assert board.differences() == ["one: published although it is not to be"]


def test_an_alert_too_many() -> None:
    board = board_of(message())
    board.verdict(verdict())
    board.enriched(enriched(verdict()))
    board.alert(alert(verdict()))
    assert board.differences() == ["one: told to desk, expected none"]


def test_dead_letters_are_held_against_their_reason() -> None:
    board = board_of(message(kind="dead", reason="not_json"))
    board.dead_letter(0, 7, DeadLetter(reason="no_text", detail="…"))
    assert board.complete
    assert board.differences() == ["one: dead because of no_text, expected not_json"]


def test_strangers_are_ignored() -> None:
    board = board_of(message())
    board.verdict(verdict(offset=8))
    board.enriched(enriched(verdict(offset=8)))
    board.alert(alert(verdict(offset=8)))
    board.dead_letter(3, 7, DeadLetter(reason="not_json", detail=""))
    assert board.decided == 0


def test_of_is_told_by_name() -> None:
    board = board_of(message())
    board.published(message(name="two", kind="duplicate", of="one"), 1, 0)
    board.verdict(verdict())
    board.enriched(enriched(verdict()))
    second = replace(
        verdict(kind="duplicate", article_id="a2", of="a1"), raw=Position(topic="t", partition=1, offset=0)
    )
    board.verdict(second)
    assert board.differences() == []
    assert board.number_of("a1") == 1
