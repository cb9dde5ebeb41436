"""The small words of each language that composition and name rules read (``grammar.tsv``)."""

from __future__ import annotations

from dataclasses import dataclass, fields

from newsfeed.actors.entry import LANGUAGES
from newsfeed.actors.table import ActorDataError, own
from newsfeed.text import fold_text


@dataclass(frozen=True, slots=True)
class Grammar:
    """Folded words of one language by what they do; the head of ``grammar.tsv`` says what each class is. Endings are tuples, as
    ``str.endswith`` asks for them."""

    joins: frozenset[str]
    of: frozenset[str]
    article: frozenset[str]
    inside: frozenset[str]
    partner: frozenset[str]
    between: frozenset[str]
    particle: frozenset[str]
    deputy: frozenset[str]
    direction: frozenset[str]
    across: frozenset[str]
    weight: frozenset[str]
    common: frozenset[str]
    sure: frozenset[str]
    second: frozenset[str]
    construct: frozenset[str]
    adjective: frozenset[str]
    honoured: frozenset[str]
    that: frozenset[str]
    negation: frozenset[str]
    backed: frozenset[str]
    definite: frozenset[str]
    clause: frozenset[str]
    noun_article: frozenset[str]
    union: frozenset[str]
    noun_end: tuple[str, ...]
    place_begin: frozenset[str]
    thing_begin: frozenset[str]
    no_town: frozenset[str]
    named_place: frozenset[str]
    bearer: frozenset[str]
    thing: frozenset[str]
    dotted: frozenset[str]
    behind_particle: frozenset[str]
    body_end: tuple[str, ...]
    title_end: tuple[str, ...]
    legal: frozenset[str]
    each: frozenset[str]
    ordinal: frozenset[str]
    nasab: frozenset[str]
    kunya: frozenset[str]
    theophoric: frozenset[str]
    of_god: tuple[str, ...]
    native_begin: frozenset[str]
    native_end: tuple[str, ...]
    foreign_end: tuple[str, ...]


_CLASSES = {
    "joins": "and",
    "inside": "in",
    "partner": "with",
    "negation": "not",
}  # words Python or a reader would stumble over
CLASSES = {_CLASSES.get(one.name, one.name): one.name for one in fields(Grammar)}
_ENDINGS = frozenset({"noun_end", "body_end", "title_end", "of_god", "native_end", "foreign_end"})


def grammars() -> dict[str, Grammar]:
    """One grammar a language."""
    found: dict[str, dict[str, frozenset[str]]] = {language: {} for language in LANGUAGES}
    for row in own("grammar.tsv"):
        name = CLASSES.get(row["class"])
        if name is None or row["language"] not in found:
            raise ActorDataError("grammar.tsv", int(row.place.partition(":")[2]), "class", f"no class {row['class']!r}")
        words = frozenset(word for form in row["words"].split("|") for word in [fold_text(form)] if word)
        by_name = found[row["language"]]
        by_name[name] = by_name.get(name, frozenset()) | words
    return {language: _grammar(by_name) for language, by_name in found.items()}


def _grammar(words: dict[str, frozenset[str]]) -> Grammar:
    sets = {name: words.get(name, frozenset()) for name in CLASSES.values()}
    ends = {name: tuple(sorted(sets.pop(name))) for name in _ENDINGS}
    return Grammar(
        **sets,
        noun_end=ends["noun_end"],
        body_end=ends["body_end"],
        title_end=ends["title_end"],
        of_god=ends["of_god"],
        native_end=ends["native_end"],
        foreign_end=ends["foreign_end"],
    )
