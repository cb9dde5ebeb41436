"""What a worker measures of itself, in Prometheus' terms: every metric once, here; ``/metrics`` shows them.

Names follow Prometheus' conventions: base units, ``_total`` for counters. Counters count what this process did, replays
included; what is in the topics is counted by ``newsfeed audit``.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)

RECORDS = Counter("newsfeed_records", "Records that an agent has finished.", ["agent"])
BATCH = Histogram(
    "newsfeed_batch_seconds", "From taking a batch until all it caused stands in the log.", ["agent"], buckets=SECONDS
)
LATENCY = Histogram(
    "newsfeed_latency_seconds",
    "From the log's time of a batch's first record until the agent has finished it.",
    ["agent"],
    buckets=SECONDS,
)
VERDICTS = Counter("newsfeed_verdicts", "Verdicts given.", ["kind", "method"])
DEAD_LETTERS = Counter("newsfeed_dead_letters", "Dead letters written.", ["stage", "reason"])
ALERTS = Counter("newsfeed_alerts", "Alerts told.", ["trigger"])
DELIVERIES = Counter("newsfeed_deliveries", "Attempts to deliver an alert, by what came of them.", ["outcome"])
EVENT_STREAMS = Gauge("newsfeed_event_streams", "Clients that read alerts as server-sent events.")
WINDOW_ARTICLES = Gauge("newsfeed_window_articles", "Articles that are compared with new ones.", ["partition"])
WINDOW_BYTES = Gauge("newsfeed_window_bytes", "Memory of the copy window's tables.", ["partition"])
SUBSCRIPTIONS = Gauge("newsfeed_subscriptions", "Subscriptions that articles are matched against.")
SUBSCRIPTIONS_REFUSED = Gauge(
    "newsfeed_subscriptions_refused", "Subscriptions that stand in the topic and cannot be used."
)
SUBSCRIPTIONS_INDEX_BYTES = Gauge("newsfeed_subscriptions_index_bytes", "Memory of the index of subscriptions.")
BUILD = Gauge("newsfeed_build_info", "1; the labels say what runs.", ["version", "state_version"])
