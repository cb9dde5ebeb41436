"""Who wants to hear about what: queries, the matcher that holds them all, and the alerts they lead to."""

from newsfeed.subscriptions.alerts import alert_id, build_alert
from newsfeed.subscriptions.backtest import Backtest, Hit, NearMiss, backtest
from newsfeed.subscriptions.errors import QueryError
from newsfeed.subscriptions.grouper import Grouper, group_key
from newsfeed.subscriptions.matcher import Match, Matcher
from newsfeed.subscriptions.query import Query, from_json, parse
from newsfeed.subscriptions.told import Told

__all__ = [
    "Backtest", "Grouper", "Hit", "Match", "Matcher", "NearMiss", "Query", "QueryError", "Told", "alert_id", "backtest", "build_alert", "from_json",
    "group_key", "parse",
]  # fmt: skip
