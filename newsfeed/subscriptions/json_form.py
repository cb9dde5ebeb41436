"""The query as JSON, for machines: ``{"all": […]}``, ``{"any": […]}``, ``{"not": …}`` and clauses.

A clause is ``{"field", "is"}`` for tags, ``{"field", "word" | "phrase" | "prefix", "within"}`` for text (``field`` is text, title or
body; text where it is left out; ``within`` is the distance of a phrase), ``{"field", "above" | "from" | "below" | "to"}`` for numbers.
"""

from __future__ import annotations

from typing import Any

import orjson

from newsfeed.subscriptions.clauses import Leaf, Role, Score, Tag, Words
from newsfeed.subscriptions.errors import QueryError, nearest, shown
from newsfeed.subscriptions.fields import (
    RANGE_FIELDS,
    TAG_FIELDS,
    TEXT_FIELDS,
    check_field,
    range_clause,
    tag_clause,
    words_clause,
)
from newsfeed.subscriptions.names import Resolve
from newsfeed.subscriptions.quoting import content
from newsfeed.subscriptions.tree import All, AnyOf, Node, Not

MAX_BYTES = 40_000
MAX_DEPTH = 100
MAX_CLAUSES = 1_000
_JOINS: dict[str, type[All] | type[AnyOf]] = {"all": All, "any": AnyOf}
_TEXT_KEYS = ("word", "phrase", "prefix")
_RANGE_KEYS = ("from", "above", "to", "below")


def write(node: Node) -> bytes:
    """A tree as JSON."""
    return orjson.dumps(_out(node))


def _out(node: Node) -> dict[str, Any]:
    if isinstance(node, All):
        return {"all": [_out(part) for part in node.parts]}
    if isinstance(node, AnyOf):
        return {"any": [_out(part) for part in node.parts]}
    if isinstance(node, Not):
        return {"not": _out(node.part)}
    return _leaf_out(node)


def _leaf_out(leaf: Leaf) -> dict[str, Any]:
    if isinstance(leaf, Score):
        low = {} if leaf.low == float("-inf") else {"from" if leaf.low_in else "above": leaf.low}
        high = {} if leaf.high == float("inf") else {"to" if leaf.high_in else "below": leaf.high}
        return {"field": leaf.field, **low, **high}
    if isinstance(leaf, Tag | Role):
        return {"field": leaf.field, "is": content(leaf.value)[0]}
    assert isinstance(leaf, Words)
    if leaf.prefix:
        return {"field": leaf.field, "prefix": content(leaf.value)[0].removesuffix("*")}
    text, quoted = content(leaf.value)
    if quoted:
        return {"field": leaf.field, "phrase": text, **({"within": leaf.slop} if leaf.slop else {})}
    return {"field": leaf.field, "word": text}


def read(text: str, resolve: Resolve | None = None) -> Node:
    """JSON as a tree.

    Raises:
        QueryError: no JSON, too large or too deep, or not a query.
    """
    if len(text) > MAX_BYTES:
        raise QueryError(f"a query of {len(text):,} characters is too long", MAX_BYTES + 1, f"at most {MAX_BYTES:,}")
    try:
        found = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise QueryError(f"no JSON: {error}", int(getattr(error, "pos", 0)) + 1) from None
    return _Reader(resolve).node(found, "$", 0)


class _Reader:
    """One walk over the JSON; counts the clauses."""

    def __init__(self, resolve: Resolve | None) -> None:
        self.resolve = resolve
        self.clauses = 0

    def node(self, item: Any, path: str, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise QueryError(f"{path[:60]}: nested too deeply")
        if not isinstance(item, dict):
            raise QueryError(f"{path[:60]}: an object is expected")
        if len(item) == 1:
            key, value = next(iter(item.items()))
            if key in _JOINS:
                if not isinstance(value, list) or not value:
                    raise QueryError(f"{path[:60]}.{key}: a list that is not empty is expected")
                parts = tuple(
                    self.node(part, f"{path}.{key}[{number}]", depth + 1) for number, part in enumerate(value)
                )
                return parts[0] if len(parts) == 1 else _JOINS[key](parts)
            if key == "not":
                return Not(self.node(value, f"{path}.not", depth + 1))
        self.clauses += 1
        if self.clauses > MAX_CLAUSES:
            raise QueryError("the query has too many clauses", 1, f"at most {MAX_CLAUSES:,}")
        try:
            return _leaf_in(item, self.resolve)
        except QueryError as error:
            raise QueryError(f"{path[:60]}: {error.reason}", 1, error.suggestion) from None


def _leaf_in(item: dict[str, Any], resolve: Resolve | None) -> Leaf:
    field = item.get("field", "text")
    if not isinstance(field, str):
        raise QueryError("field: text is expected")
    check_field(field, 1)
    allowed = {
        "field",
        *(("is",) if field in TAG_FIELDS else _RANGE_KEYS if field in RANGE_FIELDS else (*_TEXT_KEYS, "within")),
    }
    for key in item:
        if key not in allowed:
            raise QueryError(f"{shown(key)} is not known here", 1, nearest(key, allowed | {"all", "any", "not"}))
    if field in RANGE_FIELDS:
        return _range_in(field, item)
    given = [key for key in item if key in ("is", *_TEXT_KEYS)]
    if len(given) != 1 or not isinstance(item[given[0]], str):
        wanted = sorted(allowed - {"field", "within"})
        raise QueryError(f"{'one of ' if len(wanted) > 1 else ''}{', '.join(wanted)} is expected, and as text")
    value = item[given[0]]
    if field in TEXT_FIELDS:
        within = item.get("within", 0)
        if type(within) is not int or (within and given[0] != "phrase"):
            raise QueryError("within: a whole number is expected, beside phrase")
        return words_clause(field, value, 1, quoted=given[0] == "phrase", slop=within, prefix=given[0] == "prefix")
    return tag_clause(field, value, 1, resolve=resolve)


def _range_in(field: str, item: dict[str, Any]) -> Score:
    for key in item.keys() & set(_RANGE_KEYS):
        if type(item[key]) not in (int, float):
            raise QueryError(f"{key}: a number is expected")
    if len(item) == 1 or {"from", "above"} <= item.keys() or {"to", "below"} <= item.keys():
        raise QueryError("one of from and above, and one of to and below, are expected")
    low, high = item.get("from", item.get("above", "*")), item.get("to", item.get("below", "*"))
    return range_clause(field, str(low), str(high), 1, low_in="above" not in item, high_in="below" not in item)
