"""Alerts reach webhooks, signed; receivers that fail, hang, lie, redirect, flood or leave harm nobody but themselves."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_feed import SECRET, alert, ledger, secret_file, subscribe, wait_for_ledger, webhook, write_alerts
from foreign_client import read
from receiver import Receiver
from standardwebhooks import Webhook
from worker_process import ROOT, WorkerProcess

from agents.embedded_broker import EmbeddedBroker
from newsfeed.subscriptions.targets import outlet_id

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("embedded")]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as started:
        yield started


def deliverer(folder: Path, servers: str, prefix: str, **more: str) -> WorkerProcess:
    settings = {
        "BOOTSTRAP_SERVERS": servers,
        "TOPIC_PREFIX": prefix,
        "SESSION_TIMEOUT": "2",
        "WEBHOOK_ALLOW_PRIVATE": "true",
    }
    return WorkerProcess(folder, "--only", "deliver", **(settings | more))


def test_signed_delivery_and_the_ledger(
    embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path, receiver: Receiver
) -> None:
    servers, secrets, url = embedded_broker.bootstrap_servers, secret_file(tmp_path), receiver.url("ok")
    with deliverer(tmp_path, servers, topic_prefix) as worker:
        worker.wait_until_ready()
        subscribe(servers, topic_prefix, "ships", webhook(url, secrets))
        first = alert("ships", 1)
        second = alert("ships", 1, trigger="withdrawal", corrects=first["alert_id"])
        write_alerts(servers, topic_prefix, [first, second, first, alert("nobody", 1)])
        got = receiver.wait("ok", 2)
        assert sorted(each.id for each in got) == sorted([first["alert_id"], second["alert_id"]])
        for each in got:
            told = Webhook(SECRET).verify(each.body, each.headers)
            assert told == (first if each.id == first["alert_id"] else second)
            assert each.headers["content-type"] == "application/json"
            assert each.headers["user-agent"].startswith("newsfeed/")
        found = wait_for_ledger(servers, topic_prefix, second, url, "delivered")
        assert (found["attempt"], found["status"], found["next"], found["subscription"]) == (1, 200, None, "ships")

        newer = base64.b64encode(bytes(32)).decode()
        secret_file(tmp_path, newer, SECRET)  # rotated: both sign
        third = alert("ships", 3)
        write_alerts(servers, topic_prefix, [third])
        last = receiver.wait("ok", 3)[-1]
        for secret in (newer, SECRET):
            assert Webhook(secret).verify(last.body, last.headers) == third
        assert len(receiver.at("ok")) == 3, "the same alert again is not delivered again"
        log = worker.log.read_text()
        assert "SECRET-IN-URL" not in log
        assert SECRET not in log
        assert worker.terminate(10) == 0
    keys = [record.key for record in read(servers, f"{topic_prefix}news.deliveries.v1")]
    assert f"{third['alert_id']}/{outlet_id(url)}".encode() in keys


def test_bad_receivers_harm_themselves_only(
    embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path, receiver: Receiver
) -> None:
    servers, secrets = embedded_broker.bootstrap_servers, secret_file(tmp_path)
    receiver.answers |= {
        "fails": (500, {}), "hang": "hang", "garbage": "garbage", "short": "short", "flood": "flood", "headers": "headers", "gone": (410, {}),
        "redirect": (302, {"location": receiver.url("internal")}), "later": (429, {"retry-after": "3600"}), "busy": (503, {"retry-after": "2"}),
    }  # fmt: skip
    bad = [*receiver.answers, "closed", "no-secret"]
    with deliverer(tmp_path, servers, topic_prefix, WEBHOOK_TIMEOUT="1.5", WEBHOOK_RETRIES="[1,1]") as worker:
        worker.wait_until_ready()
        for name in bad:
            url = "http://127.0.0.1:9/closed" if name == "closed" else receiver.url(name)
            subscribe(
                servers, topic_prefix, name, webhook(url, str(tmp_path / "missing") if name == "no-secret" else secrets)
            )
        write_alerts(servers, topic_prefix, [alert(name, 100) for name in bad])
        for name, outcome, attempts in (
            ("fails", "failed", 3), ("hang", "failed", 3), ("garbage", "failed", 3), ("short", "delivered", 1), ("flood", "delivered", 1), ("headers", "failed", 3), ("gone", "disabled", 1),
            ("redirect", "failed", 3), ("later", "retry", 1), ("no-secret", "failed", 3), ("busy", "failed", 3),
        ):  # fmt: skip
            found = wait_for_ledger(servers, topic_prefix, alert(name, 100), receiver.url(name), outcome)
            assert found["attempt"] == attempts, name
        wait_for_ledger(servers, topic_prefix, alert("closed", 100), "http://127.0.0.1:9/closed", "failed")
        assert not receiver.at("internal"), "a redirect is not followed"
        assert not receiver.at("no-secret"), "nothing leaves unsigned"
        first, second, _ = receiver.at("busy")
        assert second.time - first.time >= 2
        assert len(receiver.at("later")) == 1
        reasons = {line.get("reason") for line in worker.events() if line.get("subscription") == "no-secret"}
        assert reasons == {f"secret file {tmp_path / 'missing'}: cannot be read: No such file or directory"}

        # 410: nothing more is posted there, until the subscription is put again.
        write_alerts(servers, topic_prefix, [alert("gone", 101)])
        wait_for_ledger(servers, topic_prefix, alert("gone", 101), receiver.url("gone"), "disabled")
        assert len(receiver.at("gone")) == 1
        worker.kill()
    with deliverer(tmp_path, servers, topic_prefix) as worker:
        write_alerts(servers, topic_prefix, [alert("gone", 102)])
        wait_for_ledger(servers, topic_prefix, alert("gone", 102), receiver.url("gone"), "disabled", 40)
        assert len(receiver.at("gone")) == 1, "remembered over a restart"
        receiver.answers["gone"] = (204, {})
        subscribe(servers, topic_prefix, "gone", webhook(receiver.url("gone"), secrets))
        write_alerts(servers, topic_prefix, [alert("gone", 103)])
        assert receiver.wait("gone", 2)[-1].alert["article_id"] == alert("gone", 103)["article_id"]


def test_a_receiver_that_hangs_holds_up_nobody_else(
    embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path, receiver: Receiver
) -> None:
    servers, secrets = embedded_broker.bootstrap_servers, secret_file(tmp_path)
    receiver.answers["hang"] = "hang"
    # No attempt ends before the test does: what comes through comes beside those that hang, not after them.
    with deliverer(tmp_path, servers, topic_prefix, WEBHOOK_TIMEOUT="120") as worker:
        worker.wait_until_ready()
        for name in ("hang", "good"):
            subscribe(servers, topic_prefix, name, webhook(receiver.url(name), secrets))
        write_alerts(servers, topic_prefix, [alert("hang", number) for number in range(20)])
        receiver.wait("hang", 4)
        write_alerts(servers, topic_prefix, [alert("good", number) for number in range(10)])
        receiver.wait("good", 10)
        assert len(receiver.at("hang")) == 4, "so many at once to one receiver"


def test_after_the_last_attempt_a_dead_letter_that_can_be_sent_again(
    embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path, receiver: Receiver
) -> None:
    servers, secrets = embedded_broker.bootstrap_servers, secret_file(tmp_path)
    receiver.answers["down"] = (500, {})
    with deliverer(tmp_path, servers, topic_prefix, WEBHOOK_RETRIES="[0.2]") as worker:
        worker.wait_until_ready()
        subscribe(
            servers, topic_prefix, "desk", webhook(receiver.url("down"), secrets), webhook(receiver.url("up"), secrets)
        )
        told = alert("desk", 7)
        write_alerts(servers, topic_prefix, [told])
        (dead,) = read(servers, f"{topic_prefix}news.dead.v1", until=lambda found: len(found) >= 1, seconds=30)
        assert dead.key == b"desk"
        assert json.loads(dead.value or b"") == told
        assert dead.header("__connect.errors.stage") == "deliver"
        assert dead.header("__connect.errors.exception.class.name") == "undeliverable"
        assert "SECRET-IN-URL" not in str(dead.headers)
        assert len(receiver.at("down")) == 2
        receiver.answers["down"] = (200, {})
        subprocess.run(
            [sys.executable, "-m", "agents.cli", "dead-letters", "replay", "--reason", "undeliverable"],
            cwd=ROOT, env={"NEWSFEED_BOOTSTRAP_SERVERS": servers, "NEWSFEED_TOPIC_PREFIX": topic_prefix, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        assert receiver.wait("down", 3)[-1].id == told["alert_id"]
        wait_for_ledger(servers, topic_prefix, told, receiver.url("down"), "delivered")
        assert len(receiver.at("up")) == 1, "who had it does not get it again"


def test_a_restart_neither_repeats_nor_forgets(
    embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path, receiver: Receiver
) -> None:
    servers, secrets = embedded_broker.bootstrap_servers, secret_file(tmp_path)
    receiver.answers["later"] = (500, {})
    with deliverer(tmp_path, servers, topic_prefix, WEBHOOK_RETRIES="[2,2,2]") as worker:
        worker.wait_until_ready()
        subscribe(servers, topic_prefix, "a", webhook(receiver.url("ok"), secrets))
        subscribe(servers, topic_prefix, "b", webhook(receiver.url("later"), secrets))
        write_alerts(servers, topic_prefix, [alert("a", 1), alert("b", 1)])
        wait_for_ledger(servers, topic_prefix, alert("b", 1), receiver.url("later"), "retry")
        wait_for_ledger(servers, topic_prefix, alert("a", 1), receiver.url("ok"), "delivered")
        assert worker.terminate(10) == 0
    before = len(receiver.at("later"))
    receiver.answers["later"] = (200, {})
    with deliverer(tmp_path, servers, topic_prefix) as worker:
        wait_for_ledger(servers, topic_prefix, alert("b", 1), receiver.url("later"), "delivered", 40)
        assert len(receiver.at("later")) == before + 1
        assert len(receiver.at("ok")) == 1
        assert {each["outcome"] for each in ledger(servers, topic_prefix).values()} == {"delivered"}


def test_private_addresses_are_refused(
    embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path, receiver: Receiver
) -> None:
    servers, secrets = embedded_broker.bootstrap_servers, secret_file(tmp_path)
    with deliverer(tmp_path, servers, topic_prefix, WEBHOOK_ALLOW_PRIVATE="false") as worker:
        worker.wait_until_ready()
        hosts = {"v4": "127.0.0.1", "name": "localhost", "mapped": "[::ffff:127.0.0.1]"}
        for name, host in hosts.items():
            subscribe(servers, topic_prefix, name, webhook(f"http://{host}:{receiver.port}/x", secrets))
        write_alerts(servers, topic_prefix, [alert(name, 1) for name in hosts])
        for name, host in hosts.items():
            found = wait_for_ledger(servers, topic_prefix, alert(name, 1), f"http://{host}:{receiver.port}/x", "failed")
            assert found["attempt"] == 1
        assert not receiver.got
        reasons = [str(line["reason"]) for line in worker.events() if line.get("event") == "alert not delivered"]
        assert len(reasons) == 3
        assert all("NEWSFEED_WEBHOOK_ALLOW_PRIVATE" in reason for reason in reasons)


def test_paused_waits_and_removed_ends(
    embedded_broker: EmbeddedBroker, topic_prefix: str, tmp_path: Path, receiver: Receiver
) -> None:
    servers, secrets = embedded_broker.bootstrap_servers, secret_file(tmp_path)
    receiver.answers["removed"] = (500, {})
    paused, removed = (webhook(receiver.url(name), secrets) for name in ("paused", "removed"))
    with deliverer(tmp_path, servers, topic_prefix, WEBHOOK_RETRIES=str([1.0] * 40)) as worker:
        worker.wait_until_ready()
        subscribe(servers, topic_prefix, "paused", paused, paused=True)
        subscribe(servers, topic_prefix, "removed", removed)
        write_alerts(servers, topic_prefix, [alert("paused", 1), alert("removed", 1)])
        receiver.wait("removed", 1)
        subscribe(servers, topic_prefix, "removed")
        wait_for_ledger(servers, topic_prefix, alert("removed", 1), receiver.url("removed"), "disabled")
        tried = len(receiver.at("removed"))
        time.sleep(2)  # longer than from one attempt to the next
        assert len(receiver.at("removed")) == tried
        assert not receiver.at("paused")
        subscribe(servers, topic_prefix, "paused", paused)
        wait_for_ledger(servers, topic_prefix, alert("paused", 1), receiver.url("paused"), "delivered")
