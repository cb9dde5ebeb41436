"""A short seeded chaos run on Apache Kafka: nothing lost, nothing changed. `make soak` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest
from chaos_feed import KINDS, ChaosFeed
from faults import SHARES, plan
from soak import Run, chaos


@pytest.mark.kafka
@pytest.mark.xdist_group("chaos")
@pytest.mark.timeout(600)
def test_nothing_is_lost_and_nothing_changed(apache_kafka_libraries: Path, tmp_path: Path) -> None:
    run = Run(minutes=1.5, messages=4_000, faults=10, seed=3, size=1_200, away=12, window=50_000, session=6)
    chaos(run, tmp_path)
    assert run.ok, run.rows() | {"violations": run.wrong, "problems": run.audit.get("problems", [])[:10]}
    assert run.audit["raw"] >= run.messages
    assert sum(run.injected.values()) == len(plan(3, seconds=90, faults=10))
    assert {name for name in run.injected if name.startswith("broker")} == {
        "broker killed",
        "broker frozen",
        "broker away",
    }
    assert {
        "kind original",
        "kind duplicate",
        "kind update",
        "kind correction",
        "kind withdrawal",
        "kind embargo",
    } <= set(run.compared)
    assert run.audit["dead"]


def test_a_plan_is_a_function_of_its_seed() -> None:
    one = plan(1, seconds=3_600, faults=110)
    assert one == plan(1, seconds=3_600, faults=110) != plan(2, seconds=3_600, faults=110)
    assert len(one) >= 100
    assert {fault.kind for fault in one} == set(SHARES)
    assert sorted(fault.at for fault in one) == [fault.at for fault in one]
    assert one[-1].at < 3_600


def test_a_message_of_the_feed_is_a_function_of_seed_and_number() -> None:
    feed = ChaosFeed(5, size=1_200)
    assert list(feed.messages(90, 100)) == list(ChaosFeed(5, size=1_200).messages(0, 100))[90:]
    assert feed.message(50) != ChaosFeed(6, size=1_200).message(50)
    assert sum(weight for weight, _ in KINDS.values()) == 100


def test_a_run_that_lost_or_changed_something_fails() -> None:
    def run(what: str | None = None, **compared: int) -> Run:
        problems = [] if what is None else [{"what": what, "partition": 0, "offset": 3}]
        out = Run(minutes=1, messages=1, faults=1, seed=1, size=1_000, away=1, window=10, session=6)
        out.audit, out.compared = {"ok": not problems, "problems": problems}, {"verdicts equal": 1} | compared
        return out

    assert run().ok
    assert (run("no answer").lost, run("no answer").ok) == (1, False)
    assert (run("no enriched event").lost, run("no enriched event").ok) == (1, False)
    for what in (
        "repeat differs",
        "enriched repeat differs",
        "answered twice",
        "enriched without verdict",
        "unreadable",
    ):
        assert (run(what).changed, run(what).ok) == (1, False)
    assert (run(**{"verdicts missing": 2}).lost, run(**{"verdicts missing": 2}).ok) == (2, False)
    for name in ("verdicts changed", "verdicts without an article", "articles changed"):
        assert (run(**{name: 2}).changed, run(**{name: 2}).ok) == (2, False)
