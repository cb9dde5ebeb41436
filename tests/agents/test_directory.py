"""Subscriptions from the log: what cannot be used is counted and left out, whatever stood there before, and harms nobody else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from agents.directory import Directory
from agents.settings import Settings
from newsfeed.subscriptions import Matcher


def entered(*records: tuple[bytes | None, bytes | None]) -> tuple[Directory, Matcher]:
    matcher = Matcher()
    directory = Directory(Settings(), matcher)
    for key, value in records:
        directory.enter(SimpleNamespace(key=key, value=value))
    return directory, matcher


GOOD = (b"desk", b'{"id": "desk", "query": "gas"}')
OTHER = (b"other", b'{"id": "other", "query": "oil"}')


@pytest.mark.parametrize(
    "value",
    [b"{", b'{"id": "desk"}', b'{"id": "desk", "query": "actr:RU"}', b'{"id": "other", "query": "gas"}', b'{"id": "desk", "query": "gas", "on": ["x"]}'],
)  # fmt: skip
def test_what_cannot_be_used_is_counted_and_takes_the_place_of_what_was_there(value: bytes) -> None:
    directory, matcher = entered(GOOD, OTHER, (b"desk", value))
    assert directory.refused == 1
    assert matcher.get("desk") is None
    found = matcher.get("other")
    assert found is not None
    assert found.query == "oil"


def test_a_worker_that_starts_after_compaction_sees_the_same() -> None:
    broken = (b"desk", b'{"id": "desk", "query": "gas AND"}')
    for records in ((GOOD, broken), (broken,)):
        directory, matcher = entered(*records)
        assert (directory.refused, len(matcher)) == (1, 0)


@pytest.mark.parametrize("after", [GOOD, (b"desk", b""), (b"desk", None)], ids=["mended", "empty", "tombstone"])
def test_mended_or_removed_it_is_counted_no_longer(after: tuple[bytes, bytes | None]) -> None:
    directory, matcher = entered((b"desk", b"{"), after)
    assert directory.refused == 0
    assert len(matcher) == (after is GOOD)
