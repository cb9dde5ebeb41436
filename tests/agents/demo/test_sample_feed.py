"""The sample feed is well formed, and what comes of it is what a careful editor expects."""

from __future__ import annotations

from collections import Counter

import pytest
from msgspec.structs import replace

from agents.demo.board import Board
from agents.demo.sample import SampleMessage, sample_messages, sample_subscriptions
from newsfeed.pipeline import Pipeline
from newsfeed.records import DeadLetter, Enriched, Verdict
from newsfeed.subscriptions import Matcher

MESSAGES = sample_messages()
NAMES = [message.expected.name for message in MESSAGES]


@pytest.fixture(scope="module")
def board() -> Board:
    """The feed run through the pipeline in process; messages are numbered as one partition."""
    pipeline, board = Pipeline(capacity=1_000), Board()
    for number, message in enumerate(MESSAGES):
        raw = message.raw()
        raw = replace(raw, position=replace(raw.position, offset=number))
        board.published(message, 0, number)
        answer = pipeline.run(raw, number)
        if isinstance(answer, DeadLetter):
            board.dead_letter(0, number, answer)
        elif isinstance(answer, Enriched):
            board.verdict(answer.verdict)
            board.enriched(answer)
        elif isinstance(answer, Verdict):
            board.verdict(answer)
    return board


def test_every_message_has_one_outcome(board: Board) -> None:
    assert board.decided == len(MESSAGES)
    assert all(len(outcome.verdicts) + len(outcome.dead) == 1 for outcome in board.outcomes)


@pytest.mark.parametrize("name", NAMES)
def test_outcome_is_as_expected(board: Board, name: str) -> None:
    told_apart = "told to"  # no subscriptions here; the next test has them
    assert [fault for fault in board.differences() if fault.startswith(f"{name}: ") and told_apart not in fault] == []


@pytest.mark.parametrize("name", NAMES)
def test_subscriptions_match_what_they_should(board: Board, name: str) -> None:
    """Originals and updates; whom a correction is told depends on whom the original was, as the demo itself shows."""
    outcome = board.outcomes[NAMES.index(name)]
    if outcome.enriched is None or outcome.kind not in ("original", "update"):
        return
    matcher = Matcher()
    for subscription in sample_subscriptions():
        if outcome.kind in subscription.on:
            matcher.put(subscription)
    found = {match.subscription.id for match in matcher.match(outcome.enriched)}
    assert found == set(outcome.expected.alerts)


def test_the_dirt_is_gone(board: Board) -> None:
    record = _record(board, "consultations")
    assert (record.language, record.published, record.verdict.version) == ("ar", "2026-03-16", 1)
    assert record.title.startswith("أنقرة: المشاورات")
    assert "\n" not in record.title
    paragraphs = record.body.split("\n")
    assert len(paragraphs) == 6
    assert record.body.count("صار يمس أسعار الغذاء") == 1
    assert record.title not in record.body


def test_html_is_gone(board: Board) -> None:
    record = _record(board, "desalination")
    assert record.language == "en"
    assert record.title == "Spain and Morocco to build desalination plant powered by wind"
    assert "desalination plant near Nador" in record.body
    assert "inside four years" in record.body
    assert not any(mark in record.body for mark in ("<", "&", "\u00ad", "\u200b", "window.shown"))


def test_what_was_dropped_is_noted(board: Board) -> None:
    record = _record(board, "impossible-date")
    assert record.published is None
    assert any("2026-02-30" in note for note in record.notes)


def test_spans_are_slices(board: Board) -> None:
    for outcome in board.outcomes:
        record = outcome.enriched
        if record is None:
            continue
        text = {"title": record.title, "body": record.body}
        spans = [mention for actor in record.actors for mention in actor.mentions]
        for span in [*spans, *(span for topic in record.topics for span in topic.evidence)]:
            assert text[span.field][span.start : span.end] == span.text, outcome.expected.name


def test_feed_is_what_the_demo_promises() -> None:
    assert len(MESSAGES) >= 60
    assert len(set(NAMES)) == len(NAMES)
    kinds = Counter(message.expected.kind for message in MESSAGES)
    assert set(kinds) == {"original", "duplicate", "update", "correction", "withdrawal", "embargo", "dead"}
    methods = {message.expected.method for message in MESSAGES if message.expected.kind == "duplicate"}
    assert methods == {"same_message", "same_url", "identical_text", "near_copy", "partial_copy"}
    tops = {top for message in MESSAGES for demand in message.expected.topics for top in demand}
    assert tops == {f"medtop:{number:02}000000" for number in range(1, 18)}


def test_expectations_name_what_exists() -> None:
    subscriptions = {subscription.id for subscription in sample_subscriptions()}
    for position, message in enumerate(MESSAGES):
        expected = message.expected
        assert not expected.of or NAMES.index(expected.of) < position
        assert set(expected.alerts) <= subscriptions
        assert (expected.kind == "dead") == bool(expected.reason)
    told = {name for message in MESSAGES for name in message.expected.alerts}
    assert told == subscriptions, "each of the three hears of something"


def test_languages(board: Board) -> None:
    languages = Counter(outcome.verdict.language for outcome in board.outcomes if outcome.verdict)
    del languages[None]  # a withdrawal has no text
    assert set(languages) == {"ar", "en", "ru", "fr", "es", "de"}
    assert languages.most_common(1)[0][0] == "ar"


def test_all_lines_of_the_feed_are_expected() -> None:
    lines = [message.line for message in MESSAGES if message.file == "feed.jsonl"]
    assert lines == list(range(len(lines)))
    assert {message.file for message in MESSAGES} == {"consultations.txt", "feed.jsonl", "desalination.html"}


@pytest.mark.parametrize("message", MESSAGES, ids=NAMES)
def test_keys_keep_versions_together(message: SampleMessage) -> None:
    again = next((other for other in MESSAGES if other.expected.name == message.expected.of), None)
    if message.expected.kind == "update" and again is not None:
        assert message.key == again.key
    assert message.key


def _record(board: Board, name: str) -> Enriched:
    record = board.outcomes[NAMES.index(name)].enriched
    assert record is not None
    return record
