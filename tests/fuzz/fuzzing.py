"""Runs mutated articles through the whole pipeline and says what went wrong: ``python tests/fuzz/fuzzing.py --inputs 1000000``.

An input must end as an enriched record, a verdict or a dead letter that can be written as JSON, in at most 200 ms of the
processor's time; a process that has handled thousands must not have grown by more than 100 MB.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from mutations import mutated

from newsfeed.pipeline import Pipeline
from newsfeed.records import DeadLetter, Enriched, Position, RawMessage, Verdict
from topics import codec

SAMPLE = Path(__file__).resolve().parents[2] / "agents" / "sample"
TYPES = ("application/json", "application/json", "application/json", "text/plain", "text/html")
CHUNK = 2_000  # inputs of one process
MOST_MS, MOST_MB = 200.0, 100.0
WARM = 300  # inputs before growth is measured: what is loaded once is loaded then
TRIES = 3  # an input counts as slow when it is slow each time


@dataclass(slots=True)
class Outcome:
    """Of a stretch of inputs: how they ended, the slowest in ms and its number, growth in MB, and what went wrong."""

    ends: Counter[str] = field(default_factory=Counter)
    slowest_ms: float = 0.0
    slowest: int = -1
    grown_mb: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        self.ends += other.ends
        if other.slowest_ms > self.slowest_ms:
            self.slowest_ms, self.slowest = other.slowest_ms, other.slowest
        self.grown_mb = max(self.grown_mb, other.grown_mb)
        self.wrong += other.wrong


def seeds() -> list[bytes]:
    """The project's own sample articles, whole messages."""
    feed = [line for line in (SAMPLE / "feed.jsonl").read_bytes().splitlines() if line.strip()]
    return feed + [(SAMPLE / name).read_bytes() for name in ("consultations.txt", "desalination.html")]


def stretch(first: int, count: int, seed: int, *, most_mb: float | None = MOST_MB) -> Outcome:
    """Inputs ``first`` to ``first + count``, through one pipeline."""
    out, originals = Outcome(), seeds()
    pipeline = Pipeline(capacity=500)
    for number in range(WARM):
        _answer(pipeline, mutated(originals, number, seed=-1), number)
    before = _resident_mb()
    for number in range(first, first + count):
        value = mutated(originals, number, seed=seed)
        offset = WARM + number - first
        try:
            took, end = _timed(pipeline, value, offset)
            if took > MOST_MS:
                took = min(_timed(Pipeline(capacity=2), value, offset)[0] for _ in range(TRIES))
        except Exception as error:
            out.wrong.append(f"input {number} of seed {seed}: {type(error).__name__}: {error}"[:300])
            continue
        out.ends[end] += 1
        if took > out.slowest_ms:
            out.slowest_ms, out.slowest = took, number
        if took > MOST_MS:
            out.wrong.append(f"input {number} of seed {seed}: {took:.0f} ms for {len(value)} bytes")
    out.grown_mb = _resident_mb() - before
    if most_mb is not None and out.grown_mb > most_mb:
        out.wrong.append(f"inputs {first} to {first + count} of seed {seed}: grew by {out.grown_mb:.0f} MB")
    return out


def _timed(pipeline: Pipeline, value: bytes, offset: int) -> tuple[float, str]:
    began = time.process_time()
    end = _answer(pipeline, value, offset)
    return (time.process_time() - began) * 1000, end


def _answer(pipeline: Pipeline, value: bytes, offset: int) -> str:
    position = Position(topic="news.raw.v1", partition=0, offset=offset)
    kind = TYPES[len(value) % len(TYPES)]
    answer = pipeline.run(RawMessage(position=position, value=value, content_type=kind), offset)
    if isinstance(answer, DeadLetter):
        return f"dead: {answer.reason}"
    if not isinstance(answer, Enriched | Verdict):
        raise TypeError(f"answered by {type(answer).__name__}")
    orjson.loads(codec.encode(answer))
    return (answer.verdict if isinstance(answer, Enriched) else answer).kind


def _resident_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(inputs: int, *, seed: int, processes: int) -> Outcome:
    """All inputs, in processes of their own so that growth shows."""
    total, done, began = Outcome(), 0, time.monotonic()
    chunks = [(first, min(CHUNK, inputs - first), seed) for first in range(0, inputs, CHUNK)]
    with multiprocessing.get_context("spawn").Pool(processes, maxtasksperchild=5) as pool:
        for number, outcome in enumerate(pool.imap_unordered(_chunk, chunks), 1):
            total.add(outcome)
            done += sum(outcome.ends.values()) + len(outcome.wrong)
            if number % 10 == 0 or number == len(chunks):
                rate = done / (time.monotonic() - began)
                print(
                    f"fuzz: {done} inputs, {rate:.0f} a second, {len(total.wrong)} wrong", file=sys.stderr, flush=True
                )
    return total


def _chunk(given: tuple[int, int, int]) -> Outcome:
    return stretch(*given)


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Mutated articles through the whole pipeline.")
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    given = parser.parse_args()
    total = run(given.inputs, seed=given.seed, processes=given.processes)
    for end, count in total.ends.most_common():
        print(f"{count:>9}  {end}")
    print(
        f"slowest {total.slowest_ms:.0f} ms (input {total.slowest}), most grown {total.grown_mb:.0f} MB, wrong {len(total.wrong)}"
    )
    for line in total.wrong[:50]:
        print(line)
    return 1 if total.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
