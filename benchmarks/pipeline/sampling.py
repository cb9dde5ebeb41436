"""Where a process spends its CPU time: a signal every few milliseconds of it looks what is being done.

``python -m benchmarks.pipeline.sampling FILE MODULE ARGUMENTS`` runs a module so. SIGUSR1 begins, SIGUSR2 ends and writes what was
seen between as JSON: seconds by step. A sample weighs the CPU time since the last one, by thread, so that neither a late signal
nor a second thread shifts anything.
"""

from __future__ import annotations

import runpy
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType

import orjson

EVERY = 0.004  # seconds of CPU time; Linux' own clock ticks so

# Outermost first: what is called for the news itself.
STEPS = {
    ("topics/codec.py", "decode"): "decode records",
    ("topics/codec.py", "encode"): "encode records",
    ("newsfeed/articles/cleaning.py", "clean"): "clean",
    ("newsfeed/copies/fingerprint.py", "fingerprint"): "fingerprint",
    ("newsfeed/copies/window.py", "CopyWindow.judge"): "judge",
    ("newsfeed/copies/entry.py", "pack_entries"): "pack the window",
    ("newsfeed/copies/window.py", "CopyWindow.forget"): "forget",
    ("newsfeed/actors/tagger.py", "ActorTagger.tag"): "tag actors",
    ("newsfeed/subjects/tagger.py", "SubjectTagger.tag"): "tag topics",
    ("newsfeed/subscriptions/matcher.py", "Matcher.match"): "match",
    ("topics/cloudevents.py", "headers"): "headers",
    ("topics/cloudevents.py", "filters"): "headers",
}
# Innermost first: what carries it.
CARRIERS = (
    ("aiokafka/producer/", "send"),
    ("aiokafka/record/", "send"),
    ("aiokafka/consumer/", "fetch, commit"),
    ("aiokafka/", "connections"),
    ("/faust/", "Faust"),
    ("/mode/", "Faust"),
    ("/agents/", "agents"),
    ("/benchmarks/", "agents"),
    ("/asyncio/", "event loop"),
)
OTHER_THREADS = "Faust's consumer threads"


def step_of(frame: FrameType | None) -> str:
    """The step that a stack belongs to."""
    stack = []
    while frame is not None:
        stack.append(frame.f_code)
        frame = frame.f_back
    for code in reversed(stack):
        for (file, name), step in STEPS.items():
            if code.co_name == name.rpartition(".")[2] and code.co_qualname == name and code.co_filename.endswith(file):
                return step
    for code in stack:
        for part, step in CARRIERS:
            if part in code.co_filename:
                return step
    return "else"


class Sampler:
    """Counts in the main thread; ``file`` is where SIGUSR2 writes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen = Counter[str]()
        self._main, self._all = time.thread_time(), time.process_time()

    def install(self) -> None:
        """Handle the signals; nothing is sampled before SIGUSR1."""
        signal.signal(signal.SIGPROF, self._look)
        signal.signal(signal.SIGUSR1, lambda *_: self._begin())
        signal.signal(signal.SIGUSR2, lambda *_: self._end())

    def _look(self, _: int, frame: FrameType | None) -> None:
        main, every = time.thread_time(), time.process_time()
        mine = main - self._main
        self._seen[step_of(frame)] += mine
        self._seen[OTHER_THREADS] += max(0.0, every - self._all - mine)
        self._main, self._all = main, every

    def _begin(self) -> None:
        self._seen.clear()
        self._main, self._all = time.thread_time(), time.process_time()
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)

    def _end(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        new = self._file.with_suffix(".new")
        new.write_bytes(orjson.dumps(dict(self._seen)))
        new.rename(self._file)


if __name__ == "__main__":
    Sampler(Path(sys.argv[1])).install()
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
