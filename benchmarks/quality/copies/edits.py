"""A seeded generator: what editors do to an agency story, and what templates do to facts."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from benchmarks.quality.copies.corpora import Text
from newsfeed.data import rows

CREDITS = {
    "ar": ("(وكالات)", "المصدر: وكالة الأنباء", "تحرير: قسم الأخبار"),
    "ru": ("По материалам агентств", "Редакция новостей", "Фото: архив"),
    "en": ("(Agencies)", "Reporting by our staff", "Photo: archive"),
}
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\w+")


def _sentences(text: Text) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?؟])\s+|\n+", text.body) if part.strip()]


def _with(text: Text, sentences: list[str]) -> Text:
    return replace(text, body="\n".join(sentences))


def reworded(text: Text, rng: random.Random, words: list[str], share: float = 0.07) -> Text:
    """Every word but numbers is swapped with a chance of ``share`` for another of the corpus."""

    def swap(match: re.Match[str]) -> str:
        keep = match[0].isdigit() or rng.random() >= share
        return match[0] if keep else rng.choice(words)

    return replace(text, body=_WORD.sub(swap, text.body))


def dropped(text: Text, rng: random.Random, _: list[str]) -> Text:
    """A fifth of the sentences goes."""
    return _with(text, [part for part in _sentences(text) if rng.random() >= 0.2])


def reordered(text: Text, rng: random.Random, _: list[str]) -> Text:
    """The sentences behind the first change places."""
    first, *rest = _sentences(text)
    rng.shuffle(rest)
    return _with(text, [first, *rest])


def cut(text: Text, rng: random.Random, _: list[str]) -> Text:
    """The first half or so is kept."""
    parts = _sentences(text)
    return _with(text, parts[: max(1, int(len(parts) * rng.uniform(0.4, 0.7)))])


def retitled(text: Text, rng: random.Random, words: list[str]) -> Text:
    """Another title and another credit."""
    title = " ".join(rng.choice(words) for _ in range(8))
    credit = rng.choice(CREDITS[text.language])
    return replace(text, title=title, body=f"{credit}\n{text.body}")


def respelled(text: Text, rng: random.Random, _: list[str]) -> Text:
    """Spelling and marks normalised, as another system would write them."""
    table = str.maketrans({"أ": "ا", "إ": "ا", "ة": "ه", "ى": "ي", "ё": "е", "’": "'", "“": '"', "”": '"'})
    return replace(text, body=text.body.translate(table))


EDITS: dict[str, Callable[[Text, random.Random, list[str]], Text]] = {
    "words changed 7 %": reworded,
    "sentences dropped": dropped,
    "sentences reordered": reordered,
    "cut short": cut,
    "other title and credit": retitled,
    "respelled": respelled,
}


def other_numbers(text: Text, rng: random.Random, _: list[str]) -> Text | None:
    """The same words, every number another; None where there are fewer than three."""
    if len(set(_NUMBER.findall(text.title + " " + text.body))) < 3:
        return None

    def renumber(field: str) -> str:
        return _NUMBER.sub(lambda match: str(int(match[0][:9]) + rng.randint(1, 97)), field)

    return replace(text, title=renumber(text.title), body=renumber(text.body))


def other_name(text: Text, rng: random.Random, words: list[str]) -> Text | None:
    """A name of the title that stands twice in the body gives way to another one throughout. Names are told by their capitals
    where the script has them, else by the gazetteer, with the particles that Arabic writes on to them."""
    return _other_known_name(text, rng) if text.language == "ar" else _other_capital_name(text, rng, words)


def _other_capital_name(text: Text, rng: random.Random, words: list[str]) -> Text | None:
    times = Counter(_WORD.findall(text.body))
    named = [word for word in _WORD.findall(text.title) if len(word) > 4 and times[word] >= 2]
    names = [word for word in named if word[0].isupper() and word.lower() not in text.body]
    others = [word for word in words if len(word) > 4 and word not in text.body and word[0].isupper()]
    if not names or not others:
        return None
    name, other = max(names, key=len), rng.choice(others)
    whole = re.compile(rf"\b{re.escape(name)}\b")
    return replace(text, title=whole.sub(other, text.title), body=whole.sub(other, text.body))


@cache
def _arabic_names() -> dict[str, list[str]]:
    """The Arabic names of each kind that the gazetteer holds."""
    return {
        part: sorted({
            name.strip()
            for row in rows(f"actors/{part}.tsv")
            for name in (row["name_ar"], *row["alias_ar"].split("|"))
            if len(name.strip()) > 3
        })
        for part in ("countries", "cities", "organisations", "groups", "people", "own_cities", "own_people", "own_organisations")
    }  # fmt: skip


@cache
def _arabic(name: str) -> re.Pattern[str]:
    """The name as a whole word, behind the particles و ف ب ك ل; ل and the article ال become لل."""
    bare = name.removeprefix("ال")
    forms = f"([وف]?[بك]?){name}" + (f"|([وف]?ل)ل{bare}" if bare != name else f"|([وف]?ل){name}")
    return re.compile(rf"(?<!\w)(?:{forms})(?!\w)")


def _other_known_name(text: Text, rng: random.Random) -> Text | None:
    chosen = [
        (name, part)
        for part, names in _arabic_names().items()
        for name in names
        if name.removeprefix("ال") in text.title
        and _arabic(name).search(text.title)
        and len(_arabic(name).findall(text.body)) >= 2
    ]
    if not chosen:
        return None
    name, part = max(chosen, key=lambda item: len(item[0]))
    other = rng.choice([each for each in _arabic_names()[part] if each not in text.body + text.title])

    def swap(found: re.Match[str]) -> str:
        if found[2] is None:
            return f"{found[1]}{other}"
        return f"{found[2]}ل{other[2:]}" if other.startswith("ال") else f"{found[2]}{other}"

    made = replace(text, title=_arabic(name).sub(swap, text.title), body=_arabic(name).sub(swap, text.body))
    left = name.removeprefix("ال") in f"{made.title} {made.body}"  # an adjective made of it would tell another tale
    return None if left else made


TWINS: dict[str, Callable[[Text, random.Random, list[str]], Text | None]] = {
    "other numbers": other_numbers,
    "another name": other_name,
}


def vocabulary(texts: list[Text]) -> list[str]:
    """Words of the corpus to swap in, each as often as it stands there."""
    return [word for text in texts[:2000] for word in _WORD.findall(text.body) if len(word) > 2][:50_000]
