"""Runs seeded mutations through a target and says what went wrong.

An input must end as its target documents, in at most 200 ms of the processor's time; a process that has handled thousands must
not have grown by more than 100 MB.
"""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from mutations import mutated

MOST_MS, MOST_MB = 200.0, 100.0
WARM = 300  # inputs before growth is measured: what is loaded once is loaded then
LOOK_EVERY = 100  # inputs between two looks at the memory
TRIES = 3  # an input counts as slow when it is slow each time


class Target(Protocol):
    """What reads the inputs. ``originals``: whole and valid ones, to be mutated."""

    @property
    def originals(self) -> Sequence[bytes]: ...

    def answer(self, value: bytes) -> str:
        """How an input ended, in a word or two. Raises what nobody foresaw."""

    def alone(self, value: bytes) -> None:
        """The same without what was read before, to time it again."""


@dataclass(slots=True)
class Outcome:
    """Of a stretch of inputs: how they ended, the slowest in ms and its number, growth in MB, and what went wrong."""

    ends: Counter[str] = field(default_factory=Counter)
    slowest_ms: float = 0.0
    slowest: int = -1
    grown_mb: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def inputs(self) -> int:
        """How many were read."""
        return sum(self.ends.values())

    def add(self, other: Outcome) -> None:
        self.ends += other.ends
        if other.slowest_ms > self.slowest_ms:
            self.slowest_ms, self.slowest = other.slowest_ms, other.slowest
        self.grown_mb = max(self.grown_mb, other.grown_mb)
        self.wrong += other.wrong


def stretch(target: Target, first: int, count: int, seed: int, *, most_mb: float | None = MOST_MB) -> Outcome:
    """Inputs ``first`` to ``first + count`` of a seed."""
    out = Outcome()
    for number in range(WARM if most_mb is not None else 0):
        target.answer(mutated(target.originals, number, seed=-1))
    held, peak = _held_mb(), _peak_mb()
    for number in range(first, first + count):
        value = mutated(target.originals, number, seed=seed)
        try:
            took, end = _timed(target.answer, value)
            if took > MOST_MS:
                took = min(took, *(_timed(target.alone, value)[0] for _ in range(TRIES)))
        except Exception as error:
            out.ends["crashed"] += 1
            out.wrong.append(f"input {number} of seed {seed}: {type(error).__name__}: {error}"[:300])
            continue
        out.ends[str(end)] += 1
        if took > out.slowest_ms:
            out.slowest_ms, out.slowest = took, number
        if took > MOST_MS:
            out.wrong.append(f"input {number} of seed {seed}: {took:.0f} ms for {len(value)} bytes")
        if number % LOOK_EVERY == 0:
            out.grown_mb = max(out.grown_mb, _held_mb() - held)
    out.grown_mb = max(out.grown_mb, _held_mb() - held, _peak_mb() - peak)
    if most_mb is not None and out.grown_mb > most_mb:
        out.wrong.append(f"inputs {first} to {first + count} of seed {seed}: grew by {out.grown_mb:.0f} MB")
    return out


def _timed(read: Callable[[bytes], str | None], value: bytes) -> tuple[float, str | None]:
    began = time.process_time()
    end = read(value)
    return (time.process_time() - began) * 1000, end


def _held_mb() -> float:
    """Resident memory now; the most there was where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / (1 << 20)
    except OSError:
        return _peak_mb()


def _peak_mb() -> float:
    """The most this process has held: one greedy input shows there, unless loading took more."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
