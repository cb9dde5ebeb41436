"""A short seeded run of the fuzzing that ``make fuzz`` does at length. Speed and memory are reported there, not asserted here."""

from __future__ import annotations

import pytest
from fuzz_articles import Articles
from fuzzing import stretch
from long import TARGETS, made
from mutations import mutated

ENDS = {
    "articles": {"original", "duplicate", "dead: not_utf8", "dead: not_json"},
    "subscriptions": {"read", "refused"},
    "topic rules": {"read", "refused"},
    "actor files": {"read", "refused"},
    "settings": {"read", "refused"},
}


@pytest.mark.parametrize("name", TARGETS)
def test_mutated_inputs_harm_nobody(name: str) -> None:
    outcome = stretch(made(name), 0, 400, seed=3, most_mb=None)  # the memory of this process is other tests', too
    assert [line for line in outcome.wrong if " ms for " not in line] == []
    assert ENDS[name] <= set(outcome.ends)


def test_what_goes_wrong_is_told() -> None:
    class Fails:
        originals = (b"one", b"two")

        def answer(self, value: bytes) -> str:
            if len(value) > 1_000:
                raise ValueError("too long")
            return "read"

        def alone(self, value: bytes) -> None:
            self.answer(value)

    outcome = stretch(Fails(), 0, 50, seed=1, most_mb=None)
    assert outcome.ends["crashed"] == len(outcome.wrong) > 0
    assert outcome.wrong[0].endswith("ValueError: too long")


def test_an_input_is_a_function_of_its_numbers() -> None:
    originals = Articles().originals
    assert mutated(originals, 7, seed=1) == mutated(originals, 7, seed=1) != mutated(originals, 7, seed=2)
