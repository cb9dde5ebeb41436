"""A query as people write it (Lucene syntax) to the parts that are evaluated.

Fields: ``actor`` (QID, ISO country, code, name), ``topic`` (id or name; what lies below it included), ``role``, ``language``, ``source``,
``kind``, ``title``, ``body``, ``score`` (range over the best topic score). Without a field: words of title and body. Words that stand side by
side must all occur (AND). ``"a b"~3`` allows three words between; ``gas*`` is a beginning.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, ClassVar

from luqum.exceptions import ParseError
from luqum.parser import parser
from luqum.tree import (
    AndOperation,
    Boost,
    FieldGroup,
    Fuzzy,
    Group,
    Item,
    OrOperation,
    Phrase,
    Plus,
    Prohibit,
    Proximity,
    Range,
    SearchField,
    UnknownOperation,
    Word,
)  # fmt: skip
from luqum.tree import (
    Not as LuqumNot,
)

from newsfeed.data import rows
from newsfeed.records.verdict import PUBLISHED_KINDS
from newsfeed.subscriptions.clauses import And, Node, Not, Or, Score, Tag, Words, positive
from newsfeed.subscriptions.errors import QueryError
from newsfeed.text import fold_text

FIELDS = ("actor", "topic", "role", "language", "source", "kind", "title", "body", "score")
NAMESPACES = ("wd", "nf", "medtop")
MOST_CHARACTERS = 10_000
DEEPEST = 50
_WILD = re.compile(r"(?<!\\)[*?]")
_EXACT = re.compile(r"(?:[A-Z]{2,}|Q\d+|(?:wd|nf|medtop):\S+)")
_ESCAPED = re.compile(r"\\(.)")

_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}

Resolve = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: its text and the node to evaluate."""

    text: str
    node: Node


def parse(query: str, resolve: Resolve | None = None) -> Query:
    """Parse a query.

    Args:
        resolve: gives the actor ids of a name in any language; without it a name is compared with the names in the article.

    Raises:
        QueryError: with the column and, where there is one, a suggestion.
    """
    if not query.strip():
        raise QueryError("the query is empty", column=1, suggestion="actor:RU AND topic:medtop:20000639")
    if len(query) > MOST_CHARACTERS:
        raise QueryError(f"the query is longer than {MOST_CHARACTERS} characters", column=MOST_CHARACTERS + 1)
    _check_brackets(query)
    try:
        tree = parser.parse(query)
    except (ParseError, RecursionError) as error:
        raise QueryError("the query breaks off or has a stray sign", column=_column(error, query)) from None
    node = _Reader(resolve).read(tree, "text", None)
    if not positive(node):
        raise QueryError("the query only says what must not be there; add something that must", column=1)
    return Query(query, node)


def _check_brackets(query: str) -> None:
    """luqum does not say where a bracket is missing, and nests without limit."""
    opened: list[int] = []
    quote: int | None = None
    at = 0
    while at < len(query):
        sign = query[at]
        if sign == "\\":
            at += 1
        elif sign == '"':
            quote = None if quote is not None else at
        elif quote is None and sign == "(":
            opened.append(at)
            if len(opened) > DEEPEST:
                raise QueryError(f"brackets are nested deeper than {DEEPEST}", column=at + 1)
        elif quote is None and sign == ")":
            if not opened:
                raise QueryError("this bracket closes nothing", column=at + 1)
            opened.pop()
        at += 1
    if quote is not None:
        raise QueryError("this quotation mark is not closed", column=quote + 1)
    if opened:
        raise QueryError("this bracket is not closed", column=opened[-1] + 1)


def _column(error: Exception, query: str) -> int:
    found = re.search(r"position (\d+)", str(error))
    return int(found[1]) + 1 if found else len(query) + 1


