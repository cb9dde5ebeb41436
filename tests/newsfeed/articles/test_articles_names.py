"""Identity, URLs and dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed import data
from newsfeed.articles import (
    canonical_url,
    clean,
    dates,
    host_of,
    id_from_producer,
    id_from_text,
    id_from_url,
    raw_hash,
    url_key,
    urls,
)
from newsfeed.articles.identity import targets
from newsfeed.records import Article, Position, RawMessage
from newsfeed.text import fold_text

OUTWARD = {
    "HTTP://WWW.Example.COM:80/News/?b=2&utm_source=x&a=1&fbclid=3#top": "http://www.example.com/News/?a=1&b=2",
    "https://example.com:443": "https://example.com/",
    "https://example.com:8443/a": "https://example.com:8443/a",
    "https://example.com/a?utm_campaign=x": "https://example.com/a",
    "https://user:secret@example.com/a": "https://example.com/a",
    "https://example.com/a b": "https://example.com/a%20b",
    "https://example.com/أخبار": "https://example.com/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1",
    "https://example.com/%d8%a3": "https://example.com/%D8%A3",
    "https://example.com/a?x=1&amp;y=2": "https://example.com/a?x=1&y=2",
    "https://example.com/a;jsessionid=12AB?x=1": "https://example.com/a?x=1",
    "https://bücher.example/a": "https://xn--bcher-kva.example/a",
    "https://example.com/x/../y": "https://example.com/y",
}
ONE_PAGE = [
    "https://example.com/news/a", "http://example.com/news/a/", "https://www.example.com/news/a?utm_source=x",
    "https://m.example.com/news/a#c", "https://amp.example.com/news/a", "https://example.com/news/a/amp",
    "https://example.com/amp/news/a", "https://example.com/news/a?amp=1", "https://www.google.com/amp/s/example.com/news/a",
]  # fmt: skip
NOT_HTTP = [
    "",
    "x",
    "example.com/a",
    "ftp://example.com",
    "mailto:a@example.com",
    "http://",
    "https:///a",
    "http://a b/",
    "http://[::1",
    "http://a:99999/",
    "http://" + "a" * 5000,
]


@pytest.mark.parametrize("url", OUTWARD)
def test_outward_url(url: str) -> None:
    assert canonical_url(url) == OUTWARD[url]


@pytest.mark.parametrize("url", NOT_HTTP)
def test_not_http(url: str) -> None:
    assert canonical_url(url) is None


def test_the_forms_of_a_page_are_one_article() -> None:
    assert len({id_from_url(canonical_url(url) or "") for url in ONE_PAGE}) == 1
    others = [
        "https://example.com/news/b",
        "https://other.example.com/news/a",
        "https://example.com/news/a?page=2",
        "https://example.com/News/a",
    ]
    assert len({id_from_url(url) for url in [ONE_PAGE[0], *others]}) == 5


@settings(max_examples=200)
@given(st.text(max_size=80) | st.text("abc/?&=#:.%@[]ä \u202e", max_size=40).map("https://".__add__))
def test_canonical_is_final(url: str) -> None:
    found = canonical_url(url)
    host_of(url)
    if found is not None:
        assert canonical_url(found) == found
        assert found.startswith(("http://", "https://"))
        assert found.isascii()
        assert url_key(found) == url_key(canonical_url(found) or "")


@settings(max_examples=200)
@given(st.from_regex(urls._CANONICAL, fullmatch=True))
def test_what_is_taken_for_canonical_is(url: str) -> None:
    assert urls._rewritten(url) == url


def test_host() -> None:
    assert [host_of(url) for url in ("https://www.example.com/a", "https://m.example.com:80/", "x", "http://[::1")] == [
        "example.com",
        "m.example.com",
        "",
        "",
    ]


def message(text: str) -> Article:
    article = clean(RawMessage(position=Position(topic="t", partition=0, offset=0), value=text.encode()))
    assert isinstance(article, Article)
    return article


def test_which_part_names_the_article() -> None:
    by_id = message('{"id": " 7 ", "url": "https://www.example.com/a", "title": "Storm"}')
    assert (by_id.key, by_id.source, by_id.article_id) == ("id", "example.com", id_from_producer("example.com", "7"))
    same = message('{"id": "7", "source": "example.com", "title": "Calm"}')
    assert same.article_id == by_id.article_id
    by_url = message('{"url": "http://example.com/a/?utm_source=x", "title": "Storm"}')
    assert (by_url.key, by_url.article_id) == ("url", id_from_url("https://www.example.com/a"))
    assert by_url.url == "http://example.com/a/"
    by_text = message('{"title": "Storm!", "body": "The Harbour closed"}')
    assert (by_text.key, by_text.article_id, by_text.source) == (
        "text",
        id_from_text("STORM", "the harbour, closed."),
        "",
    )
    assert len({by_id.article_id, by_url.article_id, by_text.article_id}) == 3


@settings(max_examples=100)
@given(st.text(max_size=10), st.text(max_size=10), st.text(max_size=10), st.text(max_size=10))
def test_parts_do_not_run_together(source: str, name: str, other_source: str, other_name: str) -> None:
    same = (source, name) == (other_source, other_name)
    assert (id_from_producer(source, name) == id_from_producer(other_source, other_name)) is same


def test_ids_stay() -> None:
    """Ids stand in topics for years: a change here is a break."""
    assert id_from_producer("example.com", "7") == "e8733800e2517fa3152ee29fb8cda609"
    assert id_from_url("https://www.example.com/a/") == "a772e1eac330354b46f6c7e10fa27ac7"
    assert id_from_text("Storm", "The harbour closed.") == "1b51243d80b54fc2129bd19ea8f8dcaf"
    assert raw_hash(b"storm") == 1441926949


def test_targets() -> None:
    assert targets("7", "src") == [id_from_producer("src", "7")]
    url = "https://example.com/a?utm_source=x"
    assert targets(url, "src") == [id_from_producer("src", url), id_from_url("https://example.com/a")]
    hexes = "0123456789ABCDEF" * 2
    assert targets(hexes, "") == [id_from_producer("", hexes), hexes.lower()]
    assert message('{"title": "Storm", "source": "src", "corrects": " 7 "}').targets == targets("7", "src")


DATES = {
    "2026-02-09": "2026-02-09", " 2026-02-09 ": "2026-02-09", "20260209": "2026-02-09",
    "2026-02-09T10:20:30Z": "2026-02-09T10:20:30Z", "2026-02-09t10:20:30.123456z": "2026-02-09T10:20:30Z",
    "2026-02-09 10:20:30+03:00": "2026-02-09T07:20:30Z", "2026-02-09T01:20+0300": "2026-02-08T22:20:00Z",
    "2026-02-09T10:20:30": "2026-02-09T10:20:30Z", "2026-02-09 10:20:30 UTC": "2026-02-09T10:20:30Z",
    "2016-12-31T23:59:60Z": "2016-12-31T23:59:59Z", "2026-02-09T10:20:30-23:59": "2026-02-10T10:19:30Z",
    "Mon, 09 Feb 2026 10:20:30 +0300": "2026-02-09T07:20:30Z", "9 Feb 2026 10:20 EST": "2026-02-09T15:20:00Z",
    "Mon, 09 Feb 2026 10:20:30 GMT": "2026-02-09T10:20:30Z", "09 Feb 2026": "2026-02-09", "20260209T102030Z": "2026-02-09T10:20:30Z",
    "٢٠٢٦-٠٢-٠٩": "2026-02-09",
    "Sunday, November 29, 2026": "2026-11-29", "Nov. 29th, 2026 at 2:05 p.m.": "2026-11-29T14:05:00Z",
    "Published: 29 November 2026, 12:05 am UTC": "2026-11-29T00:05:00Z", "29 Nov 2026 14:05 +0300": "2026-11-29T11:05:00Z",
    "dimanche 1er mars 2026 à 14h05": "2026-03-01T14:05:00Z", "mar. 24 nov. 2026": "2026-11-24",
    "29 de noviembre de 2026 a las 14:05 h": "2026-11-29T14:05:00Z", "29.11.2026 14:05": "2026-11-29T14:05:00Z",
    "Sonntag, den 29. November 2026, 14.05 Uhr": "2026-11-29T14:05:00Z", "29/11/2026": "2026-11-29", "11/29/2026": "2026-11-29",
    "29 ноября 2026 г., 14:05 мск": "2026-11-29T11:05:00Z", "29 ноября 2026, 14:05": "2026-11-29T14:05:00Z",
    "الأحد 29 نوفمبر 2026": "2026-11-29", "الأحد، ٢٩ تشرين الثاني ٢٠٢٦ - الساعة 2:05 مساء": "2026-11-29T14:05:00Z", "29 نوفمبر 2026 م": "2026-11-29",
    "29 نوفمبر 2026م - 14:05": "2026-11-29T14:05:00Z", "29.11.2026г.": "2026-11-29", "29/11/2026م": "2026-11-29",
}  # fmt: skip


@pytest.mark.parametrize("value", DATES)
def test_date(value: str) -> None:
    assert dates.published(value) == DATES[value]


@pytest.mark.parametrize(
    "value",
    [
        "2026-02-30",
        "2025-02-29",
        "2026-02-09T24:00:00Z",
        "2026-02-09T10:61:00Z",
        "0001-01-01T00:00:00+01:00",
        "2026-02-09T10:00:00+24:00",
        "31 Feb 2026",
        "9 Foo 2026",
        "2026-2-9",
        "yesterday",
        "",
        "2026",
        "1770631200",
        "9 Feb 2026 10:20 ABC",
        "03/04/2026",
        "29 ноября",
        "November 2026",
        "between 3 and 29 November 2026",
        "32 ноября 2026",
        "29 November 2026 and more",
        "29 November 2026, 25:05",
        "29 November 2026, page 5",
        "29 November 2026" + " " * 80 + "x",
    ],
)
def test_no_date(value: str) -> None:
    with pytest.raises(dates.NotADate):
        dates.published(value)


@settings(max_examples=100)
@given(st.datetimes(min_value=datetime(2, 1, 2), max_value=datetime(9998, 1, 1)), st.integers(-1439, 1439))
def test_every_date_is_read(local: datetime, minutes: int) -> None:
    moment = local.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    expected = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    assert dates.published(moment.isoformat()) == expected
    assert dates.published(expected) == expected


def test_date_data() -> None:
    rows = data.rows("articles/dates.tsv")
    for language in ("ar", "en", "ru", "fr", "es", "de"):
        months = [int(row["value"]) for row in rows if (row["what"], row["language"]) == ("month", language)]
        assert months == list(range(1, 13)), language
    meant: dict[str, str] = {}
    for row in rows:
        assert row["what"] in ("month", "am", "pm", "zone", "said")
        assert row["source"]
        for name in map(fold_text, row["names"].split("|")):
            what = f"{row['what']}:{row['value']}"
            assert name
            assert meant.setdefault(name, what) == what or name == fold_text("م"), name  # after noon, or of this era
