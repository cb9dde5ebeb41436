"""Where a broken query is marked: under the column, in cells of the terminal; under text that runs from right to left in words."""

from __future__ import annotations

import pytest

from agents.cli.query_option import note_unknown, pointed
from newsfeed.subscriptions import parse


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


def test_a_topic_that_no_rule_gives_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    note_unknown(parse("topic:(diplomacy OR medtop:99999999 OR *) AND NOT topic:nf:ferries AND topic:20000639"))
    assert [line.split(" is known")[0] for line in capsys.readouterr().err.splitlines()] == [
        "newsfeed: no topic medtop:99999999",
        "newsfeed: no topic nf:ferries",
    ]
