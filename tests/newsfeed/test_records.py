"""The outward records have the fields that producers, consumers and subscribers were promised, and validate as published."""

import msgspec
import pytest
from jsonschema import Draft202012Validator

from newsfeed import records

PROMISED = {
    records.RawArticle: "id url source title body language published authors status corrects",
    records.Verdict: "article_id version raw url source title published language kind of of_version root method score threshold "
    "overlap evidence changes rules notes",
    records.Evidence: "of field text here there_field there",
    records.Overlap: "jaccard here_in_there there_in_here",
    records.Change: "op field start end",
    records.Position: "topic partition offset",
    records.Enriched: "article_id version url source language published title body authors verdict actors topics relations not_news rules notes",
    records.Actor: "id type name country code role organisation salience count mentions",
    records.Mention: "field start end text role",
    records.Topic: "id name path score evidence",
    records.Span: "field start end text",
    records.Relation: "type who whom field start end text",
    records.Subscription: "id owner query on group cap outlets paused",
    records.Group: "by wait interval",
    records.Alert: "alert_id subscription trigger article_id version title url source published clauses verdict also more corrects",
    records.Clause: "clause spans",
    records.Delivery: "alert_id outlet attempt outcome status next",
}
KINDS = {"original", "duplicate", "update", "correction", "withdrawal", "embargo"}
METHODS = {"same_message", "same_url", "identical_text", "near_copy", "partial_copy", "declared", "none"}


@pytest.mark.parametrize("record", PROMISED, ids=lambda record: record.__name__)
def test_has_the_promised_fields(record: type[msgspec.Struct]) -> None:
    assert set(PROMISED[record].split()) <= set(record.__struct_fields__)


def test_kinds_and_methods_are_those_of_the_contract() -> None:
    properties = msgspec.json.schema(records.Verdict)["$defs"]["Verdict"]["properties"]
    assert set(properties["kind"]["enum"]) == KINDS
    assert set(properties["method"]["enum"]) == METHODS


@pytest.mark.parametrize(
    "record", [r for r in PROMISED if r is not records.RawArticle], ids=lambda record: record.__name__
)
def test_the_schema_is_one(record: type[msgspec.Struct]) -> None:
    Draft202012Validator.check_schema(msgspec.json.schema(record))


def test_a_raw_article_may_have_further_fields() -> None:
    raw = msgspec.json.decode(
        b'{"id": "1", "title": "t", "__faust": {"ns": "os.system"}, "mine": [1]}', type=records.RawArticle
    )
    assert raw.id == "1"
