"""The window: verdicts are a function of what lies before, whatever was rebuilt, forgotten or judged again."""

import random
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from newsfeed.copies import CopyWindow, RecreatedTopic, WindowGap, pack_entries, unpack_entries
from newsfeed.records import Article

encode = msgspec.json.encode
WORDS = [f"{a}{b}{c}" for a in "bdfgklm" for b in "aeiou" for c in ("n", "r", "st", "lk")]


def text(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(words))


@pytest.fixture(scope="module")
def feed(make) -> list[Article]:  # type: ignore[no-untyped-def]
    """600 articles: new ones, copies, cut copies, updates, redeliveries under other positions, in rising broker time."""
    rng = random.Random(1)
    bodies = [text(rng, 90) for _ in range(250)]
    out = []
    for offset in range(600):
        body = bodies[rng.randrange(min(len(bodies), 1 + offset // 2))]
        words = body.split()
        if offset % 5 == 1:
            words[20:25] = text(rng, 5).split()
        if offset % 7 == 2:
            words = words[:50]
        name = f"id {rng.randrange(300)}"
        out.append(make(offset, " ".join(words), id=name, title=text(rng, 6), time_ms=1_000_000 + offset * 1000))
    return out


def judge(window: CopyWindow, articles: list[Article], start: int = 0) -> list[bytes]:
    return [encode(window.judge(start + at, article).verdict) for at, article in enumerate(articles[start:])]


@pytest.mark.parametrize(("capacity", "seconds"), [(10_000, None), (100, None), (10_000, 120.0), (60, 50.0)])
@pytest.mark.parametrize("at", [1, 250, 599])
def test_a_rebuilt_window_gives_the_same_verdicts(
    feed: list[Article], capacity: int, seconds: float | None, at: int
) -> None:
    whole = CopyWindow(capacity=capacity, seconds=seconds)
    entries, verdicts = [], []
    for offset, article in enumerate(feed):
        judged = whole.judge(offset, article)
        entries.append(judged.entry)
        verdicts.append(encode(judged.verdict))
        if offset % 50 == 0:
            whole.forget(offset - 20)
    rebuilt = CopyWindow(capacity=capacity, seconds=seconds)
    assert rebuilt.load(unpack_entries(pack_entries(entries[:at]))) == at
    assert judge(rebuilt, feed, at) == verdicts[at:]


def test_an_offset_judged_again_has_the_same_verdict_and_entry(feed: list[Article]) -> None:
    window = CopyWindow(capacity=10_000)
    first = [window.judge(offset, article) for offset, article in enumerate(feed)]
    again = [window.judge(offset, article) for offset, article in enumerate(feed)]
    assert [(encode(j.verdict), j.entry) for j in first] == [(encode(j.verdict), j.entry) for j in again]
    assert all(j.replayed for j in again)


def test_a_raw_position_that_comes_again_later_is_dropped(feed: list[Article]) -> None:
    window = CopyWindow(capacity=10_000)
    judge(window, feed)
    assert window.judge(600, feed[17]).verdict is None
    assert window.judge(600, feed[17]).entry == b""


def test_a_raw_position_with_other_content_stops(feed: list[Article]) -> None:
    window = CopyWindow(capacity=10_000)
    window.judge(0, feed[0])
    with pytest.raises(RecreatedTopic, match="recreated"):
        window.judge(1, msgspec.structs.replace(feed[0], raw_hash=99))


def test_an_offset_below_the_window_without_an_entry_stops(feed: list[Article]) -> None:
    window = CopyWindow(capacity=10_000)
    window.judge(5, feed[5])
    with pytest.raises(WindowGap, match="truncated"):
        window.judge(4, feed[4])


def test_expiry_is_by_capacity_and_by_log_time(make) -> None:  # type: ignore[no-untyped-def]
    rng = random.Random(3)
    body = text(rng, 60)
    fill = [text(rng, 60) for _ in range(10)]
    small = CopyWindow(capacity=5, seconds=None)
    kinds = [
        small.judge(at, make(at, b)).verdict.kind for at, b in enumerate([body, *fill[:4], body, *fill[4:9], body])
    ]  # type: ignore[union-attr]
    assert (kinds[5], kinds[11]) == ("duplicate", "original")
    timed = CopyWindow(capacity=100, seconds=60)
    times = [1_000_000, 1_059_000, 1_121_000]
    kinds = [timed.judge(at, make(at, body, time_ms=t)).verdict.kind for at, t in enumerate(times)]  # type: ignore[union-attr]
    assert kinds == ["original", "duplicate", "original"]


def test_forgetting_gives_memory_back_and_changes_nothing(feed: list[Article], tmp_path: Path) -> None:
    kept, lean = CopyWindow(capacity=50, seconds=None), CopyWindow(capacity=50, seconds=None, folder=tmp_path)
    for offset, article in enumerate(feed):
        assert encode(kept.judge(offset, article).verdict) == encode(lean.judge(offset, article).verdict)
        lean.forget(offset + 1)
        assert len(lean) <= 51
    assert lean._ring.keys <= 2 * 51


def test_order_of_paragraphs_does_not_matter(make) -> None:  # type: ignore[no-untyped-def]
    rng = random.Random(5)
    paragraphs = [text(rng, 30) for _ in range(6)]
    window = CopyWindow(capacity=100)
    window.judge(0, make(0, "\n".join(paragraphs)))
    for offset in range(1, 8):
        shuffled = rng.sample(paragraphs, 6)
        verdict = window.judge(offset, make(offset, "\n".join(shuffled))).verdict
        assert verdict is not None
        assert verdict.kind == "duplicate"


def test_evidence_slices_to_the_same_folded_text_on_both_sides(feed: list[Article]) -> None:
    from newsfeed.text import fold_text

    window = CopyWindow(capacity=10_000)
    by_text: dict[str, list[Article]] = {}
    seen = 0
    for offset, article in enumerate(feed):
        verdict = window.judge(offset, article).verdict
        assert verdict is not None
        for proof in verdict.evidence:
            here = getattr(article, proof.field)[slice(*proof.here)]
            assert here == proof.text
            candidates = by_text[proof.of]
            assert fold_text(here) in [
                fold_text(getattr(a, proof.there_field)[slice(*proof.there)]) for a in candidates
            ]
            seen += 1
        by_text.setdefault(article.article_id, []).append(article)
    assert seen > 100


def test_changes_of_an_update_turn_one_version_into_the_other(make) -> None:  # type: ignore[no-untyped-def]
    rng = random.Random(8)
    window = CopyWindow(capacity=100)
    versions = [text(rng, 80)]
    for _ in range(5):
        words = versions[-1].split()
        at = rng.randrange(70)
        words[at : at + rng.randrange(6)] = text(rng, rng.randrange(1, 7)).split()
        versions.append(" ".join(words))
    verdicts = [window.judge(at, make(at, body, id="x")).verdict for at, body in enumerate(versions)]
    for (before, after), verdict in zip(pairwise(versions), verdicts[1:], strict=True):
        assert verdict is not None
        assert (verdict.kind, verdict.version) == ("update", verdicts.index(verdict) + 1)
        kept_after, kept_before = after, before
        for change in reversed(verdict.changes):
            if change.op == "inserted":
                kept_after = kept_after[: change.start] + kept_after[change.end :]
            else:
                kept_before = kept_before[: change.start] + kept_before[change.end :]
        assert kept_after.split() == kept_before.split()
