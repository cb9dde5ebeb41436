"""All subscriptions at once: which of them does an article answer?

Every query is filed under its rarest required keys; an article looks up only its own keys, and a second required part of the query,
held beside it, passes most of the rest over before anything is evaluated.
"""

from __future__ import annotations

from dataclasses import dataclass

from newsfeed.records import Clause, Enriched, Subscription
from newsfeed.subscriptions.clauses import And, Keys, Node, leaves, rarity
from newsfeed.subscriptions.parsing import Query, Resolve, parse
from newsfeed.subscriptions.view import View

MOST_SPANS = 20  # of one clause in an alert


@dataclass(frozen=True, slots=True)
class Match:
    """A subscription that an article answers, with the clauses that matched and where."""

    subscription: Subscription
    clauses: list[Clause]


@dataclass(frozen=True, slots=True)
class _Filed:
    subscription: Subscription
    query: Query
    first: Keys | None
    second: Keys | None


class Matcher:
    """Subscriptions by id; put and remove take effect with the next article.

    Args:
        resolve: see ``parse``.
    """

    def __init__(self, resolve: Resolve | None = None) -> None:
        self._resolve = resolve
        self._filed: dict[str, _Filed] = {}
        self._by_key: dict[str, dict[str, _Filed]] = {}
        self._unfiled: dict[str, _Filed] = {}  # no key is required: asked of every article

    def __len__(self) -> int:
        return len(self._filed)

    def get(self, id: str) -> Subscription | None:
        """The subscription of an id."""
        filed = self._filed.get(id)
        return filed.subscription if filed is not None else None

    def put(self, subscription: Subscription) -> None:
        """Add a subscription or replace the one of its id.

        Raises:
            QueryError: the query cannot be used; what was there before stays.
        """
        query = parse(subscription.query, self._resolve)
        first, second = _required(query.node)
        self.remove(subscription.id)
        filed = _Filed(subscription, query, first, second)
        self._filed[subscription.id] = filed
        if first is None:
            self._unfiled[subscription.id] = filed
        for key in first or ():
            self._by_key.setdefault(key, {})[subscription.id] = filed

    def remove(self, id: str) -> None:
        """Forget a subscription; none of that id is no error."""
        filed = self._filed.pop(id, None)
        if filed is None:
            return
        self._unfiled.pop(id, None)
        for key in filed.first or ():
            held = self._by_key[key]
            del held[id]
            if not held:
                del self._by_key[key]

    def match(self, enriched: Enriched) -> list[Match]:
        """The subscriptions that want to hear of the article now, by id. Paused ones and other triggers are passed over."""
        view = View(enriched)
        keys, kind = view.keys, enriched.verdict.kind
        candidates = dict(self._unfiled)
        for key in keys & self._by_key.keys():
            for id, filed in self._by_key[key].items():
                if filed.second is None or not filed.second.isdisjoint(keys):
                    candidates[id] = filed
        out = []
        for id in sorted(candidates):
            filed = candidates[id]
            subscription = filed.subscription
            if not subscription.paused and kind in subscription.on and filed.query.node.holds(view):
                out.append(Match(subscription, explain(filed.query.node, view)))
        return out


def explain(node: Node, view: View) -> list[Clause]:
    """The clauses that hold, with the places that speak for them."""
    held = {clause.text: clause for clause in leaves(node) if clause.holds(view)}
    return [Clause(clause=text, spans=clause.spans(view)[:MOST_SPANS]) for text, clause in held.items()]


def _required(node: Node) -> tuple[Keys | None, Keys | None]:
    """The two rarest sets of keys of which the article must have one each."""
    parts = node.parts if isinstance(node, And) else (node,)
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, And) else (part,)
    found = sorted((keys for part in flat if (keys := part.required())), key=rarity)
    return (found[0] if found else None), (found[1] if len(found) > 1 else None)
