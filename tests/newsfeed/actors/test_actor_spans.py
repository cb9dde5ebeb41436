"""What holds for every text, clean or dirty: exact slices, bounded mentions, the same answer twice."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.actors import ActorTagger
from newsfeed.actors.gather import MOST_MENTIONS
from newsfeed.text import Document

CASES = Path(__file__).parents[2] / "cases" / "actors"
TAGGER = ActorTagger()


def pieces() -> list[str]:
    """The sentences of the cases, in all languages, as material for dirty texts."""
    out = []
    for path in sorted(CASES.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                out += [cell for cell in line.split("\t") if len(cell) > 12]
    return out


DIRT = st.sampled_from(
    [
        "\u200f",
        "\u064b",
        "ـ",
        "\u00ad",
        "\ud800",
        "\x00",
        "\n",
        "\n\n",
        "  ",
        "«",
        "»",
        '"',
        ".",
        ":",
        "، ",
        "\u202b",
        "🙂",
        "e\u0301",
        "ﷺ",
        "ﬁ",
        "漢字",
    ]
)
TEXTS = st.lists(st.one_of(st.sampled_from(pieces()), DIRT, st.text(max_size=12)), max_size=10).map("".join)


def check(document: Document) -> None:
    tags = TAGGER.tag(document)
    fields = {"title": document.title, "body": document.body}
    ids = [actor.id for actor in tags.actors]
    assert len(ids) == len(set(ids))
    for actor in tags.actors:
        assert 0 <= actor.salience <= 1
        assert actor.count >= len(actor.mentions) >= 1
        assert len(actor.mentions) <= MOST_MENTIONS
        assert " " not in actor.id
        assert actor.name
        for mention in actor.mentions:
            assert fields[mention.field][mention.start : mention.end] == mention.text
            assert mention.text.strip() == mention.text
    for relation in tags.relations:
        assert fields[relation.field][relation.start : relation.end] == relation.text
        assert relation.who in ids
        assert relation.whom is None or relation.whom in ids
    assert TAGGER.tag(document) == tags
    explained = {(e.id, e.field, e.start, e.end) for e in TAGGER.explain(document)}
    for actor in tags.actors:
        for mention in actor.mentions:
            assert (actor.id, mention.field, mention.start, mention.end) in explained


@settings(max_examples=150)
@given(TEXTS, TEXTS, st.sampled_from(["ar", "en", "ru", "fr", "es", "de", "tr", None]))
def test_mentions_are_exact_slices(title: str, body: str, language: str | None) -> None:
    check(Document(title, body, language, "2026-01-05"))


@pytest.mark.parametrize("language", ["ar", "en", "ru", "fr", "es", "de", None])
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "\ud800\udfff",
        "a" * 100_000,
        "ا" * 100_000,
        "А " * 20_000,
        "Mr. " * 5_000,
        "«" * 5_000,
        "of the " * 10_000,
        "И. " * 10_000,
    ],
)
def test_odd_texts_pass(text: str, language: str | None) -> None:
    check(Document(text[:200], text, language))


def test_mentions_overlap_only_where_coordinated() -> None:
    for piece in pieces():
        for language in ("ar", "en", "ru", "fr", "es", "de"):
            spans = [
                (m.start, m.end, actor.type, actor.id)
                for actor in TAGGER.tag(Document("", piece, language)).actors
                for m in actor.mentions
            ]
            for first, second in combinations(spans, 2):
                if first[0] < second[1] and second[0] < first[1]:
                    composed = {first[2], second[2]} <= {"organisation", "group"} or "nf:" in first[3] + second[3]
                    assert composed or "country" in (first[2], second[2]), (piece, first, second)


def test_same_person_in_three_scripts() -> None:
    texts = {
        "ar": "صرّح ألكسندر غوساروف، رئيس إدارة في الوزارة، بذلك.",
        "ru": "Об этом сообщил директор департамента Александр Гусаров.",
        "en": "Alexander Gusarov, head of the department, said so.",
    }
    for language, text in texts.items():
        assert "nf:person-alexander-gusarov" in [
            actor.id for actor in TAGGER.tag(Document("", text, language)).actors
        ], language


def test_dates_of_office_decide_between_namesakes() -> None:
    earlier = TAGGER.tag(Document("", "Bush said the troops would stay.", "en", "2006-05-01"))
    assert [actor.id for actor in earlier.actors if actor.type == "person"] == ["wd:Q207"]


def test_salience_puts_the_dateline_last() -> None:
    text = (
        "LONDON (Reuters) - Egypt and Sudan signed a water agreement. Egypt said the deal was fair. Sudan said so too."
    )
    countries = [
        actor
        for actor in TAGGER.tag(Document("Egypt and Sudan sign water deal", text, "en")).actors
        if actor.type == "country"
    ]
    assert [actor.country for actor in countries][-1] == "GB"
    assert countries[-1].salience < 0.2


def test_relations_said_and_with() -> None:
    tags = TAGGER.tag(
        Document(
            "",
            'Talks between Egypt and Sudan resumed. "We are close," said Maria Keller, head of the delegation.',
            "en",
        )
    )
    assert [(r.type, r.who, r.whom) for r in tags.relations if r.type == "with"] == [("with", "wd:Q79", "wd:Q1049")]
    said = [r for r in tags.relations if r.type == "said"]
    assert [(r.who, r.text) for r in said] == [("nf:person-maria-keller", "We are close,")]
