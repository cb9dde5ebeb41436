"""The records that travel: their fields are the contract with producers, consumers and subscribers.

Outward records are JSON; a field may be added, never renamed or given another meaning (that would be a `.v2`).
"""

from newsfeed.records.alert import Alert, AlsoTold, Clause, ClauseSpan
from newsfeed.records.article import Article
from newsfeed.records.delivery import Delivery
from newsfeed.records.enriched import Actor, Enriched, Mention, Relation, Topic, Unique
from newsfeed.records.match import Company, Matched, MatchesRecord, Notice, Tick
from newsfeed.records.position import Position, Span
from newsfeed.records.raw import DeadLetter, RawArticle, RawMessage
from newsfeed.records.subscription import Group, Outlet, Subscription
from newsfeed.records.verdict import Change, Evidence, Overlap, Verdict

__all__ = [
    "Actor", "Alert", "AlsoTold", "Article", "Change", "Clause", "ClauseSpan", "Company", "DeadLetter", "Delivery", "Enriched",
    "Evidence", "Group", "Matched", "MatchesRecord", "Mention", "Notice", "Outlet", "Overlap", "Position", "RawArticle",
    "RawMessage", "Relation", "Span", "Subscription", "Tick", "Topic", "Unique", "Verdict",
]  # fmt: skip
