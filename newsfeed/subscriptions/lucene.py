"""From Lucene syntax, as luqum parses it, to the tree of clauses.

Our reading where Lucene leaves a choice: two clauses side by side are joined by AND (``+`` says the same, ``-`` is NOT);
AND binds tighter than OR; a boost is ignored, for nothing is ranked.
"""

from __future__ import annotations

import re
from typing import Any

from luqum import tree as syntax
from luqum.exceptions import ParseError
from luqum.thread import parse as parse_syntax

from newsfeed.subscriptions.errors import QueryError, shown
from newsfeed.subscriptions.fields import (
    FIELDS,
    PREFIXES,
    RANGE_FIELDS,
    TEXT_FIELDS,
    check_field,
    range_clause,
    tag_clause,
    words_clause,
)
from newsfeed.subscriptions.names import Resolve
from newsfeed.subscriptions.quoting import unescaped
from newsfeed.subscriptions.tree import All, AnyOf, Node, Not

MAX_LENGTH = 10_000
MAX_DEPTH = 50
MAX_CLAUSES = 1_000
_AT = re.compile(r"position (\d+)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WILD = re.compile(r"(?<!\\)(?:\\\\)*([*?])")
_DISTANCE = re.compile(r'(?<=")\s*~([^\s()^]*)')
_POINTS = re.compile(r"[~^]\d*\.\d*\.")
_JOINS = ("AND", "OR", "NOT")
_QUOTES = "“”„«»"


def read(query: str, resolve: Resolve | None = None) -> Node:
    """Parse a query.

    Raises:
        QueryError: with the column, and what to write instead where that can be told.
    """
    _check_shape(query)
    try:
        found = parse_syntax(query)
    except ParseError as error:
        place = _AT.search(str(error))
        raise _unexpected(query, int(place[1]) if place else len(query)) from None
    except ArithmeticError:  # luqum reads the number behind ^ or ~ without a look
        broken = _POINTS.search(query)
        raise QueryError("two points in one number", broken.start() + 1 if broken else 1) from None
    return _Reader(resolve).node(found, None, 0)


def _unexpected(query: str, at: int) -> QueryError:
    """What stands at an offset and cannot stand there; at the end of the query something is missing."""
    before, word = query[:at].rstrip(), re.match(r"\S{1,30}", query[at:])
    if before.endswith((":", "<", ">", "=")):
        return QueryError("a field without a value", at + 1, "write one, as in actor:RU")
    if before.endswith("(") and word and word[0].startswith(")"):
        return QueryError("nothing stands between the parentheses", at + 1, "write a clause, or remove them")
    what = f"{shown(word[0])} is not expected here" if word else "something is missing at the end"
    joined = not word or word[0] in _JOINS or (word[0].startswith(")") and before.split(" ")[-1] in _JOINS)
    return QueryError(what, at + 1, "a clause stands on both sides of AND and OR" if joined else 'quote it: "…"')


def _check_shape(query: str) -> None:
    """What can be said before parsing: length, depth, distances, and what does not close: quotes, ranges, parentheses."""
    if len(query) > MAX_LENGTH:
        raise QueryError(f"a query of {len(query):,} characters is too long", MAX_LENGTH + 1, f"at most {MAX_LENGTH:,}")
    if not query.strip():
        raise QueryError("the query is empty", 1, 'write what to look for, as in actor:RU AND "natural gas"')
    if broken := _SURROGATE.search(query):
        raise QueryError("half a character (a lone surrogate)", broken.start() + 1, "remove it")
    opened: list[int] = []
    quote = ranged = -1
    escaped = False
    for at, char in enumerate(query):
        if escaped or char == "\\":
            escaped = not escaped
        elif char == '"':
            quote = at if quote < 0 else -1
            if quote < 0 and (distance := _DISTANCE.match(query, at + 1)) and not distance[1].isdecimal():
                raise QueryError("a distance is a whole number", distance.start(1) + 1, 'as in "natural gas"~3')
        elif quote >= 0:
            continue
        elif char in "[{":
            ranged = at
        elif char in "]}":
            ranged = -1
        elif char == "(":
            opened.append(at)
            if len(opened) > MAX_DEPTH:
                raise QueryError("parentheses are nested too deeply", at + 1, f"at most {MAX_DEPTH} levels")
        elif char == ")":
            if not opened:
                raise QueryError(
                    "a closing parenthesis without an opening one", at + 1, "remove it, or open one before"
                )
            opened.pop()
    if quote >= 0:
        raise QueryError("a quotation mark that is never closed", quote + 1, 'close it with "')
    if ranged >= 0:
        raise QueryError("a range that is never closed", ranged + 1, "close it with ] or }, as in [0.5 TO *]")
    if opened:
        raise QueryError("a parenthesis that is never closed", opened[-1] + 1, "close it with )")


class _Reader:
    """One walk over luqum's tree; counts the clauses."""

    def __init__(self, resolve: Resolve | None) -> None:
        self.resolve = resolve
        self.clauses = 0

    def node(self, item: Any, field: str | None, depth: int) -> Node:
        if depth > 4 * MAX_DEPTH:
            raise QueryError("the query is nested too deeply", item.pos + 1)
        if isinstance(item, syntax.BaseOperation):
            return self._operation(item, field, depth)
        if isinstance(item, syntax.Group | syntax.FieldGroup | syntax.Plus | syntax.Boost):
            return self.node(item.children[0], field, depth + 1)
        if isinstance(item, syntax.Not | syntax.Prohibit):
            return Not(self.node(item.children[0], field, depth + 1))
        if isinstance(item, syntax.SearchField):
            return self._field(item, field, depth)
        self.clauses += 1
        if self.clauses > MAX_CLAUSES:
            raise QueryError("the query has too many clauses", item.pos + 1, f"at most {MAX_CLAUSES:,}")
        return self._leaf(item, field or "text")

    def _operation(self, item: Any, field: str | None, depth: int) -> Node:
        """luqum groups a mix of operators by where they stand; regroup what is written: OR of ANDs."""
        ways: list[list[Node]] = [[]]

        def walk(operation: Any, level: int) -> None:
            if level > 4 * MAX_DEPTH:
                raise QueryError("the query is nested too deeply", operation.pos + 1)
            for number, child in enumerate(operation.children):
                if number and isinstance(operation, syntax.OrOperation):
                    ways.append([])
                if isinstance(child, syntax.BaseOperation):
                    walk(child, level + 1)
                    continue
                if isinstance(child, syntax.Word) and child.value.upper() in _JOINS and child.value not in _JOINS:
                    word = child.value
                    raise QueryError(
                        f"{shown(word)} joins nothing", child.pos + 1, f'write {word.upper()}, or "{word}" for the word'
                    )
                ways[-1].append(self.node(child, field, level + 1))

        walk(item, depth + 1)
        alternatives = tuple(way[0] if len(way) == 1 else All(tuple(way)) for way in ways)
        return alternatives[0] if len(alternatives) == 1 else AnyOf(alternatives)

    def _field(self, item: Any, field: str | None, depth: int) -> Node:
        name, column = item.name, item.pos + 1
        if field in PREFIXES and (name in PREFIXES[field] or name not in FIELDS):
            return self._value(item, field)
        if name in ("http", "https"):
            raise QueryError("an address is not searched for", column, "write its host, as in source:example.com")
        if field is not None:
            raise QueryError(
                f"a field within a field: {shown(name)} in {shown(field)}", column, f"write {field}:… AND {name}:…"
            )
        check_field(name, column)
        return self.node(item.expr, name, depth + 1)

    def _value(self, item: Any, field: str) -> Node:
        """An id with a colon, which luqum reads as a field within a field: ``topic:medtop:20000639``."""
        parts, rest = [item.name], item.expr
        while isinstance(rest, syntax.SearchField):
            parts.append(rest.name)
            rest = rest.expr
        if not isinstance(rest, syntax.Word):
            raise QueryError(
                f"{shown(str(item).strip())} is no value of {field}", item.pos + 1, f'quote it: {field}:"…"'
            )
        self.clauses += 1
        return tag_clause(field, unescaped(":".join([*parts, rest.value])), item.pos + 1, resolve=self.resolve)

    def _leaf(self, item: Any, field: str) -> Node:
        column, quoted, slop = item.pos + 1, False, 0
        if isinstance(item, syntax.Range | syntax.From | syntax.To):
            return self._range(item, field, column)
        if isinstance(item, syntax.Fuzzy):
            raise QueryError(
                "words spelled nearly alike are not searched for", column, f"write a prefix: {str(item.term).strip()}*"
            )
        if isinstance(item, syntax.Regex):
            raise QueryError("regular expressions are not searched for", column, "write words, phrases or prefixes")
        if isinstance(item, syntax.Proximity):
            item, slop = item.term, int(item.degree)
        if not isinstance(item, syntax.Word | syntax.Phrase):
            raise QueryError(f"{shown(str(item).strip())} is not understood", column)
        text = item.value
        if isinstance(item, syntax.Phrase):
            text, quoted = unescaped(text[1:-1]), True
        elif field in RANGE_FIELDS:
            return range_clause(field, text, text, column)
        elif (wild := _WILD.search(text)) and not (text == "*" and field not in TEXT_FIELDS):
            return self._prefix(text, field, column, wild.start(1))
        else:
            text = unescaped(text)
            if text[:1] in _QUOTES:
                raise QueryError(
                    f"{shown(text)} begins with a curved quotation mark", column, 'write a straight one: "'
                )
            if text.startswith("!") and field in TEXT_FIELDS:
                raise QueryError(f"{shown(text)} begins with an exclamation mark", column, "write NOT")
        if field in TEXT_FIELDS:
            return words_clause(field, text, column, quoted=quoted, slop=slop)
        if field in RANGE_FIELDS or slop:
            raise QueryError(f"{field} takes no {'distance' if slop else 'phrase'}", column)
        return tag_clause(field, text, column, resolve=self.resolve)

    def _prefix(self, text: str, field: str, column: int, at: int) -> Node:
        if field not in TEXT_FIELDS:
            raise QueryError(f"{field} takes whole values", column, "wildcards are for words of the text, as in gas*")
        if at == 0:
            raise QueryError("a wildcard cannot stand first", column, "write the beginning of the word, as in gas*")
        if text[at] != "*" or at != len(text) - 1:
            raise QueryError("a wildcard can only stand at the end of a word", column + at, f"write {text[:at]}*")
        return words_clause(field, unescaped(text[:-1]), column, prefix=True)

    def _range(self, item: Any, field: str, column: int) -> Node:
        if field not in RANGE_FIELDS:
            raise QueryError(f"{field} takes no range", column, "ranges are for score, as in score:[0.5 TO *]")
        if isinstance(item, syntax.Range):
            low, high = str(item.low).strip(), str(item.high).strip()
            return range_clause(field, low, high, column, low_in=item.include_low, high_in=item.include_high)
        bound = str(item.a).strip()
        if isinstance(item, syntax.From):
            return range_clause(field, bound, "*", column, low_in=item.include)
        return range_clause(field, "*", bound, column, high_in=item.include)
