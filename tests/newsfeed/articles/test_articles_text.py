"""Characters, HTML and repetition: what cleaning may and may not do to text."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsfeed.articles import characters, clean, html, repeats
from newsfeed.records import Article, Position, RawMessage

WORDS = st.sampled_from(
    (
        "storm",
        "harbour",
        "ship",
        "crew",
        "port",
        "ferry",
        "pilot",
        "wind",
        "cargo",
        "rope",
        "anchor",
        "tide",
        "deck",
        "mast",
        "sail",
        "wave",
    )
)
SENTENCE = st.lists(WORDS, min_size=8, max_size=14).map(lambda words: " ".join(words).capitalize() + ".")
SENTENCES = st.lists(SENTENCE, min_size=3, max_size=7, unique_by=lambda text: text.lower()[:40])


def cleaned(title: str, body: str) -> Article | None:
    position = Position(topic="t", partition=0, offset=0)
    article = clean(RawMessage(position=position, value=json.dumps({"title": title, "body": body}).encode()))
    return article if isinstance(article, Article) else None


def test_every_unseen_character_is_removed() -> None:
    left = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs") and characters.seen(chr(code)).strip()
    ]
    assert left == []


@settings(max_examples=200)
@given(st.text(max_size=60), st.text(max_size=200))
@example("a\u0301", "\u0627\u0654 x\r\n\r\ny\u2028z")
def test_cleaned_text_is_clean(title: str, body: str) -> None:
    article = cleaned(title, body)
    if article is None:
        return
    for text in (article.title, *article.body.split("\n")):
        assert text == " ".join(text.split())
        assert unicodedata.is_normalized("NFC", text)
        assert not [char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs")]
    assert "\n\n" not in article.body


@settings(max_examples=150)
@given(st.text(max_size=60), st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(title: str, body: str) -> None:
    if "&" in title + body or "<" in title + body:  # what is escaped may hold what is escaped
        return
    once = cleaned(title, body)
    again = cleaned(once.title, once.body) if once else None
    assert once is None or (again is not None and (again.title, again.body) == (once.title, once.body))


@settings(max_examples=100)
@given(SENTENCES, st.data())
def test_a_message_that_repeats_itself_comes_out_once(sentences: list[str], data: st.DataObject) -> None:
    """Two versions of one body, each as it is, run together or without its first paragraph: every paragraph once, in order."""
    title = "Harbour news of the day that nobody expected"
    glued = ["".join(sentences[1:])]
    versions = [
        sentences,
        data.draw(
            st.sampled_from(
                [sentences, sentences[1:], ["".join(sentences)], glued, ["".join(sentences).replace(" ", "")]]
            )
        ),
    ]
    if data.draw(st.booleans()):
        versions.reverse()
    between = [title] if data.draw(st.booleans()) else []
    name, out = repeats.once(title, [title, *versions[0], *between, *versions[1]])
    assert name == title
    assert sorted(out) == sorted(sentences)
    if between or versions[0] != sentences[1:]:
        assert out == sentences


@settings(max_examples=100)
@given(st.lists(SENTENCE, min_size=1, max_size=12, unique_by=lambda text: text.lower()))
def test_distinct_sentences_are_never_lost(sentences: list[str]) -> None:
    paragraphs = [" ".join(sentences[at : at + 2]) for at in range(0, len(sentences), 2)]
    _, out = repeats.once("A title", paragraphs)
    kept = " ".join(out).lower()
    assert all(sentence.lower() in kept for sentence in sentences)


def test_short_lines_stand_twice() -> None:
    lines = ["The storm closed the harbour at noon.", "Read more", "The ferry stays in port until Monday.", "Read more"]
    assert repeats.once("Storm", lines) == ("Storm", lines)


def test_subheadings_go_with_their_version() -> None:
    version = [
        "The storm closed the harbour at noon.",
        "Ferries",
        "The ferry stays in port until Monday.",
        "Trains",
        "All trains run as they should today.",
    ]
    assert repeats.once("Storm", version + version) == ("Storm", version)


def test_better_spaced_title_wins() -> None:
    assert (
        repeats.once("Stormcloses the harbour", ["Storm closes the harbour", "The ferry stays."])[0]
        == "Storm closes the harbour"
    )


@pytest.mark.parametrize(
    "said",
    [
        "<head><meta property='article:published_time' content='2026-11-29T14:05Z'></head><p>x",
        '<p>x<script type=\'application/ld+json\'>{"@type": "NewsArticle", "datePublished" : "2026-11-29T14:05Z"}</script>',
        "<p><meta itemprop=datePublished content='2026-11-29T14:05Z'>x",
        "<p><time itemprop='datePublished' datetime='2026-11-29T14:05Z'>yesterday</time> x",
    ],
)
def test_when_a_page_was_published(said: str) -> None:
    assert html.read(said).published == "2026-11-29T14:05Z"
    assert html.read(said.replace("ublished", "urged")).published == ""


def test_what_is_html() -> None:
    for text in ("<p>x", "a<br/>b", "<!-- x -->", "<A HREF='x'>y</A>", "<![CDATA[x]]>"):
        assert html.is_html(text), text
    for text in ("a < b and c > d", "<Reuters> said", "1<2", "<3", "<b", "x <- y", "<pa>"):
        assert not html.is_html(text), text


def test_page() -> None:
    page = html.read(
        "<html lang='fr-FR'><head><title>Le titre | Le Site</title><link rel=canonical href='https://example.com/a'>"
        "<style>p {}</style></head><body><header><h1>Le titre</h1></header><nav>Accueil</nav><p>Un <b>deux</b>\n trois<br>quatre"
        "<ul><li>cinq<li>six</ul><script>sept</script><aside>huit</aside><div>neuf<div>dix</div></div></body></html>"
    )
    assert [line for line in page.paragraphs.split("\n") if line] == [
        "Le titre",
        "Un deux trois",
        "quatre",
        "cinq",
        "six",
        "neuf",
        "dix",
    ]
    assert (page.title, page.heading, page.language, page.url) == (
        "Le titre | Le Site",
        "Le titre",
        "fr-FR",
        "https://example.com/a",
    )
