"""An article that is forgotten: what was judged before keeps its bytes, nothing behind sees its text, every rebuild agrees."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from test_window import text

from newsfeed.copies import CopyWindow, pack_entries, unpack_entries
from newsfeed.records import Article

encode = msgspec.json.encode
Log = list[Article | str]  # an article, or the id of one that is to be forgotten


def step(window: CopyWindow, offset: int, record: Article | str) -> tuple[bytes, bytes]:
    """The verdict and the entry of one record of the log."""
    if isinstance(record, str):
        return b"", window.erase(offset, record)
    judged = window.judge(offset, record)
    return encode(judged.verdict), judged.entry


@pytest.fixture(scope="module")
def log(make: Callable[..., Article]) -> Log:
    """400 records: new texts, copies, cut copies and updates of 60 ids, and every tenth forgets one of them."""
    rng = random.Random(11)
    bodies = [text(rng, 80) for _ in range(50)]
    out: Log = []
    for offset in range(400):
        if offset % 10 == 9:
            earlier = [record for record in out if isinstance(record, Article)]
            out.append(rng.choice(earlier[-60:]).article_id)
            continue
        words = rng.choice(bodies).split()
        if offset % 3 == 1:
            words[20:25] = text(rng, 5).split()
        out.append(
            make(offset, " ".join(words), id=f"id {rng.randrange(60)}", url_id=f"{rng.randrange(99) + 1:032x}", time_ms=1_000_000 + offset * 1000)
        )  # fmt: skip
    return out


@pytest.mark.parametrize(("capacity", "seconds"), [(10_000, None), (90, None), (10_000, 70.0)])
def test_every_rebuild_and_replay_agrees(log: Log, capacity: int, seconds: float | None) -> None:
    whole = CopyWindow(capacity=capacity, seconds=seconds)
    answers = [step(whole, offset, record) for offset, record in enumerate(log)]
    for crashed in range(7, 400, 31):
        for committed in (crashed, max(0, crashed - 25)):
            rebuilt = CopyWindow(capacity=capacity, seconds=seconds)
            rebuilt.load(unpack_entries(pack_entries([entry for _, entry in answers[:crashed]])))
            for offset in range(committed, 400):
                assert step(rebuilt, offset, log[offset]) == answers[offset], (crashed, committed, offset)
                if offset % 7 == 0:
                    rebuilt.forget(offset - 3)


def test_when_memory_is_given_back_changes_nothing(log: Log) -> None:
    early, late = CopyWindow(capacity=90, seconds=70.0), CopyWindow(capacity=90, seconds=70.0)
    for offset, record in enumerate(log):
        assert step(early, offset, record) == step(late, offset, record)
        early.forget(offset + 1)
    for ours, theirs in zip(early._index._table, late._index._table, strict=True):
        assert ours.tolist() == theirs.tolist()


def test_nothing_behind_is_compared_with_it(make: Callable[..., Article]) -> None:
    body = text(random.Random(2), 120)
    window = CopyWindow(capacity=100)
    first, copy = make(0, body, title="Ferry service resumes after two weeks"), make(1, body)
    window.judge(0, first)
    second = window.judge(1, copy).verdict
    assert second is not None
    assert (second.kind, second.of) == ("duplicate", first.article_id)
    window.erase(2, first.article_id)
    third = window.judge(3, make(3, body)).verdict
    assert third is not None
    assert (third.kind, third.of) == ("duplicate", copy.article_id)  # the copy has an id of its own
    window.erase(4, copy.article_id)
    window.erase(5, make(3, body).article_id)
    fourth = window.judge(6, make(6, body)).verdict
    assert fourth is not None
    assert (fourth.kind, fourth.evidence) == ("original", [])


def test_the_id_and_the_version_stay(make: Callable[..., Article]) -> None:
    rng = random.Random(3)
    window = CopyWindow(capacity=100)
    article = make(0, text(rng, 60), id="x")
    window.judge(0, article)
    window.erase(1, article.article_id)
    again = window.judge(2, make(2, text(rng, 60), id="x")).verdict
    assert again is not None
    assert (again.kind, again.version, again.changes) == ("update", 2, [])
    assert encode(window.judge(0, article).verdict) == encode(CopyWindow(capacity=100).judge(0, article).verdict)


def test_no_copy_of_the_text_is_left(make: Callable[..., Article], tmp_path: Path) -> None:
    """Neither in memory nor in the file, once the record that asked for it is committed."""
    rng = random.Random(4)
    window = CopyWindow(capacity=1_000, folder=tmp_path)
    articles = [make(offset, text(rng, 60), title=text(rng, 8)) for offset in range(200)]
    for offset, article in enumerate(articles):
        window.judge(offset, article)
    gone = articles[7]
    window.erase(200, gone.article_id)
    assert gone.word_hashes in window.judge(7, gone).entry  # a replay from before writes what it wrote
    window.forget(200)
    assert gone.word_hashes in window.judge(7, gone).entry
    window.forget(201)
    assert gone.word_hashes not in window.judge(7, gone).entry
    file = b"".join(segment.view[:] for segment in window._store._segments.values())
    for held in (file, *window._store._recent.values(), *window._store._waiting):
        assert gone.word_hashes not in held
        assert gone.word_bounds not in held
    assert articles[8].word_hashes in file
    entry = window.entry(7)
    assert entry is not None
    assert (entry.word_hashes, entry.word_bounds, entry.text_hash) == (b"", b"", 0)
    found = [
        window._index.find(window._index.read(np.frombuffer(each.prints, "<u4")), 300)[1] for each in articles[7:9]
    ]
    assert [7 in found[0], 8 in found[1]] == [False, True]


def test_an_id_that_nobody_knows_is_no_error(make: Callable[..., Article]) -> None:
    window = CopyWindow(capacity=100)
    window.judge(0, make(0, "Ferry service resumes to the islands"))
    window.erase(1, "0" * 32)
    again = window.judge(2, make(2, "Ferry service resumes to the islands")).verdict
    assert again is not None
    assert again.kind == "duplicate"
