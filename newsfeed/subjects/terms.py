"""The topics newsfeed knows: IPTC Media Topics and a few of our own (``data/subjects/topics.tsv``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from newsfeed.data import rows

NAME_LANGUAGES = ("ar", "fr", "es", "de", "ru")


@dataclass(frozen=True, slots=True)
class Term:
    """One topic.

    Attributes:
        id: ``medtop:20000639``, or ``nf:…`` where IPTC has nothing.
        key: the short name that pattern files use.
        path: ids of all broader terms, the top term first; empty for a top term.
        name: English name. names: the other languages, as far as the sources give them.
        qid: Wikidata item or "".
    """

    id: str
    key: str
    path: tuple[str, ...]
    name: str
    names: tuple[tuple[str, str], ...] = ()
    qid: str = ""

    @property
    def top(self) -> str:
        """Id of the top term it belongs to; its own where it is one."""
        return self.path[0] if self.path else self.id


class Terms:
    """All topics, found by id, by key, or by a retired id."""

    def __init__(self, terms: Iterable[Term], retired: Iterable[tuple[str, str]] = ()) -> None:
        self.by_id = {term.id: term for term in terms}
        self._ids = (
            {term.key: term.id for term in self.by_id.values()} | {key: key for key in self.by_id} | dict(retired)
        )

    def __iter__(self) -> Iterator[Term]:
        return iter(self.by_id.values())

    def find(self, name: str) -> Term | None:
        """The topic of an id, a key, or a retired IPTC id; None where there is none."""
        found = self._ids.get(name)
        return None if found is None else self.by_id[found]

    def broader(self, term: Term) -> Term | None:
        """The nearest broader term that we know, or None."""
        for code in reversed(term.path):
            if code in self.by_id:
                return self.by_id[code]
        return None

    def extended(self, more: Iterable[Term]) -> Terms:
        """These topics and a desk's own; an id or key of the desk's wins."""
        out = Terms([*self.by_id.values(), *more])
        out._ids = self._ids | out._ids
        return out


@cache
def shipped_terms() -> Terms:
    """The topics of the package data."""
    terms = [
        Term(
            id=row["id"],
            key=row["key"],
            path=tuple(row["path"].split()),
            name=row["name"],
            names=tuple((language, row[language]) for language in NAME_LANGUAGES if row[language]),
            qid=row["qid"],
        )
        for row in rows("subjects/topics.tsv")
    ]
    return Terms(terms, [(row["retired"], row["id"]) for row in rows("subjects/retired.tsv")])
