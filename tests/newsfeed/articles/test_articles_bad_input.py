"""Bad input: a dead letter with its reason, or a field dropped with a note; never an exception, never quadratic time."""

from __future__ import annotations

import ast
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.articles import clean
from newsfeed.records import Article, DeadLetter, Position, RawMessage

CASES = Path(__file__).parents[3] / "tests/cases/articles"
LIMIT = 1 << 20


def answer(value: bytes, content_type: str = "application/json", limit: int = LIMIT) -> Article | DeadLetter:
    position = Position(topic="cases", partition=0, offset=0)
    return clean(RawMessage(position=position, value=value, content_type=content_type), max_bytes=limit)


def table(name: str) -> list[list[str]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")][1:]


@pytest.mark.parametrize(("content_type", "value", "reason", "detail"), table("bad_input.tsv"))
def test_dead(content_type: str, value: str, reason: str, detail: str) -> None:
    dead = answer(ast.literal_eval(value), content_type)
    assert isinstance(dead, DeadLetter)
    assert dead.reason == reason
    assert dead.detail == detail if detail else dead.detail


@pytest.mark.parametrize(("field", "value", "note"), table("dropped_fields.tsv"))
def test_dropped(field: str, value: str, note: str) -> None:
    article = answer(f'{{"title": "The storm closed the harbour", "{field}": {value}}}'.encode())
    assert isinstance(article, Article)
    assert article.notes == [note]
    assert article.title == "The storm closed the harbour"


def test_size_limit_is_inclusive() -> None:
    value = b'{"title": "Storm"}'
    assert isinstance(answer(value, limit=len(value)), Article)
    dead = answer(value, limit=len(value) - 1)
    assert dead == DeadLetter(reason="too_large", detail="18 bytes; the limit is 17")


def test_no_value_is_no_json() -> None:
    message = RawMessage(position=Position(topic="t", partition=0, offset=0), value=None)  # type: ignore[arg-type]
    assert clean(message) == DeadLetter(reason="not_json", detail="the message is empty")


@pytest.mark.parametrize("content_type", ["", "application/json; charset=utf-8", "Application/JSON ;charset=UTF-8"])
def test_content_type_parameters(content_type: str) -> None:
    assert isinstance(answer(b'{"title": "Storm"}', content_type), Article)


def test_depth() -> None:
    def nested(depth: int) -> bytes:
        return b'{"title": "Storm", "x": ' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"

    assert isinstance(answer(nested(64)), Article)
    for depth in (65, 500, 1_100, 100_000):
        dead = answer(nested(depth))
        assert isinstance(dead, DeadLetter)
        assert (dead.reason, dead.detail) == ("not_json", "nested deeper than 64")


def test_odd_but_good() -> None:
    article = answer(
        b'\xef\xbb\xbf{"__faust": {"ns": "x"}, "extra": 1, "id": null, "title": "Sto\\u0000rm\\ud800 \\ud83d\\ude00"}'
    )
    assert isinstance(article, Article)
    assert (article.title, article.key, article.notes) == ("Storm 😀", "text", [])


def test_withheld_and_canceled_need_no_text() -> None:
    for status, field in (("withheld", '"id": "7"'), ("canceled", '"url": "https://example.com/7"')):
        article = answer(f'{{"status": "{status}", {field}}}'.encode())
        assert isinstance(article, Article)
        assert (article.status, article.title, article.body) == (status, "", "")


HOSTILE = {
    "one letter": ('{"body": "' + "a" * 1_000_000 + '"}', "application/json"),
    "one word": ('{"title": "Storm", "body": "' + "b" * 100_000 + '"}', "application/json"),
    "same lines": ("The storm closed it.\n" * 49_000, "text/plain"),
    "lines that begin alike": ("\n".join(f"The storm closed harbour {at}" for at in range(30_000)), "text/plain"),
    "lines within lines": ("\n".join("the big storm that " + "comes " * at for at in range(500)), "text/plain"),
    "less than": ("a <" + "<" * 1_000_000, "text/html"),
    "less than a": ("<a " * 300_000, "text/html"),
    "div in div": ("<div>" * 200_000 + "x", "text/html"),
    "formatting": ("".join(f"<b x={at}>" for at in range(40_000)) + "<p>" * 40_000 + "x", "text/html"),
    "table in table": ("<table><tr><td>" * 60_000 + "x", "text/html"),
    "marks": ("a" + "\u0301\u0316" * 250_000, "text/plain"),
    "ampersands": ("&" * 1_000_000 + "x", "text/plain"),
    "escapes of escapes": ("&amp;" * 200_000 + "x", "text/plain"),
    "brackets": ("(" * 1_000_000 + "x", "text/plain"),
    "spaces": (" " * 1_000_000 + "x", "text/plain"),
    "long url": (
        '{"title": "Storm", "id": "' + "7" * 300_000 + '", "url": "http://a.b/' + "/.." * 200_000 + '"}',
        "application/json",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_in_linear_time(name: str) -> None:
    text, content_type = HOSTILE[name]
    answer(b'{"title": "The storm closed the harbour of the town"}')  # reads the data files
    start = time.process_time()
    assert isinstance(answer(text.encode(), content_type), Article)
    assert time.process_time() - start < 8  # about 0.1 to 1 s; quadratic time is minutes


def test_lines_that_begin_alike_are_all_kept() -> None:
    lines = [f"The storm closed harbour number {at}" for at in range(300)]
    article = answer("\n".join(["Harbours", *lines]).encode(), "text/plain")
    assert isinstance(article, Article)
    assert article.body.split("\n") == lines


@settings(max_examples=150)
@given(st.binary(max_size=300), st.sampled_from(["application/json", "text/plain", "text/html", "x", ""]))
def test_any_bytes_have_an_answer(value: bytes, content_type: str) -> None:
    assert isinstance(answer(value, content_type), Article | DeadLetter)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["id", "url", "source", "title", "body", "language", "published", "authors", "status", "corrects", "x"]
)


@settings(max_examples=200)
@given(st.dictionaries(FIELDS, JSON_VALUES, max_size=8))
def test_any_object_has_an_answer(found: dict[str, object]) -> None:
    assert isinstance(answer(json.dumps(found).encode()), Article | DeadLetter)
