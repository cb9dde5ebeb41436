"""Every topic once: name, key, record type, headers, partitions, cleanup, retention. Everything else is derived from here.

Agents, topic creation, the command line, the JSON Schemas, the AsyncAPI document and the table in the docs read this
catalogue; a test fails when one of them drifts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from newsfeed.records import Alert, Article, Delivery, Enriched, Matched, RawArticle, Subscription, Unique, Verdict

DAY_MS = 86_400_000
RAW_BYTES = 2 << 20  # a larger article than the limit must still arrive, to become a dead letter
DOWNSTREAM_BYTES = 8 << 20

Partitions = Literal["partitions", "articles", "one"]
CLOUDEVENTS = ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_subject", "content-type")
DEAD_LETTER = (
    "__connect.errors.topic",
    "__connect.errors.partition",
    "__connect.errors.offset",
    "__connect.errors.stage",
    "__connect.errors.class.name",
    "__connect.errors.exception.class.name",
    "__connect.errors.exception.message",
    "content-type",
)


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """One topic.

    Attributes:
        name: without the configured prefix.
        key: what the key is, in words.
        record: the type of the value; None where the value is bytes of no fixed type.
        what: one line for people.
        headers: names of the headers a record carries.
        partitions: which setting gives their number: ``partitions``, ``articles`` (one order of everything: 1 by default) or always ``one``.
        cleanup: Kafka's ``cleanup.policy``.
        retention_ms: Kafka's ``retention.ms``; None: the copy window plus a day; -1: for ever.
        max_bytes: Kafka's ``max.message.bytes``.
        segment_bytes: Kafka's ``segment.bytes``; only closed segments are compacted. None: the broker's default.
        compacted_ms: Kafka's ``max.compaction.lag.ms``: what a newer record or a tombstone replaces is gone by then. None: the broker's default.
        tombstones_ms: Kafka's ``delete.retention.ms``: how long a consumer that comes late still learns of a removal. None: the same.
        internal: only newsfeed reads and writes it; its packing may change.
        log_append_time: the broker's clock stamps the records.
        packing: ``json`` or ``msgpack``.
    """

    name: str
    key: str
    record: type | None
    what: str
    headers: tuple[str, ...] = CLOUDEVENTS
    partitions: Partitions = "partitions"
    cleanup: Literal["delete", "compact", "compact,delete"] = "delete"
    retention_ms: int | None = 30 * DAY_MS
    max_bytes: int = DOWNSTREAM_BYTES
    segment_bytes: int | None = None
    compacted_ms: int | None = None
    tombstones_ms: int | None = None
    internal: bool = False
    log_append_time: bool = False
    packing: Literal["json", "msgpack", "raw"] = "json"


RAW = TopicSpec(
    name="news.raw.v1",
    key="the article's id or URL (recommended: versions of one article then stay in order)",
    record=RawArticle,
    what="raw article messages, as producers write them",
    headers=("content-type",),
    retention_ms=7 * DAY_MS,
    max_bytes=RAW_BYTES,
    log_append_time=True,
)
ARTICLES = TopicSpec(
    name="news.articles.v1",
    key="copy scope; without a value, the id of an article that is to be forgotten",
    record=Article,
    what="cleaned articles with fingerprints, on their way to the verdict",
    headers=(),
    partitions="articles",
    retention_ms=None,
    internal=True,
    packing="msgpack",
)
VERDICTS = TopicSpec(
    name="news.verdicts.v1", key="article id", record=Verdict, what="one verdict for each raw message, with its proof"
)
WINDOW = TopicSpec(
    name="news.window.v1",
    key="none",
    record=None,
    what="the copy window: the deduplicator's state, packed entries of a batch",
    headers=("state_version",),
    partitions="articles",
    retention_ms=None,
    internal=True,
    packing="raw",
)
UNIQUE = TopicSpec(
    name="news.unique.v1",
    key="article id",
    record=Unique,
    what="articles to be published with their verdicts, on their way to the tagger",
    headers=(),
    retention_ms=None,
    internal=True,
    packing="msgpack",
)
ENRICHED = TopicSpec(
    name="news.enriched.v1",
    key="article id",
    record=Enriched,
    what="originals, updates, corrections and withdrawals: cleaned, tagged, explained",
    headers=(*CLOUDEVENTS, "actors", "topics"),
    cleanup="compact,delete",
    compacted_ms=DAY_MS,
    tombstones_ms=30 * DAY_MS,
)
SUBSCRIPTIONS = TopicSpec(
    name="news.subscriptions.v1",
    key="subscription id",
    record=Subscription,
    what="who wants to hear about what; an empty value removes a subscription",
    headers=("content-type",),
    partitions="one",
    cleanup="compact",
    retention_ms=-1,
)
MATCHES = TopicSpec(
    name="news.matches.v1",
    key="subscription id",
    record=Matched,
    what="article x subscription on its way to grouping; notices of corrections and withdrawals; ticks",
    headers=(),
    retention_ms=None,
    internal=True,
    log_append_time=True,
    packing="msgpack",
)
GROUPS = TopicSpec(
    name="news.groups.v1",
    key="subscription id and group key; empty: how far",
    record=None,
    what="what waits in groups: the grouper's state",
    headers=(),
    cleanup="compact",
    retention_ms=-1,
    segment_bytes=16 << 20,
    internal=True,
    packing="raw",
)
ALERTS = TopicSpec(
    name="news.alerts.v1",
    key="subscription id",
    record=Alert,
    what="what subscribers are told, and why",
    headers=(*CLOUDEVENTS, "cause"),
)
DELIVERIES = TopicSpec(
    name="news.deliveries.v1",
    key="alert id / outlet",
    record=Delivery,
    what="the ledger of what was delivered where",
    cleanup="compact,delete",
)
DEAD = TopicSpec(
    name="news.dead.v1",
    key="the original key",
    record=None,
    what="dead letters: the original key and value untouched, the reason in the headers",
    headers=DEAD_LETTER,
    packing="raw",
)

TOPICS: dict[str, TopicSpec] = {
    spec.name: spec
    for spec in (
        RAW, ARTICLES, VERDICTS, WINDOW, UNIQUE, ENRICHED, SUBSCRIPTIONS, MATCHES, GROUPS, ALERTS, DELIVERIES, DEAD,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sizing:
    """What settings decide of the topics.

    Attributes:
        prefix: stands before every name. partitions, articles_partitions, replication: numbers.
        window_ms: length of the copy window in milliseconds.
    """

    prefix: str = ""
    partitions: int = 4
    articles_partitions: int = 1
    replication: int = 1
    window_ms: int = 3 * DAY_MS

    def name(self, spec: TopicSpec) -> str:
        """The topic's name on the broker."""
        return self.prefix + spec.name

    def count(self, spec: TopicSpec) -> int:
        """How many partitions it has."""
        return {"partitions": self.partitions, "articles": self.articles_partitions, "one": 1}[spec.partitions]

    def config(self, spec: TopicSpec) -> dict[str, str]:
        """Kafka's topic configuration."""
        retention = self.window_ms + DAY_MS if spec.retention_ms is None else spec.retention_ms
        config = {
            "cleanup.policy": spec.cleanup,
            "retention.ms": str(retention),
            "max.message.bytes": str(spec.max_bytes),
        }
        optional = {
            "segment.bytes": spec.segment_bytes,
            "max.compaction.lag.ms": spec.compacted_ms,
            "delete.retention.ms": spec.tombstones_ms,
        }
        config |= {name: str(value) for name, value in optional.items() if value is not None}
        if spec.log_append_time:
            config["message.timestamp.type"] = "LogAppendTime"
        return config


def find(name: str, prefix: str = "") -> TopicSpec | None:
    """The topic of a name: whole, without its prefix, or short (``enriched`` for ``news.enriched.v1``)."""
    bare = name.removeprefix(prefix)
    return TOPICS.get(bare) or TOPICS.get(f"news.{bare}.v1")
