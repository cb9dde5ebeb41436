"""What a value of ``actor:`` and ``topic:`` can mean: ids, codes, countries, and names in any language of the data files."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from newsfeed import data
from newsfeed.subscriptions.errors import QueryError, nearest, shown
from newsfeed.text import fold_text

Resolve = Callable[[str], list[str]]
_ACTOR_TABLES = (  # the gazetteer's without cities, which stand for their country
    "countries",
    "regions",
    "organisations",
    "groups",
    "people",
    "own_countries",
    "own_organisations",
    "own_groups",
    "own_people",
    "own_history",
    "own_business",
)
_LANGUAGES = ("en", "ar", "ru", "fr", "es", "de")
_TOPIC_NAMES = ("key", "name", "ar", "fr", "es", "de", "ru")
_QID = re.compile(r"(?:wd:)?(Q[1-9][0-9]{0,14})\Z", re.IGNORECASE)
_OWN_ID = re.compile(r"nf:[a-z0-9][a-z0-9._-]{0,119}\Z")
_CODE = re.compile(r"[A-Z][A-Z0-9]{2,23}\Z")
_TOPIC_ID = re.compile(r"(?:medtop:)?([0-9]{8})\Z")


@cache
def _actor_names() -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """(folded name -> ids, ISO alpha-2 codes) of the gazetteer's tables."""
    found: dict[str, dict[str, None]] = {}
    countries: set[str] = set()
    for table in _ACTOR_TABLES:
        for row in data.rows(f"actors/{table}.tsv"):
            if row["type"] == "country" and row["country"]:
                countries.add(row["country"])
            for language in _LANGUAGES:
                written = [row[f"name_{language}"], *row[f"alias_{language}"].split("|")]
                for name in filter(None, written):
                    found.setdefault(fold_text(name), {})[row["id"]] = None
    return {name: tuple(ids) for name, ids in found.items()}, frozenset(countries)


@cache
def _topic_names() -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """(folded name -> ids, ids) of the topics."""
    rows = data.rows("subjects/topics.tsv")
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        for name in filter(None, (row[column] for column in _TOPIC_NAMES)):
            found.setdefault(fold_text(name), {})[row["id"]] = None
    return {name: tuple(ids) for name, ids in found.items()}, frozenset(row["id"] for row in rows)


@cache
def _actor_ids() -> frozenset[str]:
    return frozenset(identity for ids in _actor_names()[0].values() for identity in ids)


def is_actor(identity: str) -> bool:
    """Whether the data files have an actor of that id, as in ``wd:Q159``."""
    return identity in _actor_ids()


def is_topic(identity: str) -> bool:
    """Whether the data files have a topic of that id, as in ``medtop:20000639``."""
    return identity in _topic_names()[1]


def actor_value(value: str, column: int, resolve: Resolve | None = None) -> frozenset[str]:
    """The keys of an actor as a user names it.

    A Wikidata id (``Q159``, ``wd:Q159``) or own id (``nf:…``) is that actor. Two letters of ISO 3166-1 are the country and the
    institutions of its government. Capitals and digits are a code or its beginning (``RUSGOV`` finds ``RUSGOVMFA``), or a
    name such as ``NATO``. Anything else is a name: one of the data files' in any language, the actor's English label,
    a person's last name, or the words it is named by in the article.
    """
    if value == "*":
        return frozenset({"actor:*"})
    if qid := _QID.match(value):
        return frozenset({f"actor:wd:{qid[1].upper()}"})
    if _OWN_ID.match(value):
        return frozenset({f"actor:{value}"})
    names, countries = _actor_names()
    if len(value) == 2 and value.upper() in countries:
        return frozenset({f"actor:country:{value.upper()}"})
    folded = fold_text(value)
    if not folded:
        raise QueryError(
            f"{shown(value)} names no actor",
            column,
            "write a name, a QID, a country code such as RU, or a code such as RUSGOV",
        )
    keys = {f"actor:name:{folded}"}
    keys.update(f"actor:{identity}" for identity in names.get(folded, ()))
    if resolve is not None:
        keys.update(f"actor:{identity}" for identity in resolve(value))
    if _CODE.match(value):
        keys.add(f"actor:code:{value}")
    return frozenset(keys)


def topic_value(value: str, column: int) -> frozenset[str]:
    """The keys of a topic by id (``medtop:20000639``, ``20000639``, ``nf:…``) or by name in any language; descendants have them too."""
    if value == "*":
        return frozenset({"topic:*"})
    if number := _TOPIC_ID.match(value):
        return frozenset({f"topic:medtop:{number[1]}"})
    if _OWN_ID.match(value):
        return frozenset({f"topic:{value}"})
    names, _ = _topic_names()
    folded = fold_text(value)
    if folded not in names:
        raise QueryError(
            f"no topic is called {shown(value)}",
            column,
            nearest(folded, names) or "write an id such as medtop:20000639",
        )
    return frozenset(f"topic:{identity}" for identity in names[folded])
