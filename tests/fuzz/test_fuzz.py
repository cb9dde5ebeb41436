"""A short seeded run of the fuzzing that `make soak` does at length."""

from __future__ import annotations

from fuzzing import seeds, stretch
from mutations import mutated


def test_mutated_articles_harm_nobody() -> None:
    outcome = stretch(0, 400, seed=3, most_mb=None)  # the memory of this process is other tests', too
    assert outcome.wrong == []
    assert {"original", "duplicate", "dead: not_utf8", "dead: not_json"} <= set(outcome.ends)


def test_an_input_is_a_function_of_its_numbers() -> None:
    originals = seeds()
    assert mutated(originals, 7, seed=1) == mutated(originals, 7, seed=1) != mutated(originals, 7, seed=2)
