"""Copies through kill -9 on Apache Kafka: one raw partition repeats an undisturbed run byte for byte; several keep the clusters."""

from __future__ import annotations

import json
import threading
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import wire
from accounts import position, repeats
from apache_kafka import ApacheKafka
from foreign_client import Record, read, write
from worker_process import WorkerProcess

from newsfeed.copies import CopyWindow
from newsfeed.pipeline import Cleaner
from newsfeed.records import Article, Position, RawMessage

pytestmark = [pytest.mark.kafka, pytest.mark.xdist_group("apache"), pytest.mark.timeout(180)]

MESSAGES = 5_000
ONLY = ("--only", "clean,deduplicate")
KINDS = {"original", "duplicate", "update", "correction", "withdrawal", "embargo"}
METHODS = {"same_message", "identical_text", "near_copy", "partial_copy", "declared", "none"}

Place = tuple[int, int]


def verdicts(servers: str, prefix: str, count: int) -> dict[Place, Record]:
    """The verdict of each raw position, when so many have one; a repeated one must repeat its bytes."""
    places: set[Place] = set()
    done = 0

    def enough(found: list[Record]) -> bool:
        nonlocal done
        places.update(position(record) for record in found[done:])
        done = len(found)
        return len(places) >= count

    found = read(servers, f"{prefix}news.verdicts.v1", until=enough, seconds=90)
    _, differing = repeats(found, position)
    assert not differing, differing[:2]
    return {position(record): record for record in found}


def killed(servers: str, prefix: str, folder: Path, *, partitions: int, at: tuple[float, ...]) -> list[Record]:
    """All verdict records of workers of which each but the last is killed when such a share of the verdicts stands there."""
    settings = {
        "BOOTSTRAP_SERVERS": servers, "TOPIC_PREFIX": prefix, "PARTITIONS": str(partitions), "SESSION_TIMEOUT": "2", "BATCH": "50",
    }  # fmt: skip
    writer = threading.Thread(
        target=write, args=(servers, f"{prefix}news.raw.v1", wire.messages(MESSAGES)), kwargs={"pause": 0.002}
    )
    for share in at:
        with WorkerProcess(folder, *ONLY, **settings) as worker:
            worker.wait_until_ready()
            if writer.ident is None:
                writer.start()
            assert len(verdicts(servers, prefix, int(MESSAGES * share))) < MESSAGES, "killed too late to prove anything"
            worker.kill()
    with WorkerProcess(folder, *ONLY, **settings) as worker:
        worker.wait_until_ready()
        if writer.ident is None:
            writer.start()
        writer.join()
        verdicts(servers, prefix, MESSAGES)
        assert worker.terminate(10) == 0
    return read(servers, f"{prefix}news.verdicts.v1")


def by_position(records: list[Record]) -> dict[Place, Record]:
    return {position(record): record for record in records}


def without_prefix(value: bytes | None, prefix: str) -> bytes:
    """The bytes of a verdict but for the name of the raw topic, in which two runs on one broker must differ."""
    named = f'"topic":"{prefix}news.raw.v1"'.encode()
    assert value is not None
    assert value.count(named) == 1
    return value.replace(named, b'"topic":"news.raw.v1"')


def families(records: list[Record], raw: list[Record]) -> set[frozenset[bytes]]:
    """The sets of raw messages (their bytes) whose verdicts have one root."""
    content = {(record.partition, record.offset): record.value or b"" for record in raw}
    out: dict[str, set[bytes]] = defaultdict(set)
    for place, record in by_position(records).items():
        out[json.loads(record.value or b"")["root"]].add(content[place])
    return {frozenset(family) for family in out.values()}


def test_the_same_bytes_as_an_undisturbed_run(apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    servers, calm_prefix = apache_kafka.bootstrap_servers, f"calm-{topic_prefix}"
    fire = killed(servers, topic_prefix, tmp_path / "killed", partitions=1, at=(0.1, 0.3, 0.5, 0.7))
    calm = killed(servers, calm_prefix, tmp_path / "calm", partitions=1, at=())
    repeated, differing = repeats(fire, position)
    assert not differing
    assert repeated > 0, "nothing was replayed: the kills came too late to prove anything"
    expected = {place: without_prefix(record.value, calm_prefix) for place, record in by_position(calm).items()}
    assert set(expected) == {(0, offset) for offset in range(MESSAGES)}
    given = {place: without_prefix(record.value, topic_prefix) for place, record in by_position(fire).items()}
    wrong = [place for place in expected if given[place] != expected[place]]
    assert not wrong, f"{len(wrong)} differ, first {given[wrong[0]]!r} for {expected[wrong[0]]!r}"
    told = [json.loads(value) for value in expected.values()]
    assert {verdict["kind"] for verdict in told} >= KINDS
    assert {verdict["method"] for verdict in told} >= METHODS
    assert min(Counter(verdict["kind"] for verdict in told).values()) > MESSAGES // 100


def test_the_same_families_from_several_partitions(
    apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path
) -> None:
    """Which twin comes first is chance there; who belongs together is not: as in one partition, without a broker."""
    servers = apache_kafka.bootstrap_servers
    found = killed(servers, topic_prefix, tmp_path, partitions=4, at=(0.2, 0.6))
    raw = read(servers, f"{topic_prefix}news.raw.v1")
    assert {record.partition for record in raw} == {0, 1, 2, 3}
    got, wanted = families(found, raw), in_process()
    assert sum(len(family) > 2 for family in wanted) > MESSAGES // 20
    assert got == wanted, f"{len(got - wanted)} families are others, such as {next(iter(got - wanted), None)}"


def in_process() -> set[frozenset[bytes]]:
    """The families of the wire in its own order."""
    cleaner, window = Cleaner(), CopyWindow(capacity=MESSAGES)
    out: dict[str, set[bytes]] = defaultdict(set)
    for offset, (_, value, _) in enumerate(wire.messages(MESSAGES)):
        place = Position(topic="wire", partition=0, offset=offset)
        article = cleaner(RawMessage(position=place, value=value))
        assert isinstance(article, Article)
        verdict = window.judge(offset, article).verdict
        assert verdict is not None
        out[verdict.root].add(value)
    window.close()
    return {frozenset(family) for family in out.values()}
