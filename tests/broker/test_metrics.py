"""A worker that has done everything once has set every metric that is declared, and every metric that is charted or alerted on."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import feed
import httpx
import pytest
from alert_feed import secret_file, webhook
from foreign_client import write
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families
from receiver import Receiver
from worker_process import WorkerProcess

from agents import metrics
from agents.embedded_broker import EmbeddedBroker

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("embedded")]

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
CHARTED = (DEPLOY / "prometheus" / "newsfeed.rules.yaml", DEPLOY / "grafana" / "newsfeed.json")
TOKEN = "a-token-of-the-desk-0123456789"
COLLECTORS = [value for value in vars(metrics).values() if isinstance(value, MetricWrapperBase)]
DECLARED = {family.name for collector in COLLECTORS for family in collector.describe()}


def used(address: str) -> dict[str, float]:
    """The largest value of each series of ours."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(httpx.get(f"{address}/metrics", timeout=5).text):
        for sample in family.samples:
            if family.name.startswith("newsfeed_"):
                for name in (family.name, sample.name):
                    found[name] = max(found.get(name, 0.0), sample.value)
    return found


def test_every_metric_is_set(embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path) -> None:
    servers = embedded_broker.bootstrap_servers
    (tmp_path / "token").write_text(TOKEN + "\n")
    settings = {"BOOTSTRAP_SERVERS": servers, "TOPIC_PREFIX": topic_prefix, "SESSION_TIMEOUT": "2"}
    more = {"SSE_TOKEN_FILE": str(tmp_path / "token"), "WEBHOOK_ALLOW_PRIVATE": "true"}
    charted = {name for path in CHARTED for name in re.findall(r"\bnewsfeed_[a-z_]+", path.read_text(encoding="utf-8"))}
    assert DECLARED
    with Receiver() as receiver, WorkerProcess(tmp_path, **settings, **more) as worker:
        worker.wait_until_ready()
        outlets = [webhook(receiver.url("desk"), secret_file(tmp_path)), {"kind": "sse"}]
        asks = {"id": "desk", "query": "body:Oslo OR body:Paris OR body:Berlin", "outlets": outlets}
        asked = [(b"desk", json.dumps(asks).encode(), None), (b"broken", b"{", None)]
        write(servers, f"{topic_prefix}news.subscriptions.v1", asked)
        time.sleep(2)  # a change takes effect within this
        events = f"{worker.address}/v1/alerts/desk/events"
        with httpx.stream("GET", events, headers={"authorization": f"Bearer {TOKEN}"}, timeout=30) as stream:
            assert stream.status_code == 200
            write(servers, f"{topic_prefix}news.raw.v1", [*feed.messages(60), feed.broken(0)[0]])
            wanted, missing = DECLARED | charted, {""}
            deadline = time.monotonic() + 60
            # A lag that stands still for a second may never be seen where nothing goes wrong; that it is told is enough.
            still = {"newsfeed_lag_seconds", "newsfeed_lag_records"}
            while missing and time.monotonic() < deadline:
                set_to = used(worker.address)
                missing = {name for name in wanted if not set_to.get(name) and not (name in still and name in set_to)}
                time.sleep(0.2)
        assert not missing
        assert worker.terminate(10) == 0
