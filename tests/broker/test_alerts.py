"""Subscriptions take effect while the worker runs; alerts name the right article, once; a malformed one harms nobody."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient, NewTopic
from foreign_client import Record, read, write
from worker_process import WorkerProcess

from agents.embedded_broker import EmbeddedBroker

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("embedded")]


def article(id: str, place: str, **more: Any) -> tuple[bytes, bytes, None]:
    body = (
        f"The harbour of {place} stays closed until Friday, the harbour master said. Eleven ferries wait outside, and the "
        f"company that runs them hopes for calmer weather in {place}. Passengers were told to take the night train instead."
    )
    value = {"id": id, "source": "example.org", "title": f"Storm closes the harbour of {place}", "body": body} | more
    return id.encode(), json.dumps(value).encode(), None


def subscription(id: str, query: str, **more: Any) -> tuple[bytes, bytes, None]:
    return id.encode(), json.dumps({"id": id, "query": query} | more).encode(), None


def alerts(servers: str, prefix: str, count: int, seconds: float = 30) -> list[dict[str, Any]]:
    found: list[Record] = read(
        servers, f"{prefix}news.alerts.v1", until=lambda found: len(found) >= count, seconds=seconds
    )
    return [json.loads(record.value or b"") for record in found]


def test_alerts_follow_the_subscriptions(embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path) -> None:
    servers, raw, wanted = (
        embedded_broker.bootstrap_servers,
        f"{topic_prefix}news.raw.v1",
        f"{topic_prefix}news.subscriptions.v1",
    )
    own = f"{topic_prefix}desk.oslo"
    admin = AdminClient({"bootstrap.servers": servers})
    for future in admin.create_topics([NewTopic(own, 1, 1)]).values():
        future.result(10)
    with WorkerProcess(tmp_path, BOOTSTRAP_SERVERS=servers, TOPIC_PREFIX=topic_prefix, SESSION_TIMEOUT="2") as worker:
        worker.wait_until_ready()
        write(servers, wanted, [
            (b"broken", b"{", None), subscription("syntax", 'title:("open'),
            subscription("oslo", "title:harbour AND body:Oslo", outlets=[
                {"kind": "kafka", "topic": raw}, {"kind": "kafka", "topic": "no name"}, {"kind": "kafka", "topic": own}, {"kind": "kafka", "topic": f"{own}.missing"},
            ]),
        ])  # fmt: skip
        write(servers, raw, [article("a1", "Oslo")])
        (first,) = alerts(servers, topic_prefix, 1)
        assert (first["subscription"], first["trigger"]) == ("oslo", "original")
        assert any(span["text"].lower() == "oslo" for clause in first["clauses"] for span in clause["spans"])

        write(servers, wanted, [subscription("lisbon", "body:Lisbon"), (b"oslo", b"", None)])
        time.sleep(2)  # changes take effect within this
        write(servers, raw, [article("a2", "Oslo", title="Another storm at Oslo"), article("a3", "Lisbon")])
        found = alerts(servers, topic_prefix, 2)
        (second,) = [each for each in found if each["alert_id"] != first["alert_id"]]
        assert second["subscription"] == "lisbon"

        write(servers, raw, [article("a3", "Lisbon", status="canceled")])
        found = alerts(servers, topic_prefix, 3)
        (third,) = [each for each in found if each["alert_id"] not in (first["alert_id"], second["alert_id"])]
        assert (third["trigger"], third["corrects"]) == ("withdrawal", second["alert_id"])
        assert len(read(servers, raw)) == 4, "nothing of what comes out goes in again"
        (copied,) = read(servers, own)
        assert (copied.key or b"").decode() == first["article_id"]
        assert json.loads(copied.value or b"")["title"] == "Storm closes the harbour of Oslo"
        assert copied.header("ce_type") == "newsfeed.enriched.v1"
        assert worker.terminate(10) == 0
