"""Floors of quality on the development splits of openly readable data sets (the benchmark reports the test splits)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from benchmarks.quality.topics import corpora
from benchmarks.quality.topics.corpora import Sample, mapping
from benchmarks.quality.topics.measure import measure
from newsfeed.subjects import SubjectTagger

SETS: list[tuple[str, str, Callable[[], Iterable[Sample]], float]] = [
    ("ANT ar", "ant", lambda: corpora.ant("dev"), 0.80),
    ("MasakhaNEWS en", "masakha", lambda: corpora.masakha("eng", "dev"), 0.80),
    ("MasakhaNEWS fr", "masakha", lambda: corpora.masakha("fra", "dev"), 0.78),
    ("tgcontest ru", "tgcontest", lambda: corpora.tgcontest("ru", "dev"), 0.74),
    ("tgcontest en", "tgcontest", lambda: corpora.tgcontest("en", "dev"), 0.78),
]


@pytest.mark.shared
@pytest.mark.skipif(
    not corpora.shared().is_dir(), reason="the data sets are not here: set NEWSFEED_SHARED or place ../shared"
)
@pytest.mark.parametrize(("name", "table", "read", "floor"), SETS, ids=[name for name, *_ in SETS])
def test_macro_f1_on_the_development_split(
    name: str, table: str, read: Callable[[], Iterable[Sample]], floor: float
) -> None:
    result = measure(read(), mapping(table), SubjectTagger())
    assert result.number > 50, name
    assert result.macro_f1 >= floor
    assert result.none <= 0.08


@pytest.mark.shared
@pytest.mark.skipif(
    not corpora.shared().is_dir(), reason="the data sets are not here: set NEWSFEED_SHARED or place ../shared"
)
def test_copies_stand_in_one_split() -> None:
    texts = {
        split: {sample.document.folded_body.text[:400] for sample in corpora.ant(split)}
        for split in ("train", "dev", "test")
    }
    assert not texts["train"] & texts["test"]
    assert not texts["train"] & texts["dev"]
    assert not texts["dev"] & texts["test"]
