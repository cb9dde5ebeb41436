"""Alerts and subscriptions as they stand in the topics, of our own making, to test what comes after them."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from foreign_client import Raw, Record, read, write

from newsfeed.subscriptions.alerts import alert_id
from newsfeed.subscriptions.targets import outlet_id

SECRET = base64.b64encode(bytes(range(32))).decode()


def secret_file(folder: Path, *secrets: str) -> str:
    path = folder / "hook.secret"
    path.write_text("".join(f"whsec_{secret}\n" for secret in secrets or (SECRET,)))
    return str(path)


def alert(subscription: str, number: int, **more: Any) -> dict[str, Any]:
    """An alert about an invented article; ``trigger`` and ``corrects`` as given."""
    article, trigger = f"{number:032x}", more.get("trigger", "original")
    verdict = {
        "article_id": article, "version": 1, "raw": {"topic": "news.raw.v1", "partition": 0, "offset": number}, "url": None, "source": "example.org",
        "title": "Ferry service resumes", "published": None, "language": "en", "kind": trigger, "of": None, "of_version": None, "root": article,
        "method": "none", "score": None, "threshold": None, "overlap": None, "evidence": [], "changes": [], "rules": "0", "notes": [],
    }  # fmt: skip
    return {
        "alert_id": alert_id(subscription, trigger, article, 1), "subscription": subscription, "trigger": trigger, "article_id": article, "version": 1,
        "title": "Ferry service resumes – غدًا", "url": f"https://example.org/{number}", "source": "example.org", "published": None, "clauses": [], "verdict": verdict,
    } | more  # fmt: skip


def write_alerts(servers: str, prefix: str, alerts: Iterable[dict[str, Any]], *, pause: float = 0.0) -> int:
    messages: list[Raw] = [
        (each["subscription"].encode(), json.dumps(each, ensure_ascii=False).encode(), "application/json")
        for each in alerts
    ]
    return write(servers, f"{prefix}news.alerts.v1", messages, pause=pause)


def subscribe(servers: str, prefix: str, id: str, *outlets: dict[str, Any], **more: Any) -> None:
    value = {"id": id, "query": "actor:RU", "outlets": list(outlets)} | more
    write(servers, f"{prefix}news.subscriptions.v1", [(id.encode(), json.dumps(value).encode(), "application/json")])


def webhook(url: str, secrets: str) -> dict[str, Any]:
    return {"kind": "webhook", "url": url, "secret_file": secrets}


def ledger(servers: str, prefix: str) -> dict[tuple[str, str], dict[str, Any]]:
    """The newest record of each delivery, by (alert id, outlet)."""
    found: list[Record] = read(servers, f"{prefix}news.deliveries.v1")
    values = [json.loads(record.value or b"") for record in found]
    return {(value["alert_id"], value["outlet"]): value for value in values}


def wait_for_ledger(
    servers: str, prefix: str, alert: dict[str, Any], url: str, outcome: str, seconds: float = 20.0
) -> dict[str, Any]:
    """The newest record of one delivery, when it has this outcome."""
    deadline = time.monotonic() + seconds
    found: dict[str, Any] | None = None
    while time.monotonic() < deadline:
        found = ledger(servers, prefix).get((alert["alert_id"], outlet_id(url)))
        if found is not None and found["outcome"] == outcome:
            return found
        time.sleep(0.1)
    raise AssertionError(f"the ledger says {found}, not {outcome}")
