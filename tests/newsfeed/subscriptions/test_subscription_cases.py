"""The readable cases: an article, what finds it with which passages, what does not; and queries that are refused, with the column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from newsfeed.records import Enriched, Subscription
from newsfeed.subscriptions import Matcher, QueryError, from_json, parse

CASES = Path(__file__).parents[2] / "cases" / "subscriptions"
ARTICLES: list[dict[str, Any]] = [
    {"file": path.stem, **case}
    for path in sorted(CASES.glob("find-*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
REFUSED: list[dict[str, Any]] = yaml.safe_load((CASES / "refused.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", ARTICLES, ids=lambda case: f"{case['file']}: {case['case']}")
def test_what_finds_an_article(case: dict[str, Any], record: Callable[..., Enriched]) -> None:
    enriched = record(**case["article"])
    matcher = Matcher()
    for query in [*case["finds"], *case["passes_over"]]:
        matcher.put(Subscription(id=query, query=query, on=["original", "update", "correction", "withdrawal"]))
    found = {match.subscription.id: match.clauses for match in matcher.match(enriched)}
    assert set(found) == set(case["finds"])
    for query, passages in case["finds"].items():
        spans = [span for clause in found[query] for span in clause.spans]
        assert [span.text for span in spans] == passages, query
        for span in spans:
            assert getattr(enriched, span.field)[span.start : span.end] == span.text
        assert parse(query).holds(enriched)
        assert from_json(parse(query).to_json()).root == parse(query).root


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["query"])
def test_what_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(QueryError) as caught:
        parse(case["query"])
    assert caught.value.column == case["column"]
    assert case["says"] in str(caught.value)
