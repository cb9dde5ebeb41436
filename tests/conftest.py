"""Fixtures that several test folders share: brokers to run against, each started once a test process."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from agents.embedded_broker import EmbeddedBroker

sys.path.insert(0, str(Path(__file__).parent / "broker"))

from apache_kafka import ApacheKafka, libraries

CI = os.environ.get("CI", "").lower() in ("1", "true")

settings.register_profile(
    "newsfeed", settings(), deadline=None
)  # a busy machine is no defect: time is for the benchmarks
settings.load_profile("newsfeed")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's job in the background ignores Ctrl-C, and so would every process that a test starts and interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In continuous integration everything that a test can need is there: a skip is a failure."""
    report = yield
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr}"
    return report


@pytest.fixture
def topic_prefix() -> str:
    """Topics of a test's own, so that tests may share a broker."""
    return f"t{uuid.uuid4().hex[:8]}."


@pytest.fixture(scope="session")
def embedded_broker() -> Iterator[EmbeddedBroker]:
    """The embedded broker, memory only, on a free loopback port."""
    with EmbeddedBroker() as broker:
        yield broker


def _apache_kafka_is_missing() -> str | None:
    missing = [name for name in ("java", "mvn") if shutil.which(name) is None]
    return f"Apache Kafka needs {' and '.join(missing)} on the PATH" if missing else None


@pytest.fixture(scope="session")
def apache_kafka_libraries() -> Path:
    """Folder of the jars; skips where Java or Maven is missing."""
    reason = _apache_kafka_is_missing()
    if reason is not None:
        pytest.skip(reason)
    return libraries()


@pytest.fixture(scope="session")
def apache_kafka(apache_kafka_libraries: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApacheKafka]:
    """Apache Kafka itself, one broker in KRaft mode."""
    with ApacheKafka(apache_kafka_libraries, tmp_path_factory.mktemp("kafka")) as broker:
        yield broker
