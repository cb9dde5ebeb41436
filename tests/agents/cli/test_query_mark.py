"""Where a broken query is marked: under the column, in cells of the terminal; under text that runs from right to left in words."""

from __future__ import annotations

import pytest

from agents.cli.query_option import pointed


@pytest.mark.parametrize(
    ("query", "column", "shown"),
    [
        ("gas AND *oil", 9, ["gas AND *oil", "        ^"]),
        ("gas  AND   *oil", 12, ["gas AND *oil", "        ^"]),
        ("  gas AND (oil", 11, ["gas AND (oil", "        ^"]),
        ("日本 AND *石油", 8, ["日本 AND *石油", "         ^"]),
        ("e\u0301te\u0301 AND", 10, ["e\u0301te\u0301 AND", "       ^"]),
        ("غاز AND AND نفط", 9, ["غاز AND AND نفط", "here: AND نفط"]),
        ("غَاز AND", 9, ["غَاز AND", "here: at the end"]),
    ],
)
def test_the_mark_stands_where_the_query_is_broken(query: str, column: int, shown: list[str]) -> None:
    assert pointed(query, column).splitlines() == [f"  {line}" for line in shown]
