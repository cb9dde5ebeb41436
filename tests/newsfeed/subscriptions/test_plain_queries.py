"""What the reader of plain queries reads, luqum reads alike; and most queries are plain."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsfeed.subscriptions import lucene, plain

PIECES = [
    " ", " ", " AND ", " OR ", " NOT ", " and ", "AND", "TO", "(", ")", ")(", "actor:", "topic:", "title:", "source:", "score:", "wd:Q30", "medtop:20000639", "nf:own.x",
    "RU", "actor:(RU OR wd:Q30)", "gas", "Müller", "غاز", "x.y-z", "gas*", "*", "?", '"natural gas"', '"natural gas"~3', '"', "~", "^2", "+", "-", "!", "[0 TO 1]", ":",
    "\\", "/", "'", "T12:30", "\n", "_", "é\u0301", "\u2028", "actor:\"United Nations\"", "language:en", "kind:update", "role:minister",
]  # fmt: skip


@settings(max_examples=600)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=30))
@example("a AND (b OR NOT (c d)) e OR f")
@example("NOT NOT gas")
@example("actor:TO")
@example("actor:AND")
@example("AND* gas")
@example("title:(gas AND body:oil)")
@example("topic:(medtop:20000639 OR diplomacy)")
@example('topic:(medtop:"20000639")')
@example('source:"a:b" AND gas')
@example('"gas"~3oil')
@example('gas"oil"')
@example("(" * 60 + "x" + ")" * 60)
@example("word " * 2_000)
@example("x" * 10_001)
def test_luqum_says_the_same(text: str) -> None:
    read = plain.read(text)
    assert read is None or read == lucene.read(text)


@pytest.mark.parametrize(
    "text",
    ["gas", "gas oil", "gas OR oil", 'actor:(RU AND US) AND topic:medtop:20000639 AND "natural gas"~3 AND NOT source:example.com', "pipelin* AND (Müller OR غاز)",
     "topic:(diplomacy OR medtop:20000639) AND NOT (gas AND oil)", 'title:"gas prices" language:en', "role:minister AND kind:update"],
)  # fmt: skip
def test_plain_queries_do_not_need_it(text: str) -> None:
    assert plain.read(text) == lucene.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gas AND",
        "(gas",
        "gas)",
        "gas and oil",
        "actr:RU",
        "topic:diplomac",
        '"gas',
        "score:0.5",
        "gas~",
        "NOT NOT gas",
    ],
)
def test_what_is_wrong_or_not_plain_is_left_to_it(text: str) -> None:
    assert plain.read(text) is None
