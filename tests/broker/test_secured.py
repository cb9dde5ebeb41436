"""Apache Kafka that demands TLS and a password (SASL/SCRAM): the worker and the command line reach it, and nobody else does."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import certificates
import feed
import pytest
from apache_kafka import ApacheKafka
from confluent_kafka import Consumer, Producer
from newsfeed_process import lines, newsfeed
from worker_process import WorkerProcess

from agents.embedded_broker import free_port

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("secured"), pytest.mark.timeout(180)]

USER, PASSWORD = "newsfeed", "a-password-of-this-test-only"
MECHANISM = "SCRAM-SHA-512"
LISTENERS = """
listeners=PLAINTEXT://127.0.0.1:{inside},SECURED://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{inside},SECURED://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SECURED:SASL_SSL,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.secured.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PEM
ssl.keystore.location={keystore}
"""


class Secured:
    """The broker as its clients see it."""

    def __init__(self, port: int, folder: Path, trusted: certificates.Certificates) -> None:
        self.servers = f"127.0.0.1:{port}"
        self.password = folder / "password"
        self.password.write_text(PASSWORD + "\n")
        self.trusted = trusted

    def settings(self, **other: str) -> dict[str, str]:
        """Environment variables of newsfeed, without their prefix."""
        return {
            "BOOTSTRAP_SERVERS": self.servers, "SECURITY_PROTOCOL": "SASL_SSL", "SSL_CAFILE": str(self.trusted.authority),
            "SASL_MECHANISM": MECHANISM, "SASL_USERNAME": USER, "SASL_PASSWORD_FILE": str(self.password),
        } | other  # fmt: skip

    def environment(self, **other: str) -> dict[str, str]:
        return {f"NEWSFEED_{name}": value for name, value in self.settings(**other).items()}

    def foreign(self) -> dict[str, str | int]:
        """The same for a client that shares no code with newsfeed."""
        return {
            "bootstrap.servers": self.servers, "security.protocol": "SASL_SSL", "ssl.ca.location": str(self.trusted.authority),
            "sasl.mechanism": MECHANISM, "sasl.username": USER, "sasl.password": PASSWORD, "log_level": 2,
        }  # fmt: skip


@pytest.fixture(scope="module")
def secured(apache_kafka_libraries: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = tmp_path_factory.mktemp("secured")
    made, port = certificates.make(folder / "tls"), free_port()
    broker = ApacheKafka(
        apache_kafka_libraries, folder, formatting=("--add-scram", f"{MECHANISM}=[name={USER},password={PASSWORD}]")
    )
    broker.configure(LISTENERS, port=port, keystore=made.server)
    with broker:
        yield Secured(port, folder, made)


def test_the_whole_way_over_tls_with_a_password(secured: Secured, topic_prefix: str, tmp_path: Path) -> None:
    with WorkerProcess(tmp_path, **secured.settings(TOPIC_PREFIX=topic_prefix)) as worker:
        worker.wait_until_ready()
        producer = Producer(secured.foreign())
        for key, value, _ in feed.messages(50):
            producer.produce(f"{topic_prefix}news.raw.v1", value, key)
        assert producer.flush(30) == 0
        here = secured.environment(TOPIC_PREFIX=topic_prefix)
        (report,) = lines(newsfeed("audit", "--wait", "40", "--json", **here))
        assert report["raw"] == 50
        assert newsfeed("subscribe", "add", "all", "language:en", **here).returncode == 0
        consumer = Consumer(secured.foreign() | {"group.id": topic_prefix, "auto.offset.reset": "earliest"})
        consumer.subscribe([f"{topic_prefix}news.enriched.v1"])
        deadline, record = time.monotonic() + 30, None
        while record is None and time.monotonic() < deadline:
            record = consumer.poll(1)
        consumer.close()
        assert record is not None
        assert "article_id" in json.loads(record.value() or b"{}")
        command = Path(f"/proc/{worker.pid}/cmdline").read_bytes()
        environment = Path(f"/proc/{worker.pid}/environ").read_bytes()
        assert worker.terminate(10) == 0
    for said in (command, environment, worker.log.read_bytes()):
        assert PASSWORD.encode() not in said


def wrong(secured: Secured, case: str, folder: Path) -> dict[str, str]:
    (folder / "wrong").write_text("not-the-password")
    return {
        "password": lambda: {"SASL_PASSWORD_FILE": str(folder / "wrong")},
        "user": lambda: {"SASL_USERNAME": "nobody"},
        "authority": lambda: {"SSL_CAFILE": str(certificates.make(folder / "other", "other").authority)},
        "plaintext": lambda: {"SECURITY_PROTOCOL": "PLAINTEXT"},
        "no tls": lambda: {"SECURITY_PROTOCOL": "SASL_PLAINTEXT"},
    }[case]()


@pytest.mark.parametrize("case", ["password", "user", "authority", "plaintext", "no tls"])
def test_whoever_is_not_let_in_is_told_in_one_line(secured: Secured, case: str, tmp_path: Path) -> None:
    found = newsfeed("topics", "check", "--json", **secured.environment(**wrong(secured, case, tmp_path)))
    said = found.stderr.decode()
    assert found.returncode == 3, said
    assert secured.servers in said
    assert "lets no Kafka client in" in said
    assert "Traceback" not in said
    assert PASSWORD not in said
    assert "not-the-password" not in said


def test_a_worker_that_is_not_let_in_ends(secured: Secured, tmp_path: Path) -> None:
    with WorkerProcess(tmp_path, **secured.settings(**wrong(secured, "password", tmp_path))) as worker:
        assert worker.wait(60) == 3
    assert "not-the-password" not in worker.log.read_text()