class _Reader:
    """Reads luqum's tree. ``lead`` is text that belongs before a value, as the namespace of an id."""

    def __init__(self, resolve: Resolve | None) -> None:
        self._resolve = resolve

    def read(self, item: Item, field: str, lead: str | None) -> Node:
        reader = self._READERS.get(type(item))
        if reader is None:
            raise QueryError(f"{type(item).__name__} is not known here", column=_at(item))
        return reader(self, item, field, lead)

    def _all(self, item: Any, field: str, lead: str | None) -> Node:
        return And(tuple(self.read(child, field, lead) for child in item.children))

    def _any(self, item: Any, field: str, lead: str | None) -> Node:
        return Or(tuple(self.read(child, field, lead) for child in item.children))

    def _inner(self, item: Any, field: str, lead: str | None) -> Node:
        return self.read(item.children[0], field, lead)

    def _not(self, item: Any, field: str, lead: str | None) -> Node:
        return Not(self.read(item.children[0], field, lead))

    def _field(self, item: SearchField, field: str, lead: str | None) -> Node:
        name = str(item.name)
        if name in FIELDS and lead is None:
            return self.read(item.expr, name, None)
        if field in ("actor", "topic") and name in NAMESPACES:
            return self.read(item.expr, field, f"{name}:")
        close = get_close_matches(name, FIELDS, n=1)
        raise QueryError(
            f"there is no field {name!r}; the fields are {', '.join(FIELDS)}",
            column=_at(item),
            suggestion=close[0] if close else None,
        )

    def _range(self, item: Range, field: str, lead: str | None) -> Node:
        if field != "score":
            raise QueryError("a range can be asked of score only", column=_at(item))
        low, high = (_number(bound, item) for bound in (item.low, item.high))
        return Score(f"score:[{item.low} TO {item.high}]", 0.0 if low is None else low, 1.0 if high is None else high)

    def _proximity(self, item: Proximity, field: str, lead: str | None) -> Node:
        return self._words(item.term, field, slop=int(item.degree))

    def _phrase(self, item: Phrase, field: str, lead: str | None) -> Node:
        value = item.value[1:-1]
        return self._tag(item, field, value) if field not in ("text", "title", "body") else self._words(item, field)

    def _word(self, item: Word, field: str, lead: str | None) -> Node:
        value = (lead or "") + _ESCAPED.sub(r"\1", item.value)
        return self._tag(item, field, value) if field not in ("text", "title", "body") else self._words(item, field)

    def _words(self, item: Any, field: str, slop: int = 0) -> Words:
        raw = item.value[1:-1] if isinstance(item, Phrase) else item.value
        wild = [found.start() for found in _WILD.finditer(raw)] if isinstance(item, Word) else []
        prefix = wild == [len(raw) - 1] and raw.endswith("*") and len(raw) > 2
        if wild and not prefix:
            raise QueryError(
                "a * may stand at the end of a word of two letters or more only", column=_at(item) + wild[0]
            )
        words = _ESCAPED.sub(r"\1", raw.rstrip("*") if prefix else raw).split()
        forms = tuple(form for word in words for form in _forms(word))
        if not forms:
            raise QueryError("there is no letter or digit in this", column=_at(item))
        return Words(
            str(item).strip() if field == "text" else f"{field}:{str(item).strip()}", field, forms, slop, prefix
        )

    def _tag(self, item: Item, field: str, value: str) -> Node:
        if field == "score":
            raise QueryError("score takes a range, as score:[0.5 TO *]", column=_at(item))
        if _WILD.search(value):
            raise QueryError(f"{field} takes no *", column=_at(item))
        keys = getattr(self, f"_{field}_keys")(value, item)
        return Tag(f"{field}:{str(item).strip()}" if ":" not in value else f"{field}:{value}", frozenset(keys))

    def _actor_keys(self, value: str, item: Item) -> list[str]:
        if _EXACT.fullmatch(value):
            return ["a:" + value.casefold()]
        folded = fold_text(value)
        if not folded:
            raise QueryError("there is no letter or digit in this", column=_at(item))
        return ["a:=" + folded, *("a:" + id.casefold() for id in (self._resolve(value) if self._resolve else ()))]

    def _topic_keys(self, value: str, item: Item) -> list[str]:
        if value.isdigit():
            value = f"medtop:{value}"
        if ":" in value:
            return ["p:" + value.casefold()]
        names = _topic_names()
        folded = fold_text(value)
        if folded not in names:
            close = get_close_matches(folded, names, n=1, cutoff=0.6)
            raise QueryError(
                f"there is no topic named {value!r}", column=_at(item), suggestion=close[0] if close else None
            )
        return ["p:" + id for id in names[folded]]

    def _role_keys(self, value: str, item: Item) -> list[str]:
        words = fold_text(value).split()
        if len(words) != 1:
            raise QueryError("role takes one word; join several with AND", column=_at(item))
        return ["r:" + words[0]]

    def _language_keys(self, value: str, item: Item) -> list[str]:
        if not re.fullmatch(r"[A-Za-z]{2}", value):
            raise QueryError("language takes a code of two letters, as ar or en", column=_at(item))
        return ["l:" + value.casefold()]

    def _source_keys(self, value: str, item: Item) -> list[str]:
        return ["s:" + value.casefold()]

    def _kind_keys(self, value: str, item: Item) -> list[str]:
        if value not in PUBLISHED_KINDS:
            close = get_close_matches(value, PUBLISHED_KINDS, n=1)
            raise QueryError(
                f"kind is one of {', '.join(sorted(PUBLISHED_KINDS))}",
                column=_at(item),
                suggestion=close[0] if close else None,
            )
        return ["k:" + value]

    _READERS: ClassVar[dict[type, Callable[..., Node]]] = {
        AndOperation: _all, UnknownOperation: _all, OrOperation: _any, Group: _inner, FieldGroup: _inner, Plus: _inner, Boost: _inner,
        LuqumNot: _not, Prohibit: _not, SearchField: _field, Range: _range, Proximity: _proximity, Phrase: _phrase, Word: _word,
        Fuzzy: lambda self, item, field, lead: _no_fuzzy(item),
    }  # fmt: skip


def _no_fuzzy(item: Item) -> Node:
    raise QueryError('~ stands behind a phrase only, as "natural gas"~3', column=_at(item))


def _at(item: Item) -> int:
    return (item.pos or 0) + 1


def _number(bound: Any, item: Item) -> float | None:
    if str(bound) == "*":
        return None
    try:
        return float(str(bound))
    except ValueError:
        raise QueryError(f"{bound} is not a number", column=_at(item)) from None


def _forms(word: str) -> list[frozenset[str]]:
    """The spellings under which each folded part of a word may stand: Müller, Mueller and Muller are one."""
    out = []
    for part in fold_text(word).split():
        forms = {part}
        for letter, plain in (("ae", "a"), ("oe", "o"), ("ue", "u")):
            if letter in part:
                forms.add(part.replace(letter, plain))
        out.append(frozenset(forms))
    spread = fold_text(word.casefold().translate(_UMLAUTS)).split()
    return [forms | {other} for forms, other in zip(out, spread, strict=True)] if len(spread) == len(out) else out


@cache
def _topic_names() -> dict[str, list[str]]:
    """Folded names of topics in all languages to their ids."""
    names: dict[str, list[str]] = {}
    for row in rows("subjects/topics.tsv"):
        for column in ("name", "ar", "fr", "es", "de", "ru"):
            if row[column]:
                ids = names.setdefault(fold_text(row[column]), [])
                if row["id"] not in ids:
                    ids.append(row["id"])
    return names
