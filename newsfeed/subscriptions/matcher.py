"""All subscriptions at once: which of them does an article answer?

Each query is filed under its rarest required key and, behind it, a second one; an article meets only the queries whose two keys it
has, and evaluates those. Equal clauses of different queries are one object.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from newsfeed.records import Clause, Enriched, Subscription
from newsfeed.subscriptions.clauses import Leaf, text_of
from newsfeed.subscriptions.compiled import Compiled, Sets
from newsfeed.subscriptions.index import Index
from newsfeed.subscriptions.names import Resolve
from newsfeed.subscriptions.query import parse
from newsfeed.subscriptions.reading import Reading
from newsfeed.subscriptions.tree import Node, leaves, matched, shared

LEAST_GONE = 1_000  # removals, and as many as there are subscriptions, before what they leave behind is looked for


@dataclass(slots=True)
class Match:
    """A subscription that an article answers.

    Attributes:
        subscription: as it was put.
    """

    subscription: Subscription
    _root: Node = field(repr=False)
    _explained: _Explained = field(repr=False)

    @property
    def clauses(self) -> list[Clause]:
        """The clauses that matched, with their spans in the article; worked out when asked for, once for all matches."""
        return self._explained.clauses(self._root)


class _Explained:
    """The clauses of one article that have been explained already: many subscribers ask for the same."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._known: dict[Leaf, Clause] = {}

    def clauses(self, root: Node) -> list[Clause]:
        out: list[Clause] = []
        for leaf in matched(root, self._reading):
            clause = self._known.get(leaf)
            if clause is None:
                clause = self._known[leaf] = Clause(clause=text_of(leaf), spans=leaf.spans(self._reading))
            out.append(clause)
        return out


class _Held(Compiled):
    """A subscription with its compiled query: all that matching looks at in one object, for most of its time goes to reaching memory.

    Attributes:
        number: its place in the index, None while it is paused. root: the query as written. on: the subscription's triggers.
    """

    __slots__ = ("number", "on", "root", "subscription")

    def __init__(
        self,
        number: int | None,
        subscription: Subscription,
        root: Node,
        certain: Collection[frozenset[str]],
        known: Sets,
    ) -> None:
        super().__init__(root, certain, known)
        on: frozenset[str] = frozenset(subscription.on)
        self.number, self.subscription, self.root, self.on = number, subscription, root, known.setdefault(on, on)


class Matcher:
    """Subscriptions by id; put and remove take effect with the next article.

    Args:
        resolve: further actor ids of a name, see ``query.parse``.
    """

    def __init__(self, resolve: Resolve | None = None) -> None:
        self._resolve = resolve
        self._held: dict[str, _Held] = {}
        self._numbered: list[_Held | None] = []  # by place in the index
        self._free: list[int] = []  # places that nobody has
        self._index = Index()
        self._leaves: dict[Leaf, Leaf] = {}
        self._sets: Sets = {}
        self._gone = 0

    def __len__(self) -> int:
        return len(self._held)

    @property
    def index_bytes(self) -> int:
        """Memory of the index; the clauses behind it come on top."""
        return self._index.nbytes

    def get(self, id: str) -> Subscription | None:
        """The subscription of an id."""
        held = self._held.get(id)
        return held.subscription if held is not None else None

    def put(self, subscription: Subscription) -> None:
        """Add a subscription or replace the one of its id.

        Raises:
            QueryError: the query cannot be used; what was there before stays.
        """
        root = shared(parse(subscription.query, self._resolve).root, self._leaves)
        self.remove(subscription.id)
        number, certain = None, list[frozenset[str]]()
        if not subscription.paused:
            if not self._free:
                self._free.append(len(self._numbered))
                self._numbered.append(None)
            number = self._free.pop()
            certain = self._index.add(number, root)
        held = self._held[subscription.id] = _Held(number, subscription, root, certain, self._sets)
        if number is not None:
            self._numbered[number] = held

    def remove(self, id: str) -> None:
        """Forget a subscription; none of that id is no error."""
        held = self._held.pop(id, None)
        if held is None:
            return
        if held.number is not None:
            self._index.discard(held.number)
            self._numbered[held.number] = None
            self._free.append(held.number)
        self._gone += 1
        if self._gone > len(self._held) + LEAST_GONE:
            self._sweep()

    def _sweep(self) -> None:
        """Forget the clauses and sets that no query shares any more."""
        self._gone = 0
        self._leaves = {leaf: leaf for held in self._held.values() for leaf, _ in leaves(held.root)}
        self._sets = {keys: keys for held in self._held.values() for keys in (*held.needed, held.barred, held.on)}

    def match(self, enriched: Enriched) -> list[Match]:
        """The subscriptions whose query the article answers and that want its kind, paused ones passed over, in order of their ids.

        For a correction or withdrawal this says only what matches; who is told of it, ``Told`` knows.
        """
        if len(self._free) == len(self._numbered):  # nobody asks: the text need not be read
            return []
        reading, kind = Reading(enriched), enriched.verdict.kind
        explained = _Explained(reading)
        out = []
        for number in self._index.candidates(reading):
            held = self._numbered[number]
            if held is not None and kind in held.on and held.test(reading):
                out.append(Match(held.subscription, held.root, explained))
        out.sort(key=lambda match: match.subscription.id)
        return out
