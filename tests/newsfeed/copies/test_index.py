"""The fingerprint index: what goes in is found, in whatever batches it went in."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.copies.fingerprint import distinct
from newsfeed.copies.index import SLOTS_PER_FINGERPRINT, FingerprintIndex

ARTICLES = st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=20), min_size=1, max_size=60)


def prints_of(article: list[int]) -> np.ndarray:
    return distinct(np.array(article, np.uint32) * np.uint32(2_654_435_761))


@settings(max_examples=60)
@given(ARTICLES, st.sampled_from([0, 2**32 - 30]))
def test_many_at_once_equal_one_after_the_other(articles: list[list[int]], base: int) -> None:
    one, many = FingerprintIndex(10), FingerprintIndex(10)
    prints = [prints_of(article) for article in articles]
    for number, each in enumerate(prints):
        one.insert(one.read(each), base + number)
    offsets = np.repeat(np.arange(len(prints)) + base, [len(each) for each in prints])
    many.insert_many(np.concatenate(prints), offsets)
    assert np.array_equal(one._table, many._table)


def test_what_was_put_is_found_across_the_32_bit_border() -> None:
    index = FingerprintIndex(1000)
    for offset in range(2**32 - 2, 2**32 + 2):
        index.insert(index.read(prints_of([offset % 100, 7])), offset)
    _, found = index.find(index.read(prints_of([7])), 2**32 + 2)
    assert sorted(found.tolist()) == list(range(2**32 - 2, 2**32 + 2))


def test_a_fingerprint_that_stands_everywhere_leaves_room_for_others() -> None:
    index = FingerprintIndex(1)
    common, rare = prints_of([1]), prints_of([2])
    index.insert(index.read(rare), 0)
    for offset in range(1, 500):
        index.insert(index.read(common), offset)
    assert index.find(index.read(rare), 500)[1].tolist() == [0]
    assert sorted(index.find(index.read(common), 500)[1].tolist()) == list(range(500 - SLOTS_PER_FINGERPRINT, 500))
