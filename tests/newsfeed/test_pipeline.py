"""The whole way in one process: what comes out for what goes in, for every kind of answer."""

import json
from typing import Any

import msgspec
import pytest

from newsfeed.pipeline import Pipeline
from newsfeed.records import DeadLetter, Enriched, Position, RawMessage, Verdict

BODY = (
    "The foreign ministers of France and Brazil met in Lisbon on Tuesday to discuss a treaty on river shipping. "
    "They agreed to meet again in the spring, a spokeswoman for the French foreign ministry said after the talks. "
    "Shipping companies have asked for common rules since a collision closed the harbour for nine days last year."
)


@pytest.fixture(scope="module")
def tagger() -> Pipeline:
    return Pipeline(capacity=1000)


@pytest.fixture
def run(tagger: Pipeline, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Feeds messages to a pipeline with a fresh window (the taggers, slow to load, are shared)."""
    from newsfeed.copies import CopyWindow

    tagger.window = CopyWindow(capacity=1000, seconds=None, rules=tagger.rules)
    count = iter(range(10_000))

    def feed(value: dict[str, Any] | bytes, content_type: str = "application/json") -> Any:
        number = next(count)
        raw = value if isinstance(value, bytes) else json.dumps(value).encode()
        message = RawMessage(
            position=Position(topic="-", partition=0, offset=number), value=raw, content_type=content_type
        )
        return tagger.run(message, number)

    return feed


def test_an_original_comes_out_enriched(run: Any) -> None:
    found = run(
        {
            "id": "a1",
            "source": "Agency",
            "title": "France and Brazil talk about rivers",
            "body": BODY,
            "published": "2026-11-24T10:00:00+01:00",
        }
    )
    assert isinstance(found, Enriched)
    assert (found.version, found.verdict.kind, found.published) == (1, "original", "2026-11-24T09:00:00Z")
    countries = {actor.country for actor in found.actors}
    assert {"FR", "BR"} <= countries
    for actor in found.actors:
        for mention in actor.mentions:
            assert getattr(found, mention.field)[mention.start : mention.end] == mention.text
    for topic in found.topics:
        assert topic.evidence
        for span in topic.evidence:
            assert getattr(found, span.field)[span.start : span.end] == span.text
    assert found.rules == found.verdict.rules != ""


def test_a_copy_comes_out_as_a_verdict(run: Any) -> None:
    first = run({"id": "a1", "source": "Agency", "title": "France and Brazil talk", "body": BODY})
    copy = run(
        {
            "url": "https://other.example/story",
            "title": "Rivers: ministers meet",
            "body": "(Agency) " + BODY.replace("talks", "meeting"),
        }
    )
    assert isinstance(copy, Verdict)
    assert (copy.kind, copy.of, copy.root) == ("duplicate", first.article_id, first.article_id)
    assert copy.url == "https://other.example/story"
    assert copy.evidence[0].of == first.article_id


def test_versions_corrections_and_withdrawals_follow_one_another(run: Any) -> None:
    first = run({"id": "a1", "source": "s", "title": "Talks in Lisbon", "body": BODY})
    update = run(
        {"id": "a1", "source": "s", "title": "Talks in Lisbon", "body": BODY + " The treaty is to be signed in May."}
    )
    correction = run(
        {
            "id": "a2",
            "source": "s",
            "title": "Correction: talks in Porto",
            "body": BODY.replace("Lisbon", "Porto"),
            "corrects": "a1",
        }
    )
    withdrawal = run({"id": "a1", "source": "s", "status": "canceled"})
    assert [r.verdict.kind for r in (first, update, correction, withdrawal)] == [
        "original",
        "update",
        "correction",
        "withdrawal",
    ]
    assert [r.version for r in (first, update, correction, withdrawal)] == [1, 2, 1, 3]
    assert {r.verdict.root for r in (first, update, correction, withdrawal)} == {first.article_id}
    assert (correction.verdict.of, correction.verdict.of_version) == (first.article_id, 2)
    assert (withdrawal.verdict.of, withdrawal.verdict.of_version) == (first.article_id, 2)
    assert (withdrawal.title, withdrawal.body, withdrawal.actors, withdrawal.topics) == ("", "", [], [])
    inserted = [change for change in update.verdict.changes if change.op == "inserted"]
    assert [update.body[c.start : c.end] for c in inserted] == ["The treaty is to be signed in May"]


def test_a_correction_may_name_its_article_by_url(run: Any) -> None:
    first = run(
        {"id": "a1", "source": "s", "url": "https://www.example.com/a?utm_source=x", "title": "Talks", "body": BODY}
    )
    correction = run(
        {
            "id": "z9",
            "source": "s",
            "title": "We were wrong",
            "body": "It was Porto.",
            "corrects": "http://example.com/a",
        }
    )
    assert correction.verdict.of == first.article_id


def test_an_embargo_is_silent_until_the_usable_version(run: Any) -> None:
    held = run({"id": "e", "source": "s", "status": "withheld", "title": "Award", "body": BODY})
    usable = run({"id": "e", "source": "s", "title": "Award", "body": BODY})
    assert isinstance(held, Verdict)
    assert (held.kind, held.version) == ("embargo", None)
    assert (usable.verdict.kind, usable.version, usable.verdict.evidence) == ("original", 1, [])


def test_a_cancellation_before_its_original_holds_it_back(run: Any) -> None:
    withdrawal = run({"id": "k", "source": "s", "status": "canceled"})
    late = run({"id": "k", "source": "s", "title": "Award", "body": BODY})
    assert withdrawal.verdict.kind == "withdrawal"
    assert isinstance(late, Verdict)
    assert (late.kind, late.method) == ("embargo", "declared")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", "not_json"),
        (b"[1]", "not_object"),
        (b"\xff\xfe", "not_utf8"),
        (b'{"title": 7}', "wrong_type"),
        (b'{"title": "..."}', "no_text"),
    ],
)
def test_what_cannot_be_read_is_a_dead_letter(run: Any, value: bytes, reason: str) -> None:
    found = run(value)
    assert isinstance(found, DeadLetter)
    assert found.reason == reason
    assert found.detail


def test_records_survive_the_wire(run: Any) -> None:
    found = run({"id": "a1", "source": "s", "title": "Talks", "body": BODY})
    assert msgspec.json.decode(msgspec.json.encode(found), type=Enriched) == found
