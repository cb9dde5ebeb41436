"""Workers and deliverers are killed at random moments while 2,000 alerts are on their way: each arrives, under one id."""

from __future__ import annotations

import hashlib
import json
import random
import threading
import time
from pathlib import Path

import feed
import pytest
from alert_feed import ledger, secret_file, webhook
from apache_kafka import ApacheKafka
from foreign_client import Raw, read, write
from receiver import Receiver
from worker_process import WorkerProcess

from newsfeed.subscriptions.targets import outlet_id

ARTICLES = 1_000
SUBSCRIPTIONS = ("north", "south")
KILLS = 6


def now_and_then() -> object:
    """Takes its time, so that a kill finds posts on their way, and answers 500 to every eighth alert the first time that it comes."""
    seen: set[str] = set()

    def answer(id: str) -> tuple[int, dict[str, str]]:
        digest = hashlib.sha256(id.encode()).digest()
        time.sleep(digest[1] / 2_550)
        fails = id not in seen and digest[0] % 8 == 0
        seen.add(id)
        return (500 if fails else 200), {}

    return answer


def articles() -> list[Raw]:
    made = (feed.article(number) for number in range(ARTICLES))
    return [(str(each["id"]).encode(), json.dumps(each, ensure_ascii=False).encode(), None) for each in made]


@pytest.mark.kafka
@pytest.mark.xdist_group("apache")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [11])
def test_sigkill_of_workers_and_deliverers(
    apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path, seed: int
) -> None:
    servers, secrets, rng = apache_kafka.bootstrap_servers, secret_file(tmp_path), random.Random(seed)
    settings = {
        "BOOTSTRAP_SERVERS": servers, "TOPIC_PREFIX": topic_prefix, "SESSION_TIMEOUT": "2", "BATCH": "20", "WEBHOOK_ALLOW_PRIVATE": "true",
        "WEBHOOK_RETRIES": "[1,2,2,5,5,5]",
    }  # fmt: skip

    def start(what: str) -> WorkerProcess:
        return WorkerProcess(tmp_path / what, *(("--only", "deliver") if what == "deliverer" else ()), **settings)

    with Receiver({name: now_and_then() for name in SUBSCRIPTIONS}) as receiver:  # type: ignore[misc]
        running = {what: start(what) for what in ("worker", "deliverer")}
        try:
            for process in running.values():
                process.wait_until_ready()
            subscriptions = [
                {"id": name, "query": "source:example.org", "outlets": [webhook(receiver.url(name), secrets)]}
                for name in SUBSCRIPTIONS
            ]
            made = [(each["id"].encode(), json.dumps(each).encode(), None) for each in subscriptions]  # type: ignore[attr-defined]
            write(servers, f"{topic_prefix}news.subscriptions.v1", made)
            time.sleep(2)  # until every worker knows them
            writer = threading.Thread(
                target=write, args=(servers, f"{topic_prefix}news.raw.v1", articles()), kwargs={"pause": 0.02}
            )
            writer.start()
            for number in range(KILLS):
                time.sleep(rng.uniform(1, 5))
                what = ("worker", "deliverer")[number % 2]
                running[what].kill()
                running[what] = start(what)
            writer.join()
            deadline = time.monotonic() + 150
            wanted: set[str] = set()
            while time.monotonic() < deadline:
                time.sleep(2)
                told = [json.loads(record.value or b"") for record in read(servers, f"{topic_prefix}news.alerts.v1")]
                wanted = {each["alert_id"] for each in told}
                entries = ledger(servers, topic_prefix)
                open_entries = [each for each in entries.values() if each["outcome"] != "delivered"]
                if len(wanted) >= 2 * ARTICLES * 0.98 and len(entries) == len(wanted) and not open_entries:
                    break
            else:
                pytest.fail(f"{len(wanted)} alerts, {len(entries)} in the ledger, not delivered: {open_entries[:3]}")
        finally:
            for process in running.values():
                process.__exit__(None, None, None)

    names = {(each["subscription"], each["trigger"], each["article_id"], each["version"]) for each in told}
    assert len(names) == len(wanted), "one id for one thing told"
    enriched = {
        json.loads(record.value or b"")["article_id"] for record in read(servers, f"{topic_prefix}news.enriched.v1")
    }
    assert len(names) == len(SUBSCRIPTIONS) * len(enriched) > 0.98 * 2 * ARTICLES
    entries, arrived = ledger(servers, topic_prefix), 0
    for name in SUBSCRIPTIONS:
        got = receiver.at(name)
        mine = {each["alert_id"] for each in told if each["subscription"] == name}
        assert {each.id for each in got} == mine, "each arrived, and nothing else"
        taken = {each.id for each in got if each.status == 200}
        outlet = outlet_id(receiver.url(name))
        assert taken == {id for id, at in entries if at == outlet and entries[id, at]["outcome"] == "delivered"} == mine
        arrived += sum(each.status == 200 for each in got)
    repeated = arrived - len(wanted)
    assert repeated < len(wanted) / 10, "after a kill only what was on its way comes twice"
    print(f"{len(wanted)} alerts, {arrived} arrivals, {repeated} repeated over {KILLS} kills")
