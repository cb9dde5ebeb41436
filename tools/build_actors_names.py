"""Make ``newsfeed/data/actors/names.tsv``: given names and surnames that tell a person from a thing.

Usage: python tools/build_actors_names.py
Needs the packages faker (MIT) and pymorphy3 (MIT; Russian cases). Hand-written additions stand in ``own_names.tsv`` beside the result.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pymorphy3

DATA = Path(__file__).parents[1] / "newsfeed" / "data" / "actors"
LATIN = [
    "en_US",
    "en_GB",
    "en_IE",
    "en_IN",
    "en_NG",
    "en_PK",
    "fr_FR",
    "fr_BE",
    "es_ES",
    "es_MX",
    "es_AR",
    "es_CL",
    "de_DE",
    "de_AT",
    "it_IT",
    "pt_BR",
    "nl_NL",
    "tr_TR",
    "pl_PL",
    "sv_SE",
    "no_NO",
    "da_DK",
    "fi_FI",
    "cs_CZ",
    "hu_HU",
    "ro_RO",
    "hr_HR",
    "fr_DZ",
]
SURNAMES = ["en_US", "en_GB", "fr_FR", "es_ES", "es_MX", "de_DE", "it_IT"]
MORPH = pymorphy3.MorphAnalyzer()


def names(locale: str, *lists: str) -> list[str]:
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    found: list[str] = []
    for name in lists:
        value = getattr(provider, name, ())
        found += [] if isinstance(value, property) else [str(n) for n in value]
    return [name.strip() for name in found]


def given(locale: str) -> list[str]:
    return names(locale, "first_names", "first_names_male", "first_names_female")


def decline(lemma: str) -> dict[str, str]:
    out = {lemma: lemma}
    for parse in MORPH.parse(lemma.lower()):
        if "nomn" in parse.tag and ({"Name", "Surn", "Patr"} & set(parse.tag.grammemes)):
            for form in parse.lexeme:
                if "sing" in form.tag and (form.tag.gender == parse.tag.gender or parse.tag.gender is None):
                    word = "-".join(part.capitalize() for part in form.word.split("-"))
                    out.setdefault(word, lemma)
            break
    else:
        if re.search("[бвгдзклмнпрстфхцчшщж]$", lemma):
            for ending in ("а", "у", "ом", "е"):
                out.setdefault(lemma + ending, lemma)
    return out


def own(kind: str) -> list[tuple[str, str]]:
    lines = [
        line.split("\t")
        for line in (DATA / "own_names.tsv").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    return [(languages, name) for kind_, languages, words, _ in lines[1:] if kind_ == kind for name in words.split(" ")]


def main() -> None:
    weak = {
        language: [n for languages, n in own("weak") if language in languages.split("|")]
        for language in ("en", "ru", "ar")
    }
    stop = {name for found in weak.values() for name in found}
    rows: list[tuple[str, str, list[str], str]] = []
    latin: dict[str, None] = {}
    for locale in LATIN:
        latin |= dict.fromkeys(
            n for n in given(locale) if re.fullmatch(r"[^\W\d_]{3,}(?:-[^\W\d_]+)?", n) and n[0].isupper()
        )
    latin |= dict.fromkeys(n for languages, n in own("given") if "en" in languages)
    rows.append(("given", "en|fr|es|de", [n for n in latin if n not in stop], "faker|own"))
    family: dict[str, None] = {}
    for locale in SURNAMES:
        family |= dict.fromkeys(
            n
            for n in names(locale, "last_names")
            if re.fullmatch(r"[^\W\d_]{3,}", n) and n[0].isupper() and n not in latin
        )
    rows.append(("surname", "en|fr|es|de", [n for n in family if n not in stop], "faker|own"))
    russian: dict[str, str] = {}
    for lemma in [*given("ru_RU"), *(n for languages, n in own("given") if "ru" in languages)]:
        if lemma not in stop:
            for form, of in decline(lemma).items():
                russian.setdefault(form, of)
    rows.append(
        (
            "given",
            "ru",
            [form if form == lemma else f"{form}={lemma}" for form, lemma in russian.items()],
            "faker|pymorphy3|own",
        )
    )
    arabic: dict[str, None] = {}
    for name in [*given("ar_AA"), *given("ar_DZ")]:
        plain = re.sub("[\u064b-\u0652]", "", name)
        if " " not in plain and len(plain) > 2:
            arabic[plain] = None  # many are words of the language: weak unless own_names.tsv has them
    sure = dict.fromkeys(n for languages, n in own("given") if "ar" in languages)
    weak["ar"] += [n for n in arabic if n not in sure and n not in weak["ar"]]
    arabic = dict.fromkeys(sure)
    rows.append(("given", "ar", [n for n in arabic if n not in stop], "faker|own"))
    rows.append(("weak", "en|fr|es|de", [n for n in weak["en"] if n[0].isupper()], "own"))
    family_ar = [
        re.sub("[\u064b-\u0652]", "", n)
        for locale in ("ar_AA", "ar_PS", "ar_DZ")
        for n in names(locale, "last_names")
        if " " not in n and len(n) > 3
    ]
    rows.append(
        (
            "surname",
            "ar",
            list(dict.fromkeys([*family_ar, *(n for languages, n in own("surname") if languages == "ar")])),
            "faker|own",
        )
    )
    rows.append(("weak", "ar", list(dict.fromkeys(weak["ar"])), "own"))
    head = "# Names of people, separated by spaces (form=nominative where they differ, _ for a space within). kind: given | weak (also a word) | surname.\n# Made by tools/build_actors_names.py from faker (MIT), pymorphy3 (MIT) and own_names.tsv.\n"
    body = [f"{kind}\t{languages}\t{' '.join(words)}\t{source}" for kind, languages, words, source in rows]
    (DATA / "names.tsv").write_text(
        head + "kind\tlanguages\tnames\tsource\n" + "\n".join(body) + "\n", encoding="utf-8"
    )
    print([(row[0], row[1], len(row[2])) for row in rows])


if __name__ == "__main__":
    main()
