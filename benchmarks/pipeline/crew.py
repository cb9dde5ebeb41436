"""Two processes that do the whole way, be they workers or the bare program, and what they used."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import orjson

from benchmarks.shared import ROOT

sys.path.insert(0, str(ROOT / "tests" / "broker"))
from worker_process import WorkerProcess  # type: ignore[import-not-found]

PROGRAMS = {
    "newsfeed": ("agents.cli", "worker"),
    "bare aiokafka": ("benchmarks.pipeline.bare",),
}
PROCESSES = 2
READY_SECONDS, WRITE_SECONDS, STOP_SECONDS = 900.0, 60.0, 20.0


class Crew:
    """The processes of one run, sampled; a context manager that ends them.

    Args:
        program: one of ``PROGRAMS``. settings: environment variables of the workers, without their prefix.
    """

    def __init__(self, program: str, folder: Path, **settings: str) -> None:
        self._files = [folder / f"steps{number}.json" for number in range(PROCESSES)]
        folder.mkdir(parents=True, exist_ok=True)
        sampled = ("-m", "benchmarks.pipeline.sampling")
        self.workers = [
            WorkerProcess(folder / str(number), program=(*sampled, str(file), *PROGRAMS[program]), **settings)
            for number, file in enumerate(self._files)
        ]

    def wait_until_ready(self) -> None:
        for worker in self.workers:
            worker.wait_for("worker ready", READY_SECONDS)

    def check(self) -> None:
        """That all of them run.

        Raises:
            RuntimeError: one has ended; with the end of its log.
        """
        for worker in self.workers:
            if not worker.running:
                raise RuntimeError(f"a process ended: {worker.log.read_text(errors='replace')[-2000:]}")

    def cpu_seconds(self) -> float:
        """CPU time that all of them have used."""
        return sum(cpu_seconds(worker.pid) for worker in self.workers)

    def resident_mb(self) -> list[float]:
        """Resident memory of each that no file backs."""
        return [anonymous_mb(worker.pid) for worker in self.workers]

    def begin_steps(self) -> None:
        """Forget what was sampled."""
        for worker in self.workers:
            worker.send(signal.SIGUSR1)

    def steps(self) -> Counter[str]:
        """CPU seconds by step since ``begin_steps``, all processes together."""
        for worker, file in zip(self.workers, self._files, strict=True):
            file.unlink(missing_ok=True)
            worker.send(signal.SIGUSR2)
        deadline = time.monotonic() + WRITE_SECONDS
        while not all(file.exists() for file in self._files) and time.monotonic() < deadline:
            time.sleep(0.05)
        total = Counter[str]()
        for file in self._files:
            total.update(orjson.loads(file.read_bytes()))
        return total

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self.workers:
            if worker.running:
                worker.send(signal.SIGTERM)
        for worker in self.workers:
            with suppress(subprocess.TimeoutExpired):
                worker.wait(STOP_SECONDS)
            if worker.running:
                worker.kill()


def cpu_seconds(process: int) -> float:
    """CPU time that a process has used (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def anonymous_mb(process: int) -> float:
    """Resident anonymous memory of a process in MB (Linux)."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    return float("nan")
