"""docs/queries.md: every example is a query, every refused one is refused, and the JSON says what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsfeed.subscriptions import QueryError, parse
from newsfeed.subscriptions.fields import FIELDS

PAGE = (Path(__file__).parents[3] / "docs" / "queries.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    found = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"no {kind} block"
    return found


def test_examples_are_queries() -> None:
    rows = [line.split("|") for line in PAGE.splitlines() if line.startswith("| `")]
    text = [row[1] for row in rows if len(row) == 4]
    tags = [row[3] for row in rows if len(row) == 5]
    queries = [query for cell in (*text, *tags) for query in re.findall(r"`([^`]+)`", cell)]
    queries += [line for block in blocks("query") for line in block.splitlines()]
    assert len(queries) > 25
    for query in queries:
        assert parse(parse(query).to_json().decode()).root == parse(query).root


def test_every_field_is_told() -> None:
    for field in FIELDS:
        assert field == "text" or f"`{field}" in PAGE


@pytest.mark.parametrize("query", [line for block in blocks("refused") for line in block.splitlines()])
def test_what_is_refused(query: str) -> None:
    with pytest.raises(QueryError, match=r"^column [0-9]+: "):
        parse(query)


def test_the_json_says_the_same() -> None:
    said = re.search(r"It says `([^`]+)`", PAGE)
    assert said is not None
    assert parse(blocks("json")[0]).root == parse(said[1]).root


def test_both_spellings_of_a_name() -> None:
    assert parse("Müller").root.slots[0] == ("muller", "mueller")  # type: ignore[union-attr]
    assert parse("Mueller").root.slots[0] == ("mueller", "muller")  # type: ignore[union-attr]
