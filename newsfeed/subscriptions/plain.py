"""The usual query, read in one pass: words, phrases and tags joined by AND, OR, NOT and parentheses. Most subscriptions are no more.

luqum takes many times as long, and a worker that starts reads them all. What is not plain, and all that is wrong, is left to ``lucene``,
which says the same of what is read here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from newsfeed.subscriptions.clauses import Leaf
from newsfeed.subscriptions.errors import QueryError
from newsfeed.subscriptions.fields import PREFIXES, TAG_FIELDS, TEXT_FIELDS, tag_clause, words_clause
from newsfeed.subscriptions.lucene import MAX_LENGTH
from newsfeed.subscriptions.names import Resolve
from newsfeed.subscriptions.tree import All, AnyOf, Node, Not

MOST_TOKENS = 100  # too few for a query that has too many clauses or levels
_TOKEN = re.compile(
    r"(?:(?P<close>\))|(?<![^\s()])(?:(?P<field>[a-z]++):)?(?:(?P<open>\()"
    r'|"(?P<phrase>[^"\\\ud800-\udfff]*+)"(?:~(?P<slop>[0-9]{1,3}))?+(?![^\s()])'
    r"|(?P<word>(?:[a-z]++:)?+\w[\w.-]*+)(?P<star>\*)?+(?![^\s()])))\s*+"
)
_RESERVED = ("AND", "OR", "NOT", "TO")  # a mistake or a word in small letters

_words = lru_cache(maxsize=65_536)(words_clause)  # many queries ask for the same


class _NotPlainError(Exception):
    """The query is for `lucene.read`."""


class _Level:
    """What stands between two parentheses: ``ways`` are joined by OR, the nodes of each by AND.

    Attributes:
        field: the one before the parenthesis. negated: whether NOT stands before the next node. wanting: whether one must follow.
    """

    __slots__ = ("field", "negated", "wanting", "ways")

    def __init__(self, field: str | None) -> None:
        self.field, self.ways = field, [list[Node]()]
        self.negated, self.wanting = False, True

    def join(self, word: str) -> None:
        """Take AND, OR or NOT."""
        if self.negated or (self.wanting and word != "NOT") or word not in ("AND", "OR", "NOT"):
            raise _NotPlainError
        self.wanting, self.negated = True, word == "NOT"
        if word == "OR":
            self.ways.append([])

    def put(self, node: Node) -> None:
        """Take a clause, or what stands in parentheses."""
        self.ways[-1].append(Not(node) if self.negated else node)
        self.wanting = self.negated = False

    def node(self) -> Node:
        """All of it."""
        if self.wanting:
            raise _NotPlainError
        ways = tuple(way[0] if len(way) == 1 else All(tuple(way)) for way in self.ways)
        return ways[0] if len(ways) == 1 else AnyOf(ways)


def read(query: str, resolve: Resolve | None = None) -> Node | None:
    """The tree of a plain query, None of any other."""
    try:
        return _read(query.strip(), resolve) if len(query) <= MAX_LENGTH else None
    except (_NotPlainError, QueryError):
        return None


def _read(query: str, resolve: Resolve | None) -> Node:
    levels, at = [_Level(None)], 0
    for _ in range(MOST_TOKENS):
        token = _TOKEN.match(query, at)
        if token is None:
            break
        at = token.end()
        close, name, opened, phrase, slop, word, star = token.groups()
        level = levels[-1]
        if close:
            if len(levels) == 1:
                break
            levels.pop()
            levels[-1].put(level.node())
        elif word and word.upper() in _RESERVED:
            level.join("" if name or star else word)
        elif name and level.field and not word:  # a field within a field
            break
        elif opened:
            levels.append(_Level(level.field or name))
        else:
            if name and level.field:
                word = f"{name}:{word}"
            level.put(_clause(level.field or name or "text", phrase, int(slop or 0), word, bool(star), resolve))
        if at == len(query) and len(levels) == 1:
            return levels[0].node()
    raise _NotPlainError


def _clause(field: str, phrase: str | None, slop: int, word: str | None, star: bool, resolve: Resolve | None) -> Leaf:
    text = phrase if word is None else word
    assert text is not None
    if field in TEXT_FIELDS and not (word and ":" in word):
        return _words(field, text, 1, quoted=word is None, slop=slop, prefix=star)
    prefix, colon, _ = (word or "").partition(":")
    if field not in TAG_FIELDS or slop or star or (colon and prefix not in PREFIXES.get(field, ())):
        raise _NotPlainError
    return tag_clause(field, text, 1, resolve=resolve)
