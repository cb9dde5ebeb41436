"""The fields a query can ask, and the clause each makes of a value."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from itertools import product

from newsfeed.subscriptions import quoting
from newsfeed.subscriptions.clauses import Leaf, Role, Score, Tag, Words
from newsfeed.subscriptions.errors import QueryError, nearest, shown
from newsfeed.subscriptions.names import Resolve, actor_value, topic_value
from newsfeed.subscriptions.spellings import spellings
from newsfeed.text import fold_text

TEXT_FIELDS = ("text", "title", "body")
TAG_FIELDS = ("actor", "topic", "role", "language", "source", "kind")
RANGE_FIELDS = ("score", "salience")
FIELDS = (*TEXT_FIELDS, *TAG_FIELDS, *RANGE_FIELDS)
PREFIXES = {"actor": ("wd", "nf"), "topic": ("medtop", "nf")}  # of ids, before a colon
KINDS = ("original", "update", "correction", "withdrawal")
MAX_PHRASE = 32
MAX_SLOP = 100
MAX_SPELLINGS = 16
_STARRED = re.compile(r"\w(\*)(?!\S)")
_LANGUAGE = re.compile(r"[a-z]{2}\Z")


def words_clause(
    field: str, words: str, column: int, *, quoted: bool = False, slop: int = 0, prefix: bool = False
) -> Words:
    """A clause about the text. ``words`` is what the user wrote, without quotes or star.

    Raises:
        QueryError: nothing to look for, a prefix too short, or more words than a phrase may have.
    """
    pieces = [spellings(piece) for piece in words.split()]
    slots: list[tuple[str, ...]] = []
    for piece in pieces:
        split = [form.split(" ") for form in piece if form]
        if split and any(len(form) != len(split[0]) for form in split):
            split = split[:1]
        slots += [tuple(dict.fromkeys(form[at] for form in split)) for at in range(len(split[0]) if split else 0)]
    if not slots:
        advice = {"&&": "write AND", "||": "write OR"}.get(words, "write a word")
        raise QueryError(f"{shown(words)} has neither letters nor digits", column, advice)
    if len(slots) > MAX_PHRASE:
        raise QueryError(f"a phrase of {len(slots)} words is too long", column, f"at most {MAX_PHRASE} words")
    if quoted and (star := _STARRED.search(words)):
        raise QueryError(
            "a wildcard within quotation marks is not searched for",
            column + 1 + star.start(1),
            "write gas* without them",
        )
    if not 0 <= slop <= MAX_SLOP:
        raise QueryError(f"a distance of {slop} is out of range", column, f"0 to {MAX_SLOP}")
    if prefix and (len(slots) > 1 or min(map(len, slots[0])) < 2):
        raise QueryError(
            f"{shown(words + '*')} is no prefix to search by", column, "at least two letters of one word, as in gas*"
        )
    count = math.prod(map(len, slots))
    phrases = (
        tuple(map(" ".join, product(*slots))) if count <= MAX_SPELLINGS else (" ".join(slot[0] for slot in slots),)
    )
    if len(phrases) != count:
        slots = [slot[:1] for slot in slots]
    slop = slop if len(slots) > 1 else 0
    value = quoting.in_quotes(words) if quoted else quoting.escaped(words)
    value += "*" if prefix else f"~{slop}" if slop else ""
    return Words(field, value, tuple(slots), slop, prefix, phrases)


def tag_clause(field: str, value: str, column: int, *, resolve: Resolve | None = None) -> Leaf:
    """A clause about a tag or property.

    Raises:
        QueryError: the value cannot be one of the field's.
    """
    try:
        if field == "actor":
            keys = _actor(value) if resolve is None else actor_value(value, 1, resolve)
            return Tag(field, quoting.tag(value), keys)
        return _property(field, value)
    except QueryError as error:
        raise QueryError(error.reason, column, error.suggestion) from None


@lru_cache(maxsize=65_536)
def _actor(value: str) -> frozenset[str]:
    return actor_value(value, 1)


@lru_cache(maxsize=65_536)
def _property(field: str, value: str) -> Leaf:
    written, column = quoting.tag(value), 1
    if field == "topic":
        return Tag(field, written, topic_value(value, column))
    if field == "role":
        folded = fold_text(value)
        if not folded and value != "*":
            raise QueryError(f"{shown(value)} has neither letters nor digits", column, "write a word of the role")
        return Role(written, folded)
    lowered = value.casefold().strip()
    if field == "kind" and lowered not in KINDS:
        raise QueryError(
            f"there is no kind {shown(value)}", column, nearest(value, KINDS) or f"one of {', '.join(KINDS)}"
        )
    if field == "language" and lowered != "*" and not _LANGUAGE.match(lowered):
        raise QueryError(f"{shown(value)} is no language", column, "two letters of ISO 639-1, as in ar")
    if not lowered:
        raise QueryError(f"{field} without a value", column)
    if field == "source" and "://" in lowered:
        raise QueryError(f"{shown(value)} is no source", column, "write its host, as in source:example.com")
    keys = {f"{field}:{lowered}"}
    if field == "source" and (folded := fold_text(value)):
        keys.add(f"source:name:{folded}")
    return Tag(field, written, frozenset(keys))


def range_clause(field: str, low: str, high: str, column: int, *, low_in: bool = True, high_in: bool = True) -> Score:
    """A clause about a number; ``*`` is an open end.

    Raises:
        QueryError: an end is no number, or they stand the wrong way round.
    """
    ends: list[float] = []
    for text, open_end in ((low, -math.inf), (high, math.inf)):
        try:
            ends.append(open_end if text == "*" else float(text))
        except ValueError:
            ends.append(math.nan)
        if math.isnan(ends[-1]) or (math.isinf(ends[-1]) and text != "*"):
            raise QueryError(f"{shown(text)} is no number", column, f"as in {field}:[0.5 TO *]")
    if ends[0] > ends[1]:
        raise QueryError(
            f"the range from {shown(low)} to {shown(high)} is empty", column, "the smaller number stands first"
        )
    if ends[0] > 1 or ends[1] < 0:
        raise QueryError(f"{field} lies between 0 and 1", column)
    low_in, high_in = low_in or low == "*", high_in or high == "*"
    first, last = ("*" if math.isinf(end) else repr(end) for end in ends)
    value = f"{'[' if low_in else '{'}{first} TO {last}{']' if high_in else '}'}"
    return Score(field, value, ends[0], ends[1], low_in, high_in)


def check_field(name: str, column: int) -> None:
    """Refuse a field that does not exist, with the nearest that does."""
    if name not in FIELDS:
        ids = {"wd": "actor", "medtop": "topic", "nf": "topic"}
        advice = f"write {ids[name]}:{name}:…" if name in ids else nearest(name, FIELDS)
        raise QueryError(f"there is no field {shown(name)}", column, advice or f"fields are {', '.join(FIELDS)}")
