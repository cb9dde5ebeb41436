"""Language, the header line and the markers of corrections and withdrawals; the form of their data."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed import data
from newsfeed.articles import header, language, markers
from newsfeed.articles.languages import code_of, languages
from newsfeed.text import fold_text

CASES = Path(__file__).parents[3] / "tests/cases/articles"


def table(name: str) -> list[list[str]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")][1:]


@pytest.mark.parametrize(("code", "text"), table("languages.tsv"))
def test_detect(code: str, text: str) -> None:
    assert (language.detect(text) or "-") == code


@pytest.mark.parametrize(("kind", "title", "line"), table("markers.tsv"))
def test_marker(kind: str, title: str, line: str) -> None:
    assert (markers.marker(title, [line, "Another paragraph."] if line else []) or "-") == kind


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("ar", "ar"),
        ("AR-eg", "ar"),
        ("en_US", "en"),
        ("eng", "en"),
        ("ger", "de"),
        ("Arabic", "ar"),
        ("arabic (Egypt)", "ar"),
        ("Русский", "ru"),
        ("عربي", "ar"),
        ("zh-Hant-TW", "zh"),
        ("iw", "he"),
        ("Deutsch", "de"),
        ("xx", None),
        ("", None),
        ("e" * 100, None),
        ("-", None),
    ],
)
def test_declared(declared: str, code: str | None) -> None:
    assert code_of(declared) == code


def test_declared_is_held_against_the_text() -> None:
    english = "The minister said that the talks in the capital would go on for the rest of the week. " * 4
    for declared, text, code, noted in [
        ("en", "Storm", "en", 0), ("ar", english, "en", 1), ("fr", english, "en", 1), ("sr", "Влада је усвојила закон", "sr", 0),
        ("fa", "قال الوزير إن المحادثات مستمرة في العاصمة", "fa", 0), ("en", "12", "en", 0), (None, english, "en", 0), (None, "12", None, 0),
    ]:  # fmt: skip
        notes: list[str] = []
        assert (language.decide(declared, text, notes), len(notes)) == (code, noted), (declared, text, notes)


@settings(max_examples=100)
@given(st.text(max_size=100))
def test_detect_never_raises_and_repeats(text: str) -> None:
    found = language.detect(text)
    assert found == language.detect(text)
    assert found is None or found in languages()


@pytest.mark.parametrize(
    ("line", "date", "code"),
    [
        ("date 2026-02-09 عربي", "2026-02-09", "ar"), ("date 2026-02-09 English", "2026-02-09", "en"), ("Date: 2026-02-09 | language: ru", "2026-02-09", "ru"),
        ("2026-02-09 français", "2026-02-09", "fr"), ("дата 09.02.2026 русский", "2026-02-09", "ru"), ("التاريخ: 2026-02-09", "2026-02-09", None),
        ("Datum 9.2.2026 Deutsch", "2026-02-09", "de"), ("fecha 2026-2-9 español", "2026-02-09", "es"), ("date 2026-02-09T10:00:00Z en", "2026-02-09T10:00:00Z", "en"),
        ("date 2026-02-30 en", "2026-02-30", "en"),
    ],
)  # fmt: skip
def test_header(line: str, date: str, code: str | None) -> None:
    for lines in ([line, "Title"], ["Title", line]):
        assert header.take(lines) == (header.Header(date, code), ["Title"])


@pytest.mark.parametrize(
    "line",
    [
        "2026-02-09",
        "Date night in the capital",
        "date 2026-02-09 was a Monday",
        "2026-02-09 Klingon",
        "update 2026-02-09",
        "9.2.2026",
    ],
)
def test_no_header(line: str) -> None:
    assert header.take([line, "Title"]) == (None, [line, "Title"])


def test_language_data() -> None:
    rows = data.rows("articles/languages.tsv")
    assert len({row["code"] for row in rows}) == len(rows) == 183
    meant: dict[str, str] = {}
    for row in rows:
        assert row["detected"] in ("yes", "no")
        assert row["scripts"]
        for name in (*row["codes"].split("|"), *map(fold_text, row["names"].split("|"))):
            assert meant.setdefault(name, row["code"]) == row["code"], name
    for row in data.rows("articles/profiles.tsv"):
        assert row["script"] in languages()[row["code"]].scripts
        assert languages()[row["code"]].detected
        assert row["words"] == row["words"].lower()
        assert row["letters"] == row["letters"].lower()


def test_marker_data() -> None:
    rows = data.rows("articles/markers.tsv")
    assert len({(row["kind"], row["form"], row["language"], row["text"]) for row in rows}) == len(rows)
    for row in rows:
        assert row["form"] in markers.FORMS
        assert (row["kind"] == "-") is (row["form"] == "before")
        assert row["form"] not in ("capitals", "before") or row["text"] == row["text"].upper()
        assert row["source"]
    for code in ("ar", "en", "ru", "fr", "es", "de"):
        for kind in ("correction", "withdrawal"):
            assert [row for row in rows if (row["language"], row["kind"]) == (code, kind)], (code, kind)


def test_tracking_data() -> None:
    names = [row["parameter"] for row in data.rows("articles/tracking.tsv")]
    assert len(set(names)) == len(names)
    assert all(name.strip("*") and "*" not in name[:-1] and name == name.lower() for name in names)
