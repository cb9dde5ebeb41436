"""No regular expression of newsfeed can be made to try for ever; where its text comes from does not matter then."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pumping import attacks, collect, slow

HERE = Path(__file__).parent


@pytest.mark.timeout(600)
def test_no_expression_of_newsfeed_backtracks() -> None:
    # A process of its own: what another test has imported is compiled already, and would not be seen.
    found = subprocess.run(
        [sys.executable, str(HERE / "pumping.py")],
        capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(HERE)},
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
    assert int(found.stdout.split()[0]) > 50


@pytest.mark.parametrize("bad", ["(a+)+b", r"\s+x", "(?:a|a)+b", "a*a*a*b", "(?:[a-c]+-?)+!"])
def test_an_expression_that_backtracks_is_found(bad: str) -> None:
    assert slow(bad, 0, seconds=0.5) is not None


@pytest.mark.parametrize("good", [r"(?<!\s)\s+x", "a+b?", r"\A[a-z]+\Z", "(?:ab)+"])
def test_one_that_does_not_is_not(good: str) -> None:
    assert any(attacks(good, 0))
    assert slow(good, 0) is None


def test_expressions_of_others_are_left_alone() -> None:
    import re

    assert collect(lambda: re.compile("of a test")) == {}
