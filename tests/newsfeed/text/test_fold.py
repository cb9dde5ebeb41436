"""Folding: one spelling for what a reader takes for the same word, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.text import fold, fold_text

TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("أإآاىيةه ـًٌَّ ёЁßẞéñüÄ'’-–.,\n\t٣۵½ﷲﬁ東京한글𠀀🙂")), max_size=400
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("وَقَالَ إنّ الأمريكيّة", "وقال ان الامريكيه"),
        ("رؤية رؤيه", "رويه رويه"),
        ("مســتشفى", "مستشفي"),
        ("١٢ و٣۵", "12 و35"),
        ("Müller, Straße", "muller strasse"),
        ("L’Élysée l'Iran", "l elysee l iran"),
        ("Ёлка и йод", "елка и йод"),
        ("İstanbul ISPARTA ısı", "istanbul isparta isi"),
        ("co\u00adope\u200bration\u202e", "cooperation"),
        ("東京 한글", "東 京 한글"),
        ("", ""),
        (" .,-— ", ""),
    ],
)
def test_folds(written: str, folded: str) -> None:
    assert fold_text(written) == folded


@given(TEXTS)
def test_words_are_joined_by_single_spaces(text: str) -> None:
    folded = fold(text).text
    assert folded == " ".join(folded.split(" ")).strip()
    assert "  " not in folded


@given(TEXTS)
def test_folded_text_alone_is_the_same(text: str) -> None:
    assert fold_text(text) == fold(text).text


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold_text(text)
    assert fold_text(once) == once


@given(TEXTS)
def test_every_word_points_to_source_that_folds_to_it(text: str) -> None:
    folded = fold(text)
    starts, ends = folded.word_bounds
    assert len(starts) == len(folded.words)
    assert (folded.origin[1:] >= folded.origin[:-1]).all()
    for word, start, end in zip(folded.words, starts.tolist(), ends.tolist(), strict=True):
        first, last = folded.span(start, end)
        assert 0 <= first < last <= len(text)
        assert word in fold_text(text[first:last])


@given(TEXTS, TEXTS)
def test_texts_fold_apart_as_they_fold_together(one: str, other: str) -> None:
    assert fold_text(f"{one} {other}").split() == [*fold_text(one).split(), *fold_text(other).split()]


def test_the_span_takes_the_marks_behind_the_last_letter() -> None:
    folded = fold("قالَ")
    assert folded.span(0, 3) == (0, 4)
