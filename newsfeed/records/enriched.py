"""The enriched event: a cleaned original with its actors, topics and relations, each with its proof in the text."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from newsfeed.records.article import Article
from newsfeed.records.position import Field, Span
from newsfeed.records.verdict import Verdict

ActorType = Literal["country", "region", "organisation", "group", "person"]


class Mention(Struct, frozen=True, kw_only=True):
    """One place where an actor is named; role ``location`` where it is only the scene."""

    field: Field
    start: int
    end: int
    text: str
    role: Literal["actor", "location"] = "actor"


class Actor(Struct, frozen=True, kw_only=True):
    """Who is in the news.

    Attributes:
        id: ``wd:Q…`` where Wikidata has it, else ``nf:…``.
        name: English label.
        country: ISO 3166-1 alpha-2. code: CAMEO/PLOVER style, capitals and digits.
        role: a person's role as the text says it; organisation: the actor id of where they serve.
        salience: 0-1. count: all mentions; mentions holds at most 20 of them.
    """

    id: str
    type: ActorType
    name: str
    country: str | None = None
    code: str | None = None
    role: str | None = None
    organisation: str | None = None
    salience: float
    count: int
    mentions: list[Mention]


class Topic(Struct, frozen=True, kw_only=True):
    """What it is about: an IPTC Media Topic (or ``nf:…``), its ancestors top term first, a calibrated score, the words that decided."""

    id: str
    name: str
    path: list[str]
    score: float
    evidence: list[Span]


class Relation(Struct, frozen=True, kw_only=True):
    """Who said it, or who met whom: actor ids and the span of the quotation or phrase."""

    type: Literal["said", "with"]
    who: str
    whom: str | None = None
    field: Field
    start: int
    end: int
    text: str


class Unique(Struct, frozen=True, kw_only=True):
    """A cleaned article to be published, with its verdict, on its way to the tagger (internal)."""

    article: Article
    verdict: Verdict


class Enriched(Struct, frozen=True, kw_only=True):
    """An original, update, correction or withdrawal: cleaned, tagged, explained. A withdrawal has empty text and no tags.

    Attributes:
        not_news: None for news; else what it is (horoscope, listing, recipe, programme, advertisement, classified).
        rules: content hash of the rules and data that tagged it.
    """

    article_id: str
    version: int | None
    url: str | None
    source: str
    language: str | None
    published: str | None
    title: str
    body: str
    authors: list[str] = []
    verdict: Verdict
    actors: list[Actor] = []
    topics: list[Topic] = []
    relations: list[Relation] = []
    not_news: str | None = None
    rules: str = ""
    notes: list[str] = []
