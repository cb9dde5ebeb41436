"""Fuzzing at length: ``python tests/fuzz/long.py --inputs 1000000 --seconds 36000``; ends at whichever comes first.

Each target's inputs are read by processes of their own, one after the other, so that growth shows; the same numbers and seed are
the same inputs. Ends with a table, and with code 1 when anything went wrong.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable
from importlib import import_module

from fuzzing import Outcome, Target, stretch

TARGETS = {
    "articles": ("fuzz_articles", "Articles"),
    "subscriptions": ("fuzz_subscriptions", "Subscriptions"),
    "topic rules": ("fuzz_rules", "TopicRules"),
    "actor files": ("fuzz_rules", "ActorFiles"),
    "settings": ("fuzz_settings", "EnvironmentSettings"),
}
CHUNK = 10_000  # inputs of one process


def made(name: str) -> Target:
    """A target by its name."""
    module, kind = TARGETS[name]
    make: Callable[[], Target] = getattr(import_module(module), kind)
    return make()


def run(name: str, inputs: int, *, seed: int, seconds: float) -> Outcome:
    """Inputs of one target, as many as fit into the seconds; a chunk that has begun is read to its end."""
    total, began = Outcome(), time.monotonic()
    context = multiprocessing.get_context("spawn")
    for first in range(0, inputs, CHUNK):
        with context.Pool(1) as pool:
            total.add(pool.apply(_chunk, (name, first, min(CHUNK, inputs - first), seed)))
        took = time.monotonic() - began
        print(
            f"fuzz {name}: {total.inputs:,} of {inputs:,} inputs in {took:,.0f} s, slowest {total.slowest_ms:.0f} ms, "
            f"grew by {total.grown_mb:.0f} MB, {len(total.wrong)} wrong",
            file=sys.stderr,
            flush=True,
        )
        if took > seconds:
            break
    return total


def _chunk(name: str, first: int, count: int, seed: int) -> Outcome:
    return stretch(made(name), first, count, seed)


def table(found: dict[str, Outcome]) -> str:
    """The summary, one line a target."""
    rows = ["target             inputs  slowest ms  growth MB  wrong"]
    rows += [
        f"{name:14} {each.inputs:>10,} {each.slowest_ms:>11.0f} {each.grown_mb:>10.0f} {len(each.wrong):>6}"
        for name, each in found.items()
    ]
    return "\n".join(rows)


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Seeded mutations of valid inputs, at length.")
    parser.add_argument("--inputs", type=int, default=10_000, help="of each target")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="of each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=TARGETS, action="append", help="a target; may be given several times")
    given = parser.parse_args()
    found = {name: run(name, given.inputs, seed=given.seed, seconds=given.seconds) for name in given.only or TARGETS}
    print(table(found))
    for name, each in found.items():
        print(f"{name}: " + ", ".join(f"{count:,} {end}" for end, count in each.ends.most_common()))
        for line in each.wrong[:50]:
            print(f"  {line}")
    return 1 if any(each.wrong for each in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
