# ruff: noqa: E402 - the rooms beside this one are no packages
"""A chaos run on Apache Kafka: `make soak`, or `python tests/chaos/soak.py --minutes 3 --messages 10000 --faults 12 --seed 1`.

Messages are written at a steady rate while workers and broker are killed, frozen, stopped and started by a seeded plan. Then the
log is audited and every verdict compared with those of an undisturbed run over the same articles. The exit code is 1 where
something is lost or changed. The folder keeps report.json, written again every few seconds: a run that was interrupted goes on
with ``--resume``, on the same log.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "broker")]

from apache_kafka import ApacheKafka, libraries
from chaos_feed import ChaosFeed
from confluent_kafka import Producer
from crew import Crew
from faults import plan
from progress import lags
from reckoning import CHANGED, LOST, audit, compare

from agents.settings import Settings

PREFIX = "chaos."
TICK = 0.2
SAY_EVERY = 15.0
FEED_SHARE = 0.85  # the feed ends before the faults do
DRAIN_SECONDS = 3_600.0  # on a busy machine the work ends later than the faults
# Small segments: after a kill the broker reads again only what is not in a closed one.
PROPERTIES = "log.segment.bytes=67108864\nnum.recovery.threads.per.data.dir=2\n"


@dataclass
class Run:
    """Parameters and what came out; report.json is this."""

    minutes: float
    messages: int
    faults: int
    seed: int
    size: int
    away: float
    window: int
    session: float
    ports: tuple[int, int] = (0, 0)
    sent: int = 0
    seconds: float = 0.0
    injected: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    audit: dict[str, Any] = field(default_factory=dict)
    compared: dict[str, int] = field(default_factory=dict)

    @property
    def lost(self) -> int:
        """Messages without an answer, published verdicts without an event, verdicts that an undisturbed run has alone."""
        return self._problems(*LOST) + self.compared.get("verdicts missing", 0)

    @property
    def changed(self) -> int:
        """Repeats with other bytes, answers of two kinds, verdicts and articles that an undisturbed run gives otherwise."""
        others = {problem["what"] for problem in self.audit.get("problems", ())} - {*LOST, *CHANGED}
        names = ("verdicts changed", "verdicts without an article", "articles changed")
        return self._problems(*CHANGED, *others) + sum(self.compared.get(name, 0) for name in names)

    def _problems(self, *kinds: str) -> int:
        return sum(problem["what"] in kinds for problem in self.audit.get("problems", ()))

    @property
    def ok(self) -> bool:
        return bool(self.audit.get("ok")) and bool(self.compared) and not (self.lost or self.changed or self.wrong)

    def rows(self) -> dict[str, object]:
        """The summary."""
        kinds = {name: count for name, count in sorted(self.compared.items()) if name.startswith("kind ")}
        said = self.audit
        return {
            "minutes, seed": f"{self.seconds / 60:.1f}, {self.seed}",
            "faults": sum(self.injected.values()),
            **{f"  {name}": count for name, count in sorted(self.injected.items())},
            **{f"  ended by itself: {name}": count for name, count in sorted(self.ended.items())},
            "messages in": said.get("raw"), "verdicts": said.get("verdicts"),
            **{f"  {name.removeprefix('kind ')}": count for name, count in kinds.items()},
            "dead letters": said.get("dead"), "dead letters of later stages": said.get("later_dead"),
            "to be published": said.get("published"), "enriched events": said.get("enriched"), "repeats": said.get("repeats"),
            "verdicts equal to an undisturbed run": self.compared.get("verdicts equal"),
            "lost": self.lost, "changed": self.changed, "other violations": len(self.wrong),
        }  # fmt: skip


class Feeder(threading.Thread):
    """Writes the feed at a steady rate, whatever happens to the broker."""

    def __init__(self, run: Run, servers: str, rate: float) -> None:
        super().__init__(daemon=True)
        self._run, self._rate = run, rate
        self._producer = Producer({
            "bootstrap.servers": servers, "acks": "all", "linger.ms": 5, "message.timeout.ms": 0, "message.max.bytes": 4 << 20,
            "log_level": 0,
        })  # fmt: skip
        self.stop = threading.Event()

    def run(self) -> None:
        feed, began, first = ChaosFeed(self._run.seed, size=self._run.size), time.monotonic(), self._run.sent
        for number in range(first, self._run.messages):
            key, value, content_type = feed.message(number)
            headers = [("content-type", content_type.encode())] if content_type else []
            while True:
                with suppress(BufferError):
                    self._producer.produce(f"{PREFIX}news.raw.v1", value, key, headers=headers)
                    break
                self._producer.poll(0.1)
            self._producer.poll(0)
            self._run.sent = number + 1 - len(self._producer)
            if self.stop.wait(max(0.0, began + (number - first) / self._rate - time.monotonic())):
                return
        while self._producer.flush(1) and not self.stop.is_set():
            pass
        self._run.sent = self._run.messages


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def chaos(run: Run, folder: Path, *, say_every: float = SAY_EVERY) -> Run:
    """Run it, from where ``run`` stands."""
    broker = ApacheKafka(libraries(), folder, properties=PROPERTIES, ports=run.ports if run.ports[0] else None)
    run.ports = broker.ports
    broker.start()
    settings = {
        "BOOTSTRAP_SERVERS": broker.bootstrap_servers, "TOPIC_PREFIX": PREFIX, "WINDOW_ARTICLES": str(run.window),
        "STALL_SECONDS": "120", "LOG_LEVEL": "info",
    }  # fmt: skip
    crew = Crew(
        broker, folder, "--only", "clean,deduplicate,tag", session=run.session, away=run.away, settings=settings
    )  # fmt: skip
    crew.done.update(run.injected)
    crew.ended.update(run.ended)
    feeder = Feeder(run, broker.bootstrap_servers, run.messages / (run.minutes * 60 * FEED_SHARE))
    known = Settings(bootstrap_servers=broker.bootstrap_servers, topic_prefix=PREFIX, window_articles=run.window)

    def note() -> None:
        run.injected, run.ended, run.wrong = dict(crew.done), dict(crew.ended), list(crew.wrong)
        (folder / "report.json.new").write_text(json.dumps(asdict(run), indent=1))
        (folder / "report.json.new").rename(folder / "report.json")

    try:
        for workers in (1, 3):  # the first one makes the topics
            crew.start(workers)
            crew.wait_until_ready()
        feeder.start()
        _harm(run, crew, feeder, known, note, say_every)
        crew.calm()
        _drain(run, crew, known, note, say_every)
        crew.dismiss()
        note()
        if not run.wrong:
            say("drained; audit and undisturbed run")
        run.audit = audit(known)
        run.compared = dict(asyncio.run(compare(known)))
        note()
    finally:
        feeder.stop.set()
        crew.close()
        broker.thaw()
        broker.kill()
    return run


def _harm(run: Run, crew: Crew, feeder: Feeder, settings: Settings, note: Any, say_every: float) -> None:
    """Faults until the time is over and everything is sent."""
    total = run.minutes * 60
    waiting = [fault for fault in plan(run.seed, seconds=total, faults=run.faults) if fault.at >= run.seconds]
    began, told = time.monotonic() - run.seconds, 0.0
    while run.seconds < total or waiting or feeder.is_alive():
        crew.tend()
        run.seconds = time.monotonic() - began
        if waiting and run.seconds >= waiting[0].at and crew.inject(waiting[0]):
            say(f"{waiting.pop(0).kind} ({len(waiting)} to come, {crew.running} workers)")
        if time.monotonic() > told + say_every:
            told = time.monotonic()
            note()
            say(_where(run, crew, settings))
        time.sleep(TICK)


def _where(run: Run, crew: Crew, settings: Settings) -> str:
    waits = (lags(settings) if crew.broker_is_up else None) or "unknown: no broker answers"
    return f"{run.seconds / 60:.1f} min, {run.sent:,} sent, waiting {waits}, {crew.running} workers, {sum(crew.done.values())} faults"


def _drain(run: Run, crew: Crew, settings: Settings, note: Any, say_every: float) -> None:
    """Until every agent has committed the end of its topic."""
    deadline, told = time.monotonic() + DRAIN_SECONDS, 0.0
    while time.monotonic() < deadline:
        crew.tend()
        waits = lags(settings)
        if waits is not None and not any(waits.values()):
            return
        if time.monotonic() > told + say_every:
            told = time.monotonic()
            note()
            say(f"draining: {_where(run, crew, settings)}")
        time.sleep(1)
    crew.wrong.append(f"not drained within {DRAIN_SECONDS:g} s: {_where(run, crew, settings)}")


def show(run: Run) -> None:
    """The summary table on standard output."""
    for name, value in run.rows().items():
        print(f"{name:<90} {value:>12,}" if isinstance(value, int) else f"{name:<90} {value!s:>12}")
    for line in run.wrong[:20]:
        print(f"violation: {line}")
    print("nothing lost, nothing changed" if run.ok else "THE RUN FAILED; report.json has every problem")


def main() -> int:
    parse = argparse.ArgumentParser(description=__doc__.split("\n\n")[1] if __doc__ else None)
    parse.add_argument("--minutes", type=float, default=60)
    parse.add_argument("--messages", type=int, default=300_000)
    parse.add_argument("--faults", type=int, default=110)
    parse.add_argument("--seed", type=int, default=1)
    parse.add_argument("--size", type=int, default=1_200, help="bytes of an article's body, about")
    parse.add_argument("--away", type=float, default=60.0, help="seconds for which the broker cannot be reached")
    parse.add_argument("--window", type=int, default=50_000, help="capacity of the copy window, articles")
    parse.add_argument(
        "--session", type=float, default=10.0, help="seconds after which Kafka takes a silent worker for dead"
    )
    parse.add_argument(
        "--folder", type=Path, default=Path("build/soak"), help="log of the broker, logs of the workers, report"
    )
    parse.add_argument("--resume", action="store_true", help="go on with the interrupted run in the folder")
    given = parse.parse_args()
    folder: Path = given.folder.resolve()
    if given.resume:
        run = Run(**json.loads((folder / "report.json").read_text()))
        run.ports = (run.ports[0], run.ports[1])
    else:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        wanted = {name: value for name, value in vars(given).items() if name not in ("folder", "resume")}
        run = Run(**wanted)
    show(chaos(run, folder))
    shutil.rmtree(folder / "data", ignore_errors=not run.ok) if run.ok else None
    return 0 if run.ok else 1


if __name__ == "__main__":
    sys.exit(main())
