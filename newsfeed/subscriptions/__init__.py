"""Who wants to hear about what: queries, the matcher that holds them all, and the alerts they lead to."""

from newsfeed.subscriptions.alerts import alert_id, build_alert
from newsfeed.subscriptions.backtest import Backtest, Hit, NearMiss
from newsfeed.subscriptions.errors import QueryError
from newsfeed.subscriptions.grouper import Grouper, GroupState, company, group_key
from newsfeed.subscriptions.matcher import Match, Matcher
from newsfeed.subscriptions.query import Query, from_json, parse
from newsfeed.subscriptions.subscribers import Subscribers
from newsfeed.subscriptions.teller import Ahead, Mark, Outgoing, Teller
from newsfeed.subscriptions.told import Heard, Told

__all__ = [
    "Ahead", "Backtest", "GroupState", "Grouper", "Heard", "Hit", "Mark", "Match", "Matcher", "NearMiss", "Outgoing", "Query", "QueryError",
    "Subscribers", "Teller", "Told", "alert_id", "build_alert", "company", "from_json", "group_key", "parse",
]  # fmt: skip
