"""Hashes: the guarantee of winnowing, and that hashes in the log never change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.copies.bounds import end_of, pack_bounds, start_of, unpack_bounds
from newsfeed.copies.compare import Words
from newsfeed.copies.fingerprint import GUARANTEE, fingerprint, first_letter, has_digit, shingles, winnow, word_hashes
from newsfeed.records import Article, Position

WORDS = st.lists(st.text("abcdefghij", min_size=1, max_size=6), min_size=0, max_size=60)


@given(
    WORDS,
    WORDS,
    WORDS,
    WORDS,
    st.lists(st.text("abcdefghij", min_size=2, max_size=6), min_size=GUARANTEE, max_size=GUARANTEE),
)
def test_every_shared_passage_of_the_guaranteed_length_is_found(a, b, c, d, passage) -> None:  # type: ignore[no-untyped-def]
    one, other = ([*left, *passage, *right] for left, right in ((a, b), (c, d)))
    prints = [set(winnow(shingles(word_hashes(" ".join(words)))).tolist()) for words in (one, other)]
    assert prints[0] & prints[1]


@given(WORDS, st.lists(st.text("abcdefghij", min_size=2, max_size=6), min_size=4, max_size=15), WORDS)
def test_a_headline_is_found_in_its_article_however_short(
    before: list[str], headline: list[str], body: list[str]
) -> None:
    article = winnow(shingles(word_hashes(" ".join([*headline, *body]))), title_words=len(headline))
    short = winnow(shingles(word_hashes(" ".join([*before[:10], *headline]))))
    assert set(article.tolist()) & set(short.tolist())


@given(WORDS)
def test_equal_words_have_equal_hashes_wherever_they_stand(words: list[str]) -> None:
    hashes = word_hashes(" ".join(words))
    assert len(hashes) == len(words)
    for word, value in zip(words, hashes.tolist(), strict=True):
        assert word_hashes(word)[0] == value


def test_a_word_with_a_digit_is_told_by_its_hash() -> None:
    assert has_digit(word_hashes("a 1 covid19 b")).tolist() == [False, True, True, False]


def test_hashes_are_those_that_stand_in_the_log() -> None:
    # A change here is a new state version: windows written before could not be read any more.
    assert word_hashes("moscow talks go on today").tolist() == [
        675163316,
        111592060,
        1301568578,
        3694801888,
        1317067038,
    ]
    assert shingles(word_hashes("moscow talks go on today")).tolist() == [3990166680, 552463923]


def test_a_word_of_any_length_is_a_word() -> None:
    assert len(word_hashes("x" * 100_000)) == 1


@pytest.mark.parametrize("before", ["x" * 5_000, " ".join(["y"] * 50_000)], ids=["a long word", "a long text"])
def test_a_word_keeps_its_hash_behind(before: str) -> None:
    assert word_hashes(f"{before} moscow g20")[-2:].tolist() == word_hashes("moscow g20").tolist()


@given(
    st.lists(st.tuples(st.integers(0, 70_000), st.integers(1, 300)), max_size=30),
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 20)), max_size=30),
)
def test_bounds_come_back(title: list[tuple[int, int]], body: list[tuple[int, int]]) -> None:
    starts, ends = [], []
    for field in (title, body):
        at = 0
        for gap, length in field:
            starts.append(at + gap)
            at += gap + length
            ends.append(at)
    start, end = np.array(starts, np.int32), np.array(ends, np.int32)
    first, last = unpack_bounds(pack_bounds(start, end))
    assert first.tolist() == starts
    assert last.tolist() == ends


@given(WORDS, WORDS)
def test_what_travels_with_an_article_is_what_its_words_give(title: list[str], body: list[str]) -> None:
    position = Position(topic="raw", partition=0, offset=0)
    article = fingerprint(
        Article(article_id="0" * 32, key="id", raw=position, raw_hash=1, title=" ".join(title), body=" ".join(body))
    )
    words = Words(np.frombuffer(article.word_hashes, "<u4"), article.title_words)
    assert article.prints == words.fingerprints.tobytes()
    assert article.distinct_shingles == words.distinct_count
    starts, ends = unpack_bounds(article.word_bounds)
    for word in range(len(words)):
        assert start_of(article.word_bounds, word) == starts[word]
        assert end_of(article.word_bounds, word) == ends[word]
        assert first_letter(article, word) == [*title, *body][word][0]
