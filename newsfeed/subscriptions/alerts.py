"""From a match to an alert. The id is a hash of what the alert tells to whom, so that a replay tells nothing twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from newsfeed.records import Alert, AlsoTold, Clause, Enriched, Notice
from newsfeed.records.subscription import Trigger


def alert_id(subscription: str, trigger: str, article_id: str, version: int | None) -> str:
    """32 hex digits (BLAKE2b, 16 bytes, over the length and UTF-8 of each part); also the idempotency key of a webhook."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (subscription, trigger, article_id, "" if version is None else str(version)):
        coded = part.encode("utf-8", "surrogatepass")
        digest.update(len(coded).to_bytes(4, "big") + coded)
    return digest.hexdigest()


def build_alert(
    subscription: str,
    enriched: Enriched,
    clauses: list[Clause],
    *,
    trigger: Trigger,
    corrects: str | None = None,
    also: Sequence[Alert] = (),
    more: int = 0,
) -> Alert:
    """The alert that tells a subscriber of one article, or of a group of which this is the first.

    Args:
        subscription: its id.
        corrects: the newest alert that told what is corrected or withdrawn.
        also: the rest of the group, told in this alert. more: how many beyond the cap were counted and not told.
    """
    return Alert(
        alert_id=alert_id(subscription, trigger, enriched.article_id, enriched.version),
        subscription=subscription,
        trigger=trigger,
        article_id=enriched.article_id,
        version=enriched.version,
        title=enriched.title,
        url=enriched.url,
        source=enriched.source,
        published=enriched.published,
        clauses=clauses,
        verdict=enriched.verdict,
        also=[also_told(alert) for alert in also],
        more=more,
        corrects=corrects,
    )


def notice_alert(subscription: str, notice: Notice, corrects: str) -> Alert:
    """The alert that tells a subscriber of a correction or withdrawal of what the alert ``corrects`` told."""
    kind: Any = notice.enriched.verdict.kind
    clauses = notice.clauses.get(subscription, [])
    return build_alert(subscription, notice.enriched, clauses, trigger=kind, corrects=corrects)


def also_told(alert: Alert) -> AlsoTold:
    """An alert as one of the rest of a group."""
    return AlsoTold(article_id=alert.article_id, version=alert.version, title=alert.title, url=alert.url)
