"""Who wants to hear about what: queries, the matcher that holds them all, and the alerts they lead to."""

from newsfeed.subscriptions.alerts import alert_id, build_alert
from newsfeed.subscriptions.errors import QueryError
from newsfeed.subscriptions.matcher import Match, Matcher
from newsfeed.subscriptions.query import Query, parse

__all__ = ["Match", "Matcher", "Query", "QueryError", "alert_id", "build_alert", "parse"]
