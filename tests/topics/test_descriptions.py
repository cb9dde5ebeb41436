"""Descriptions in the JSON Schemas come from the docstrings, each at its field."""

from __future__ import annotations

from typing import Any

import pytest

from topics import catalogue, schemas
from topics.descriptions import described, split

DOC = """What it is,
    in two lines.

    Attributes:
        of, of_version: what it names; None for none.
        method: how; score: the measure.
        country: two letters. code: capitals
            and digits.
    """


def test_a_docstring_is_divided() -> None:
    text, fields = split(DOC)
    assert text == "What it is, in two lines."
    assert fields == {
        "of": "what it names; None for none.", "of_version": "what it names; None for none.", "method": "how",
        "score": "the measure.", "country": "two letters.", "code": "capitals and digits.",
    }  # fmt: skip


def test_a_definition_without_docstring_stays() -> None:
    definition = {"title": "X", "properties": {"a": {"type": "string"}}}
    assert described(definition) == definition


@pytest.mark.parametrize("spec", schemas.outward(), ids=lambda spec: spec.name)
def test_every_record_of_a_schema_is_described(spec: catalogue.TopicSpec) -> None:
    found: dict[str, Any] = schemas.schema(spec)
    assert found["description"]
    for name, definition in found["$defs"].items():
        assert definition.get("description"), name
        assert "Attributes:" not in definition["description"]


def test_fields_are_described() -> None:
    verdict = schemas.schema(catalogue.VERDICTS)["$defs"]["Verdict"]["properties"]
    assert "threshold" in verdict["score"]["description"]
    assert verdict["of_version"]["description"] == verdict["of"]["description"]
    assert "Wikidata" in schemas.schema(catalogue.ENRICHED)["$defs"]["Actor"]["properties"]["id"]["description"]
