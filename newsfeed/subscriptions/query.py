"""A parsed query: Lucene syntax or JSON in, a tree that can be tested on articles out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newsfeed.records import Clause, Enriched
from newsfeed.subscriptions import json_form, lucene, plain
from newsfeed.subscriptions.clauses import Tag, text_of
from newsfeed.subscriptions.errors import QueryError
from newsfeed.subscriptions.names import Resolve, is_actor, is_topic
from newsfeed.subscriptions.reading import Reading
from newsfeed.subscriptions.tree import Node, leaves, matched, needs


@dataclass(frozen=True, slots=True)
class Query:
    """A query.

    Attributes:
        text: as written.
        root: the tree of clauses.
    """

    text: str
    root: Node

    def holds(self, article: Enriched | Reading) -> bool:
        """Whether an article satisfies the query; the plain evaluation, no index."""
        return self.root.test(article if isinstance(article, Reading) else Reading(article))

    def clauses(self, article: Enriched | Reading) -> list[Clause]:
        """The clauses that made the query hold, with their spans; empty where it does not hold."""
        reading = article if isinstance(article, Reading) else Reading(article)
        if not self.root.test(reading):
            return []
        return [Clause(clause=text_of(leaf), spans=leaf.spans(reading)) for leaf in matched(self.root, reading)]

    def unknown_topics(self) -> list[str]:
        """Topic ids that the data files do not have, as written: only a desk's own rules can make such a clause hold."""
        return [value for value, keys in self._asked("topic") if not any(map(_known, keys))]

    def unknown_actors(self) -> list[str]:
        """Wikidata ids of actors that the data files do not have, as written: only a desk's own names can make such a clause hold."""
        return [value for value, keys in self._asked("actor") if all(map(_unheard_of, keys))]

    def _asked(self, field: str) -> Iterable[tuple[str, frozenset[str]]]:
        """What the clauses of a tag ask for, each once: as written, and its keys."""
        found = {
            leaf.value: leaf.keys for leaf, _ in leaves(self.root) if isinstance(leaf, Tag) and leaf.field == field
        }
        return found.items()

    def to_json(self) -> bytes:
        """The query as JSON, which `parse` and `from_json` read back to an equal tree."""
        return json_form.write(self.root)


def _known(key: str) -> bool:
    identity = key.removeprefix("topic:")
    return identity == "*" or is_topic(identity)


def _unheard_of(key: str) -> bool:
    return key.startswith("actor:wd:") and not is_actor(key.removeprefix("actor:"))


def parse(query: str, resolve: Resolve | None = None) -> Query:
    """Parse a query in Lucene syntax, or in JSON where it begins with ``{``.

    Args:
        resolve: further actor ids of a name, beside those of the data files (a desk's own gazetteer).

    Raises:
        QueryError: the query cannot be used; with the column and a suggestion.
    """
    if not isinstance(query, str):
        raise QueryError("a query is text")
    if query.lstrip().startswith("{"):
        return from_json(query, resolve)
    return _checked(query, plain.read(query, resolve) or lucene.read(query, resolve))


def from_json(query: str | bytes, resolve: Resolve | None = None) -> Query:
    """Parse the JSON form of a query (see ``json_form``).

    Raises:
        QueryError: it is no JSON, or not a query; with the path in the reason.
    """
    text = query if isinstance(query, str) else query.decode("utf-8", "replace")
    return _checked(text, json_form.read(text, resolve))


def _checked(text: str, root: Node) -> Query:
    if not needs(root, len):
        raise QueryError(
            "the query only says what is not wanted, or would match nearly everything",
            1,
            "add a clause that must hold, as in language:ar AND NOT …",
        )
    return Query(text, root)
