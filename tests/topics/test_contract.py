"""The catalogue, its codec and headers, and the reference files derived from them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from agents.reference import files
from newsfeed.records import Actor, Article, DeadLetter, Enriched, Position, Subscription, Topic, Verdict
from topics import asyncapi, catalogue, cloudevents, codec, deadletters, schemas

DOCS = Path(__file__).parents[2] / "docs"
RAW = Position(topic="news.raw.v1", partition=2, offset=7)
VERDICT = Verdict(
    article_id="a" * 32, version=1, raw=RAW, url=None, source="s", title="t", published=None, language="en", kind="original", root="a" * 32
)  # fmt: skip
ENRICHED = Enriched(
    article_id="a" * 32, version=1, url=None, source="s", language="en", published=None, title="t", body="b", verdict=VERDICT,
    actors=[Actor(id="wd:Q159", type="country", name="Russia", salience=1.0, count=1, mentions=[])],
    topics=[
        Topic(id="medtop:20000639", name="n", path=["medtop:11000000", "medtop:20000638"], score=1.0, evidence=[]),
        Topic(id="medtop:20000638", name="n", path=["medtop:11000000"], score=1.0, evidence=[]),
    ],
)  # fmt: skip


@pytest.mark.parametrize("name", sorted(files()))
def test_reference_file_has_not_drifted(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == files()[name], "run `newsfeed topics schema --write docs`"


def test_no_schema_is_left_behind() -> None:
    written = {f"schemas/{path.name}" for path in (DOCS / "schemas").iterdir()}
    assert written == {name for name in files() if name.startswith("schemas/")}


@pytest.mark.parametrize("spec", schemas.outward(), ids=lambda spec: spec.name)
def test_schema_is_a_schema(spec: catalogue.TopicSpec) -> None:
    Draft202012Validator.check_schema(schemas.schema(spec))


@pytest.mark.parametrize(
    ("spec", "record"),
    [
        (catalogue.VERDICTS, VERDICT),
        (catalogue.ENRICHED, ENRICHED),
        (catalogue.SUBSCRIPTIONS, Subscription(id="n", query="actor:RU")),
    ],
    ids=["verdict", "enriched", "subscription"],
)
def test_records_validate_against_their_schema_and_wrong_ones_do_not(spec: catalogue.TopicSpec, record: object) -> None:
    validator = Draft202012Validator(schemas.schema(spec))
    value = msgspec.json.decode(codec.encode(record, spec))
    validator.validate(value)
    assert list(validator.iter_errors(value | {next(iter(value)): 1}))
    assert codec.decode(codec.encode(record, spec), type(record), spec) == record


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi.document("1")

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if isinstance(reference := node.get("$ref"), str):
                found: object = document
                for part in reference.removeprefix("#/").split("/"):
                    assert isinstance(found, dict)
                    found = found[part]
            for each in node.values():
                walk(each)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(document)


@given(st.one_of(st.none(), st.binary(max_size=200)))
@settings(max_examples=100)
def test_decoding_foreign_bytes_never_raises(value: bytes | None) -> None:
    for wanted, spec in ((Verdict, catalogue.VERDICTS), (Article, catalogue.ARTICLES)):
        assert isinstance(codec.decode(value, wanted, spec), codec.Bad)


def test_deep_nesting_is_bad_not_an_error() -> None:
    assert isinstance(codec.decode(b"[" * 100_000, Verdict), codec.Bad)


def test_cloudevents_headers() -> None:
    found = dict(cloudevents.headers(catalogue.ENRICHED, source="news.enriched.v1", subject="abc", id=cloudevents.cause(RAW), time_ms=1_500))  # fmt: skip
    assert found == {
        "ce_specversion": b"1.0", "ce_id": b"2/7", "ce_source": b"news.enriched.v1", "ce_type": b"newsfeed.enriched.v1",
        "ce_time": b"1970-01-01T00:00:01.500Z", "ce_subject": b"abc", "content-type": b"application/json",
    }  # fmt: skip


def test_filter_headers_name_ancestors_once() -> None:
    found = dict(cloudevents.filters(ENRICHED))
    assert found["actors"] == b"wd:Q159"
    assert sorted(found["topics"].split(b",")) == [b"medtop:11000000", b"medtop:20000638", b"medtop:20000639"]


def test_dead_letter_headers_come_back() -> None:
    letter = DeadLetter(reason="not_json", detail="unexpected end")
    found = deadletters.headers(letter, RAW, stage="clean", content_type="text/html")
    assert deadletters.origin(found) == deadletters.Origin(RAW, "clean", "not_json", "unexpected end")
    assert ("__connect.errors.exception.class.name", b"not_json") in found
    assert {name for name, _ in found} == set(catalogue.DEAD.headers)
    assert deadletters.origin([("content-type", b"text/html")]) is None


def test_window_has_the_partitions_of_articles() -> None:
    sizing = catalogue.Sizing(prefix="x.", partitions=7, articles_partitions=3)
    assert sizing.count(catalogue.WINDOW) == sizing.count(catalogue.ARTICLES) == 3
    assert sizing.count(catalogue.RAW) == 7
    assert sizing.name(catalogue.RAW) == "x.news.raw.v1"
    assert catalogue.find("x.news.raw.v1", "x.") == catalogue.find("raw") == catalogue.RAW
