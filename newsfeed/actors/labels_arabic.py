"""The English label of an Arabic body that no table has, made of what its words mean: "Lebanese Medical Association", "University of Tehran"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from newsfeed.actors.latin import Spellings, label
from newsfeed.actors.passage import Passage
from newsfeed.actors.table import own
from newsfeed.text import fold_text

_LONGEST = 2  # words of a phrase
_FEMININE = ("يه", "ه")


class _Told(NamedTuple):
    """A word of the body.

    Attributes:
        text: as folded. latin: in Latin letters, for one that is not known. nation: alpha-2 code of the country whose nationality
            it is, "" for none. place: the name of the place it is, "" for none.
    """

    text: str
    latin: str
    nation: str = ""
    place: str = ""


def english(passage: Passage, start: int, words: list[str], spellings: Spellings) -> str | None:
    """The label, None where the first word of the body is not known.

    Args:
        words: of the body, as they stand from word ``start`` of the field on, the first without clitics.
    """
    told, at = [], 0
    while at < len(words):
        hit = passage.at.get(start + at)
        nation = hit.of("nationality") if hit is not None else None
        place = hit.of("name", "city", "capital") if hit is not None and nation is None else None
        told.append(
            _Told(
                fold_text(words[at]),
                label([_unjoined(words[at])], spellings),
                nation.entity.country if nation is not None and nation.entity is not None else "",
                place.entity.name if place is not None and place.entity is not None else "",
            )
        )
        at = hit.end - start if place is not None and hit is not None else at + 1
    return _composed(told)


def _unjoined(word: str) -> str:
    """Without "and", and with the whole article behind "of"."""
    return word[1:] if word.startswith("وال") else f"ال{word[2:]}" if word.startswith("لل") else word


def _composed(words: list[_Told]) -> str | None:
    found, before = _phrase("of", words), True
    if found is None:
        found, before = _phrase("head", words), False
    if found is None:
        return None
    head, at = found
    nations: list[str] = []
    adjectives: list[str] = []
    nouns: list[str] = []
    places: list[str] = []
    while at < len(words):
        word = words[at]
        joined = "and " if nouns and word.text.startswith("وال") else ""
        if word.nation in _demonyms():
            nations.append(_demonyms()[word.nation])
            at += 1
        elif found := _phrase("noun", words[at:]):
            nouns.append(joined + found[0])
            at += found[1]
        elif adjective := _adjective(word.text):
            adjectives.append(adjective)
            at += 1
        elif word.place:
            places.append(word.place)
            at += 1
        else:
            nouns.append(joined + word.latin)
            at += 1
    of = f"of {' '.join(nouns)}" if nouns and before else ""
    parts = [*nations, *adjectives, *([] if before else nouns), head, of, *(f"of {place}" for place in places)]
    return " ".join(filter(None, parts))


def _phrase(kind: str, words: list[_Told]) -> tuple[str, int] | None:
    """The English of the longest phrase of a kind that the words begin with, and how many words it has."""
    for size in range(min(_LONGEST, len(words)), 0, -1):
        if found := _table(kind).get(_bare([word.text for word in words[:size]])):
            return found, size
    return None


def _adjective(word: str) -> str:
    bare = _bare([word])
    forms = [
        bare,
        *(bare.removesuffix(ending) + ("ي" if ending == "يه" else "") for ending in _FEMININE if bare.endswith(ending)),
    ]
    return next((found for form in forms if (found := _table("adjective").get(form))), "")


def _bare(words: Sequence[str]) -> str:
    """Words without "and", "of" and the article."""
    return " ".join(map(_stripped, words))


def _stripped(word: str) -> str:
    for clitic in ("وال", "ولل", "لل", "ال"):
        if word.startswith(clitic) and len(word) > len(clitic) + 1:
            return word[len(clitic) :]
    return word


@cache
def _table(kind: str) -> dict[str, str]:
    return {
        _bare(fold_text(row["arabic"]).split()): row["english"] for row in own("labels_ar.tsv") if row["kind"] == kind
    }


@cache
def _demonyms() -> dict[str, str]:
    """Alpha-2 code of a country -> its English adjective."""
    out: dict[str, str] = {}
    for row in own("nationalities.tsv"):
        if row["language"] == "en" and row["kind"] == "adj":
            out.setdefault(row["country"], row["forms"].partition("|")[0])
    return out
