"""From a match to an alert. The id is a hash of what the alert tells to whom, so that a replay tells nothing twice."""

from __future__ import annotations

import hashlib

from newsfeed.records import Alert, Clause, Enriched, Subscription
from newsfeed.records.subscription import Trigger


def alert_id(subscription: str, trigger: str, article_id: str, version: int | None) -> str:
    """32 hex digits; also the idempotency key of a webhook."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (subscription, trigger, article_id, "" if version is None else str(version)):
        digest.update(len(part).to_bytes(4, "big") + part.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def build_alert(
    subscription: Subscription,
    enriched: Enriched,
    clauses: list[Clause],
    *,
    trigger: Trigger,
    corrects: str | None = None,
) -> Alert:
    """The alert that tells a subscriber of one article.

    Args:
        corrects: the newest alert that told what is corrected or withdrawn.
    """
    return Alert(
        alert_id=alert_id(subscription.id, trigger, enriched.article_id, enriched.version),
        subscription=subscription.id,
        trigger=trigger,
        article_id=enriched.article_id,
        version=enriched.version,
        title=enriched.title,
        url=enriched.url,
        source=enriched.source,
        published=enriched.published,
        clauses=clauses,
        verdict=enriched.verdict,
        corrects=corrects,
    )
