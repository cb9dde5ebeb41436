"""What strangers write never steers the terminal, and right-to-left text moves nothing beside it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from agents.printable import cut, isolated, printable, shown


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("a\x9b31mb", "a31mb"),
        ("bell\x07 and\x00nul", "bell andnul"),
        ("one\ntwo\r\nthree\ttabs", "one two three tabs"),
        ("safe\u202eevil", "safeevil"),
        ("soft\u00adhyphen\ufeff", "softhyphen"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_printable(text: str, clean: str) -> None:
    assert printable(text) == clean


def test_cut_counts_cells() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdef", 5) == "abcd…"
    assert cut("日本語", 5) == "日本…"
    assert cut("abc", 0) == ""


def test_right_to_left_is_isolated() -> None:
    assert isolated("plain") == "plain"
    assert isolated("زلزال 5.8") == "\u2068زلزال 5.8\u2069"


@settings(max_examples=60)
@given(st.text(max_size=80), st.integers(0, 40))
def test_shown_is_safe_and_fits(text: str, cells: int) -> None:
    out = shown(text, cells)
    assert cell_len(out) <= max(cells, 0)
    assert out.count("\u2068") == out.count("\u2069") <= 1
    inner = out.removeprefix("\u2068").removesuffix("\u2069")
    assert not any(unicodedata.category(char)[0] == "C" and char not in "\u200c\u200d" for char in inner)
