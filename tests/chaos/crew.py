"""The workers and the broker of a chaos run: faults are done to them, and a supervisor starts again what ended."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from apache_kafka import ApacheKafka
from faults import Fault
from worker_process import WorkerProcess

from agents.embedded_broker import end_with_parent

LEAST, MOST = 2, 4
BACK_OFF = 1.0  # seconds before an ended worker is started again
READY_SECONDS = 300.0
STOP_SECONDS = 30.0  # after SIGTERM; a worker promises 10 on a machine that is not busy


@dataclass
class Place:
    """A place for one worker, with its data folder.

    Attributes:
        until: when it is started again or thawed; monotonic seconds.
        leaving: when SIGTERM was sent.
    """

    folder: Path
    wanted: bool = False
    worker: WorkerProcess | None = None
    until: float = 0.0
    frozen: bool = False
    leaving: float | None = None

    @property
    def busy(self) -> bool:
        """Whether a fault may be done to it."""
        return self.worker is not None and self.worker.running and not self.frozen and self.leaving is None


class Crew:
    """Two to four workers on one broker.

    Args:
        session: seconds after which Kafka takes a silent worker for dead.
        away: seconds for which the broker is unreachable.
        settings: of the workers, without the prefix.
    """

    def __init__(
        self, broker: ApacheKafka, folder: Path, *arguments: str, session: float, away: float, settings: dict[str, str]
    ) -> None:
        self._broker, self._session, self._away = broker, session, away
        self._arguments, self._settings = arguments, settings | {"SESSION_TIMEOUT": f"{session:g}"}
        self.places = [Place(folder / f"place-{number}") for number in range(MOST)]
        self.done: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._watchers: dict[int, subprocess.Popen[bytes]] = {}  # by the worker's pid: no orphan outlives a killed run
        self._broker_due: tuple[float, Callable[[], object]] | None = None

    @property
    def running(self) -> int:
        return sum(place.worker is not None and place.worker.running for place in self.places)

    @property
    def broker_is_up(self) -> bool:
        return self._broker_due is None

    def start(self, count: int) -> None:
        for place in self.places[:count]:
            place.wanted = True
        self.tend()

    def wait_until_ready(self) -> None:
        for place in self.places:
            if place.worker is not None:
                place.worker.wait_until_ready(READY_SECONDS)

    # --- faults ---------------------------------------------------------------------------------------------------

    def inject(self, fault: Fault) -> bool:
        """Do it; False where it cannot be done now and must wait."""
        busy = [place for place in self.places if place.busy]
        kind, now = fault.kind, time.monotonic()
        if kind.startswith("broker"):
            if self._broker_due is not None:
                return False
            self._harm_broker(kind, now, fault.lasts)
        elif kind == "worker joined" or (kind == "worker stopped" and self._wanted <= LEAST):
            place = next((place for place in self.places if not place.wanted and place.worker is None), None)
            if place is None:
                return self.inject(Fault(fault.at, "worker killed", fault.choice, fault.lasts))
            kind, place.wanted, place.until = "worker joined", True, now
        elif not busy:
            return False
        else:
            self._harm_worker(kind, busy[int(fault.choice * len(busy))], now, fault.lasts)
        self.done[kind] += 1
        return True

    @property
    def _wanted(self) -> int:
        return sum(place.wanted for place in self.places)

    def _harm_broker(self, kind: str, now: float, lasts: float) -> None:
        if kind == "broker frozen":
            self._broker.freeze()
            self._broker_due = now + self._away, self._broker.thaw
        else:
            self._broker.kill()
            gone = self._away if kind == "broker away" else 5 * lasts
            self._broker_due = now + gone, self._broker.start

    def _harm_worker(self, kind: str, place: Place, now: float, lasts: float) -> None:
        assert place.worker is not None
        if kind == "worker killed":
            self._unwatch(place.worker.pid)
            place.worker.kill()
            place.worker, place.until = None, now + 5 * lasts
        elif kind == "worker stopped":
            place.worker.send(signal.SIGTERM)
            place.wanted, place.leaving = False, now
        else:
            place.worker.send(signal.SIGSTOP)
            place.frozen, place.until = True, now + self._session * (1.2 + lasts)

    # --- supervision ------------------------------------------------------------------------------------------------

    def tend(self) -> None:
        """Thaw, restart, and note what ended; to be called several times a second."""
        now = time.monotonic()
        if self._broker_due is not None and now >= self._broker_due[0]:
            self._broker_due[1]()
            self._broker_due = None
        for place in self.places:
            self._tend(place, now)

    def _tend(self, place: Place, now: float) -> None:
        worker = place.worker
        if worker is not None and worker.exit_code is not None:
            self._unwatch(worker.pid)
            self._note_end(place, worker, worker.exit_code)
            place.worker, place.frozen, place.leaving, place.until = None, False, None, now + BACK_OFF
        elif worker is not None and place.frozen and now >= place.until:
            worker.send(signal.SIGCONT)
            place.frozen = False
        elif worker is not None and place.leaving is not None and now > place.leaving + STOP_SECONDS:
            self.wrong.append(f"worker {worker.pid} did not stop within {STOP_SECONDS:g} s of SIGTERM: {worker.log}")
            worker.kill()
        if place.worker is None and place.wanted and now >= place.until:
            place.worker = WorkerProcess(place.folder, *self._arguments, **self._settings)
            self._watchers[place.worker.pid] = end_with_parent(place.worker.pid)

    def _unwatch(self, pid: int) -> None:
        watcher = self._watchers.pop(pid)
        watcher.kill()
        watcher.communicate()

    def _note_end(self, place: Place, worker: WorkerProcess, code: int) -> None:
        if code == -signal.SIGTERM and place.leaving is not None:  # asked to stop before it could listen
            self.ended["SIGTERM before the start"] += 1
            return
        reason = _reason(worker)
        self.ended[f"exit {code}: {reason}"[:160]] += 1
        if code not in (0, 3, 70) or (code == 0 and place.leaving is None) or (code and not reason):
            self.wrong.append(f"a worker ended with code {code} and without a known reason: {worker.log}")

    def calm(self) -> None:
        """Take back every fault that lasts."""
        if self._broker_due is not None:
            self._broker_due = 0.0, self._broker_due[1]
        for place in self.places:
            if place.frozen:
                place.until = 0.0
        self.tend()

    def dismiss(self) -> None:
        """SIGTERM to all, and wait."""
        for place in self.places:
            place.wanted = False
            if place.worker is not None and place.worker.running:
                place.worker.send(signal.SIGCONT)
                place.worker.send(signal.SIGTERM)
                place.leaving = time.monotonic()
        while self.running:
            self.tend()
            time.sleep(0.1)
        self.tend()

    def close(self) -> None:
        """kill -9 what is left."""
        for pid in tuple(self._watchers):
            self._unwatch(pid)
        for place in self.places:
            if place.worker is not None and place.worker.running:
                place.worker.kill()


def _reason(worker: WorkerProcess) -> str:
    """The reason in the log of a worker that ended by itself."""
    for line in reversed(worker.events()):
        if line.get("event") in (
            "fail-stop",
            "cannot start",
            "agent ended",
            "agent stalled",
            "topic is not as it must be",
        ):
            error = str(line.get("error") or "").split(":")[0]
            return f"{line['event']}: {str(line.get('reason') or '')[:60]} {error}".strip()
    return "worker stopped" if any(line.get("event") == "worker stopped" for line in worker.events()) else ""
