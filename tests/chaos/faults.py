"""What is done to workers and broker in a chaos run, and when: a plan that depends on its seed alone."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "worker killed", "worker stopped", "worker joined", "worker frozen", "broker killed", "broker frozen", "broker away"
]  # fmt: skip

# How many of a hundred faults; every kind comes at least once.
SHARES: dict[Kind, int] = {
    "worker killed": 36,
    "worker stopped": 17,
    "worker joined": 17,
    "worker frozen": 16,
    "broker killed": 10,
    "broker frozen": 2,
    "broker away": 2,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        at: seconds after the start.
        choice: in [0, 1), which of the workers.
        lasts: share of the longest time that the kind may last, in [0, 1).
    """

    at: float
    kind: Kind
    choice: float
    lasts: float


def plan(seed: int, *, seconds: float, faults: int) -> list[Fault]:
    """The faults of a run, earliest first; the first and the last tenth of a minute are left alone."""
    rng = random.Random(f"faults {seed}")
    kinds = [kind for kind, share in SHARES.items() for _ in range(max(1, round(share * faults / 100)))]
    rng.shuffle(kinds)
    every = (seconds - 12) / len(kinds)
    return [
        Fault(at=6 + (number + rng.random() * 0.8) * every, kind=kind, choice=rng.random(), lasts=rng.random())
        for number, kind in enumerate(kinds)
    ]
