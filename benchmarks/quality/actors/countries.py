"""Mentions of countries, span by span: names, nationalities, seats of government and capitals that stand for them.

Own sentences, marked by hand (``benchmarks/gold/countries``), give precision and recall in each language. The Russian and Arabic
name corpora mark places but not which are countries: there the spans that are a name of the table of countries (most of them
from Unicode CLDR) are asked for, so their recall says what the rules refuse and not which names the table lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.quality.actors.load import Gold
from benchmarks.quality.actors.score import Score
from newsfeed.actors import ActorTagger
from newsfeed.actors.table import own
from newsfeed.text import Document, fold_text

FOLDER = Path(__file__).resolve().parents[2] / "gold" / "countries"
LANGUAGES = ("ar", "en", "ru", "fr", "es", "de")
_MARK = re.compile(r"\[([A-Z]{2}) ([^\]]+)\]")
_CLITICS = ("", "و", "ب", "ل", "ك", "ف", "وب", "ول")


@dataclass
class Marked:
    """A text and the countries (alpha-2) its author marked: (code, start, end) in code points."""

    text: str
    language: str
    spans: list[tuple[str, int, int]] = field(default_factory=list)


def sentences(language: str, part: str) -> Iterator[Marked]:
    """The own sentences of a language; every second one is ``test``."""
    lines = [
        line
        for line in (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines()
        if line and line[0] != "#"
    ]
    for line in lines[part == "test" :: 2]:
        text, last, marked = "", 0, Marked("", language)
        for match in _MARK.finditer(line):
            text += line[last : match.start()]
            marked.spans.append((match[1], len(text), len(text) + len(match[2])))
            text += match[2]
            last = match.end()
        marked.text = text + line[last:]
        yield marked


def score(tagger: ActorTagger, texts: Iterable[Marked]) -> Score:
    """A city that nobody marked is not judged: whether it stands for its country is a matter of role."""
    one = Score()
    for text in texts:
        document = Document("", text.text, text.language)
        home = {actor.id: (actor.country, actor.type) for actor in tagger.tag(document).actors}
        found = [(*home[m.id], m.start, m.end, m) for m in tagger.explain(document)]
        for country, kind, start, end, mention in found:
            right = any(country == code and start < last and first < end for code, first, last in text.spans)
            if kind != "country" or ("cities.tsv" in mention.row and not right):
                continue
            one.predicted += 1
            one.right += right
            if not right:
                one.wrong.append(f"{mention.text!r} as {country} in {text.text!r}")
        for code, first, last in text.spans:
            one.gold += 1
            if any(country == code and start < last and first < end for country, _, start, end, _ in found):
                one.found += 1
            else:
                one.missed.append(f"{text.text[first:last]!r} ({code}) in {text.text!r}")
    return one


def listed(tagger: ActorTagger, golds: Iterable[Gold]) -> Score:
    """Of the places of a name corpus the ones the table calls a country; a found country's name is right where a place or institution is marked."""
    one = Score()
    for gold in golds:
        document = Document("", gold.text, gold.language)
        kinds = {actor.id: actor.type for actor in tagger.tag(document).actors}
        found = tagger.explain(document)
        places = [span for span in gold.spans if span[0] in ("LOC", "ORG")] + gold.inner
        for mention in found:
            if kinds[mention.id] != "country" or "countries.tsv" not in mention.row:
                continue
            one.predicted += 1
            right = any(mention.start < end and start < mention.end for _, start, end in places)
            one.right += right
            if not right:
                one.wrong.append(
                    f"{gold.name}: {mention.text!r} in {gold.text[max(0, mention.start - 30) : mention.end + 30]!r}"
                )
        for kind, start, end in gold.spans:
            if kind != "LOC" or not _is_country(gold.text[start:end], gold.language):
                continue
            one.gold += 1
            if any(mention.start < end and start < mention.end for mention in found):
                one.found += 1
            else:
                one.missed.append(
                    f"{gold.name}: {gold.text[start:end]!r} in {gold.text[max(0, start - 30) : end + 30]!r}"
                )
    return one


_NAMES: dict[str, frozenset[str]] = {}


def _is_country(text: str, language: str) -> bool:
    """Whether it is the name of a country; Russian in any case (the stem of every word), Arabic with small words before it."""
    if language not in _NAMES:
        names = [
            name
            for row in own("countries.tsv")
            for name in (row[f"name_{language}"], *row[f"alias_{language}"].split("|"))
            if len(name) > 1
        ]
        _NAMES[language] = frozenset(_stem(fold_text(name), language) for name in names)
    folded = fold_text(text)
    if language == "ar":
        return any(folded.startswith(small) and folded[len(small) :] in _NAMES["ar"] for small in _CLITICS) or (
            folded.startswith("لل") and "ال" + folded[2:] in _NAMES["ar"]
        )
    return _stem(folded, language) in _NAMES[language]


def _stem(folded: str, language: str) -> str:
    if language != "ru":
        return folded
    return " ".join(re.sub(r"(?:иями|ями|ами|ией|иях|ого|ому|ой|ей|ою|ую|ая|ия|ии|ию|ом|ем|ах|ях|ые|ых|а|я|у|ю|е|ы|и|ь|й)$", "", word) if len(word) > 4 else word for word in folded.split(" "))  # fmt: skip
