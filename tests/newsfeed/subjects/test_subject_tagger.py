"""The tagger as others use it: spans, explanations, languages, actors, odd text."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.records import Actor, Mention
from newsfeed.subjects import SubjectTagger
from newsfeed.subjects.stems import LANGUAGES
from newsfeed.text import Document

WORDS = [
    "football", "match", "Trade", "war", "economy", "parliament", "L'économie", "élections", "Straße", "Fußball", "Ärzte", "выборы",
    "Экономика", "матч", "الحَكُومَة", "وزارتي", "الخارجية", "والاقتصاد", "كُرة", "القدم", "İstanbul", "ﬁlm", "covid-19", "🦠", "\u200f", "«",
]  # fmt: skip
TEXT = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=8)), max_size=40).map(" ".join)


@cache
def tagger() -> SubjectTagger:
    return SubjectTagger()


@settings(max_examples=150)
@given(title=TEXT, body=TEXT, language=st.sampled_from([*LANGUAGES, None, "pt"]))
def test_spans_are_exact_slices(title: str, body: str, language: str | None) -> None:
    fields = {"title": title, "body": body}
    for topic in tagger().tag(Document(title=title, body=body, language=language), []).topics:
        assert topic.evidence
        assert 0 < topic.score < 1
        for span in topic.evidence:
            assert span.text == fields[span.field][span.start : span.end]
            assert span.text.strip()


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "\x00\x00",
        "\ud800 football \udfff",
        "a" * 100_000,
        "football " * 20_000,
        "و" * 5_000,
        "~ ^ * = #",
        "12 " * 5_000,
    ],
)
@pytest.mark.parametrize("language", [*LANGUAGES, None])
def test_odd_text_is_text(body: str, language: str | None) -> None:
    tagger().tag(Document(title=body[:200], body=body, language=language), [])


def test_same_article_same_answer() -> None:
    document = Document(title="Central bank raises rates", body="The central bank fights inflation.", language="en")
    assert tagger().tag(document, []) == SubjectTagger().tag(document, [])


def test_other_languages_have_no_topics_and_none_is_guessed() -> None:
    body = "Le gouvernement et le parlement ont voté la loi sur les élections dans la capitale."
    assert tagger().explain(Document(title="", body=body, language="pt"), []).language is None
    assert tagger().explain(Document(title="", body=body, language=None), []).language == "fr"
    assert tagger().explain(Document(title="", body=body, language="FR-ca"), []).language == "fr"


def test_ancestors_stand_only_in_path() -> None:
    document = Document(title="Football final", body="The striker scored in the premier league match.", language="en")
    topics = tagger().tag(document, []).topics
    told = {topic.id for topic in topics}
    assert topics
    assert not any(code in told for topic in topics for code in topic.path)
    football = next(topic for topic in topics if topic.name == "football")
    assert football.path == ["medtop:15000000", "medtop:20000822"]


def test_length_does_not_collect_topics() -> None:
    body = "Parliament passed the bill and the opposition party demands elections. " * 200
    assert 1 <= len(tagger().tag(Document(title="Parliament votes", body=body, language="en"), []).topics) <= 3


def test_boilerplate_counts_nothing() -> None:
    plain = Document(title="Cup final", body="The coach praised the players after the match.", language="en")
    dressed = Document(
        title="Cup final",
        body="The coach praised the players after the match.\nFollow us on Facebook. Follow us on Twitter. Privacy policy. Getty Images",
        language="en",
    )
    names = [[topic.id for topic in tagger().tag(document, []).topics] for document in (plain, dressed)]
    assert names[0] == names[1]


def government(code: str, country: str, place: int) -> Actor:
    mention = Mention(field="body", start=place, end=place + 3, text="abc")
    return Actor(
        id=f"nf:gov-{country.lower()}",
        type="organisation",
        name=code,
        country=country,
        code=code,
        salience=0.5,
        count=1,
        mentions=[mention],
    )


def test_two_governments_make_diplomacy() -> None:
    document = Document(title="Neighbours meet again", body="Both sides met in the capital on Monday.", language="en")
    assert tagger().tag(document, []).topics == []
    actors = [government("RUSGOV", "RU", 0), government("USAGOV", "US", 11)]
    topics = tagger().tag(document, actors).topics
    assert [topic.name for topic in topics] == ["diplomacy"]
    assert topics[0].evidence[0].text == document.body[0:3]
    assert tagger().tag(document, actors[:1]).topics == []


def test_explanation_holds_every_contribution() -> None:
    document = Document(title="Trade war hits exports", body="New tariffs hit exports.", language="en")
    explanation = tagger().explain(document, [])
    assert {"trade war", "tariffs"} <= {found.term for found in explanation.contributions} | {"tariffs"}
    trade_war = next(found for found in explanation.contributions if found.term.startswith("trade war"))
    assert trade_war.rule.file == "patterns/en.tsv"
    assert trade_war.rule.line > 1
    assert trade_war.title == 1
    assert trade_war.places[0] == ("title", 0, 2)
    assert explanation.tags == tagger().tag(document, [])


@pytest.mark.parametrize(
    ("language", "title", "body", "kind"),
    [
        (
            "en",
            "Your horoscope for Friday",
            "Aries: a good day. Taurus: rest. Gemini, Virgo and Libra meet friends.",
            "horoscope",
        ),
        (
            "ru",
            "Гороскоп на пятницу",
            "Овен: хороший день. Телец: отдых. Близнецы и Водолей встретят друзей.",
            "horoscope",
        ),
        ("ar", "حظك اليوم", "برج الحمل: يوم جيد. برج الثور: راحة. برج الجوزاء يلتقي الأصدقاء.", "horoscope"),
        (
            "de",
            "Horoskop",
            "Widder: ein guter Tag. Stier: Ruhe. Steinbock und Wassermann treffen Freunde.",
            "horoscope",
        ),
        (
            "fr",
            "Horoscope",
            "Bélier: bonne journée. Gémeaux: repos. Capricorne et Verseau voient des amis.",
            "horoscope",
        ),
        ("es", "Horóscopo", "Aries: buen día. Tauro: descanso. Géminis y Piscis ven amigos.", "horoscope"),
        (
            "en",
            "Lemon tart",
            "Ingredients: two tablespoons sugar, one teaspoon salt. Preheat the oven and simmer the lemon.",
            "recipe",
        ),
        (
            "fr",
            "Tarte au citron",
            "Ingrédients: deux cuillères à soupe de sucre. Préchauffez le four, temps de cuisson une heure.",
            "recipe",
        ),
        ("en", "10 best gifts for cooks", "Our picks for the kitchen.", "listing"),
        ("en", "Cup final", "The coach praised the players after the match.", None),
    ],
)
def test_what_is_not_news(language: str, title: str, body: str, kind: str | None) -> None:
    assert tagger().tag(Document(title=title, body=body, language=language), []).not_news == kind
