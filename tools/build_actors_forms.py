"""Expand the inflected forms the gazetteer matches: ``nationalities.tsv`` and ``forms_ru.tsv`` of ``newsfeed/data/actors``.

Usage: python tools/build_actors_forms.py REFERENCE_FOLDER

Nationality adjectives and nouns come from ``entities/country_forms.tsv`` of the reference folder and from ``demonyms.tsv`` beside the
results, inflected here by the rules of each language; Russian names are declined by pymorphy3 (MIT; OpenCorpora morphology).
Run it after every change of a Russian name; the result is committed, so nothing is declined at run time.
"""

from __future__ import annotations

import csv
import re
import sys
from itertools import product
from pathlib import Path

import pymorphy3

DATA = Path(__file__).parents[1] / "newsfeed" / "data" / "actors"
CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")
MORPH = pymorphy3.MorphAnalyzer()


def read(path: Path) -> list[dict[str, str]]:
    lines = [
        line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")
    ]
    header = lines[0].split("\t")
    return [dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:]]


# --- nationality forms by language ---------------------------------------------------------------
def arabic(male: str) -> list[str]:
    """A nisba adjective in all genders, numbers, cases, bare and definite (two-word ones agree in both words)."""
    endings = ["", "ة", "ان", "ين", "تان", "تين", "ون", "ات", "ا"]
    words = male.split(" ")
    out = []
    for article, ending in product(("", "ال"), endings):
        if article and ending == "ا":
            continue
        out.append(" ".join(article + word + ending for word in words) if all(w.endswith("ي") for w in words) else "")
        if len(words) == 2 and not words[0].endswith("ي"):  # جنوب أفريقي
            out.append(f"{article}{words[0]} {words[1]}{ending}")
            out.append(f"{words[0]} {article}{words[1]}{ending}")
    if len(words) == 1 and not male.endswith("ي"):
        out += [article + male + ending for article in ("", "ال") for ending in endings]
    return [form for form in out if form]


def russian_adjective(lemma: str) -> list[str]:
    if lemma.endswith(("ский", "цкий")):
        stem = lemma[:-2]
        return [stem + e for e in ("ий", "ого", "ому", "им", "ом", "ая", "ой", "ую", "ое", "ие", "их", "ими")]
    if lemma.endswith("ый"):
        stem = lemma[:-2]
        return [stem + e for e in ("ый", "ого", "ому", "ым", "ом", "ая", "ой", "ую", "ое", "ые", "ых", "ыми")]
    return [lemma]


def russian_noun(lemma: str) -> list[str]:
    parse = next((p for p in MORPH.parse(lemma) if "NOUN" in p.tag and "nomn" in p.tag), None)
    forms = {lemma}
    if parse is not None:
        forms |= {p.word for p in parse.lexeme if "NOUN" in p.tag}
    if lemma.endswith("ец"):
        stem = lemma[:-2] + ("ь" if lemma[-3] in "лн" and lemma[-3] == "л" else "")
        stem = lemma[:-2] + "й" if lemma[-3] in "аеиоу" else stem
        forms |= {stem + "ц" + e for e in ("а", "у", "ем", "ы", "ев", "ам", "ами", "ах", "ом", "ов")}
        feminine = lemma[:-2] + "ка"
        forms |= {feminine[:-1] + e for e in ("а", "и", "е", "у", "ой")}
    if lemma.endswith("анин"):
        stem = lemma[:-2]
        forms |= {stem + e for e in ("е", "", "ам", "ами", "ах")} | {lemma + e for e in ("а", "у", "ом", "е")}
        forms |= {stem + "к" + e for e in ("а", "и", "е", "у", "ой")}
    return sorted(forms - {"рус", "японка", "португалка"})


FRENCH_F = {"grec": "grecque", "turc": "turque"}


def french(lemma: str) -> list[str]:
    if lemma in FRENCH_F:
        feminine = FRENCH_F[lemma]
    elif lemma.endswith(("ien", "éen")):
        feminine = lemma + "ne"
    elif lemma.endswith("e"):
        feminine = lemma
    else:
        feminine = lemma + "e"
    plural = lemma if lemma.endswith("s") else lemma + "s"
    return [lemma, feminine, plural, feminine + "s"]


def spanish(lemma: str) -> list[str]:
    if lemma.endswith("o"):
        return [lemma, lemma[:-1] + "a", lemma + "s", lemma[:-1] + "as"]
    if lemma.endswith("és"):
        stem = lemma[:-2] + "es"
        return [lemma, stem + "a", stem + "es", stem + "as"]
    if lemma.endswith("án"):
        stem = lemma[:-2] + "an"
        return [lemma, stem + "a", stem + "es", stem + "as"]
    if lemma.endswith(("ol", "ín", "ón")):
        stem = lemma.replace("ín", "in").replace("ón", "on")
        return [lemma, stem + "a", stem + "es", stem + "as"]
    if lemma.endswith(("í", "ú")):
        return [lemma, lemma + "es", lemma + "s"]
    return [lemma, lemma + "s"]


def german(lemma: str) -> list[str]:
    return (
        [lemma + e for e in ("", "e", "en", "er", "es", "em")]
        if lemma.endswith(("isch", "deutsch"))
        else [lemma, *(lemma + e for e in ("e", "en", "er", "es", "em"))]
    )


def english(lemma: str) -> list[str]:
    return [lemma] if lemma.endswith(("sh", "ese", "ch", "ss", "Swiss")) else [lemma, lemma + "s"]


FIXED = {  # country, language: lemmas the reference table lacks or has wrong
    ("NZ", "de"): ["neuseeländisch"], ("ZA", "fr"): ["sud-africain"], ("ZA", "es"): ["sudafricano"], ("KP", "fr"): ["nord-coréen"], ("KR", "fr"): ["sud-coréen"],
    ("KR", "es"): ["surcoreano"], ("IR", "es"): ["iraní"], ("NZ", "fr"): ["néo-zélandais"], ("SA", "de"): ["saudi-arabisch", "saudisch"],
    ("SA", "en"): ["Saudi", "Saudi Arabian"], ("RU", "ru"): ["российский", "русский"], ("US", "es"): ["estadounidense", "norteamericano"], ("US", "fr"): ["américain", "états-unien"],
    ("US", "de"): ["amerikanisch", "US-amerikanisch"], ("GB", "fr"): ["britannique", "anglais"], ("GB", "es"): ["británico", "inglés"], ("GB", "de"): ["britisch", "englisch"],
    ("GB", "en"): ["British", "English"], ("BY", "de"): ["weißrussisch", "belarussisch"], ("BY", "fr"): ["biélorusse", "bélarusse"], ("CI", "es"): ["marfileño"], ("CN", "fr"): ["chinois"],
    ("GB", "ar"): ["بريطاني", "إنجليزي", "انكليزي"], ("SY", "ar"): ["سوري"], ("LU", "fr"): ["luxembourgeois"], ("MG", "fr"): ["malgache"], ("PS", "en"): ["Palestinian"],
    ("AM", "ar"): ["أرميني", "أرمني"], ("AE", "es"): ["emiratí"], ("BE", "es"): ["belga"], ("PT", "en"): ["Portuguese"], ("CG", "en"): ["Congolese"], ("CD", "en"): [], ("CD", "ru"): [], ("CD", "fr"): [],
    ("CD", "es"): [], ("CD", "de"): [], ("CD", "ar"): ["كونغولي"], ("AW", "en"): ["Aruban"], ("CW", "en"): ["Curacaoan"], ("SX", "en"): [], ("BQ", "fr"): [], ("BQ", "es"): [], ("BV", "es"): [], ("BV", "de"): [],
    ("CX", "fr"): [], ("CX", "es"): [], ("CC", "es"): [], ("AX", "de"): [], ("AU", "ru"): ["австралийский"], ("IN", "ru"): ["индийский"], ("GW", "ru"): ["бисау-гвинейский"], ("DM", "en"): [], ("DM", "es"): [], ("DM", "fr"): [], ("DM", "de"): [],
    ("DO", "en"): ["Dominican"], ("NE", "en"): ["Nigerien"], ("NG", "en"): ["Nigerian"], ("GE", "ru"): ["грузинский"], ("MK", "en"): ["Macedonian", "North Macedonian"], ("NL", "en"): ["Dutch"],
    ("SN", "de"): ["senegalesisch"], ("PM", "fr"): [], ("MM", "en"): ["Burmese", "Myanmar"], ("GP", "fr"): ["guadeloupéen"], ("FK", "de"): [], ("SM", "es"): ["sanmarinense"], ("IO", "en"): [], ("TF", "en"): [],
}  # fmt: skip
SKIP = {
    "AQ",
    "BV",
    "HM",
    "TF",
    "GS",
    "UM",
    "IO",
    "CX",
    "CC",
    "AX",
    "SJ",
    "PN",
    "NF",
    "WF",
    "BL",
    "MF",
    "SX",
    "CW",
    "BQ",
    "PM",
    "YT",
    "TK",
    "NU",
}


def nationalities(reference: Path) -> list[str]:
    out: list[str] = []

    def add(country: str, language: str, kind: str, forms: list[str], source: str) -> None:
        forms = list(dict.fromkeys(f.strip() for f in forms if f.strip()))
        if (country, language) == ("ML", "ar"):
            return  # "مالي" is "financial" a hundred times for each Malian
        if forms:
            out.append("\t".join((country, language, kind, "|".join(forms), source)))

    with (reference / "entities" / "country_forms.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            code = row["alpha2"]
            if code in SKIP:
                continue

            def lemmas(language: str, column: str, code: str = code, row: dict[str, str] = row) -> list[str]:
                return FIXED.get((code, language), [x for x in row[column].split("|") if x])

            add(
                code,
                "ar",
                "adj",
                [f for x in lemmas("ar", "ar_adj_male") for f in arabic(x)]
                + [p for f in row["ar_adj_males"].split("|") if f and " " not in f for p in (f, "ال" + f)],
                "arwikicats|own",
            )
            add(
                code,
                "en",
                "adj",
                [f for x in lemmas("en", "en_adj") if " - " not in x for f in english(x)],
                "CIA World Factbook|i18n-nationality|own",
            )
            add(code, "ru", "adj", [f for x in lemmas("ru", "ru_adj") for f in russian_adjective(x)], "own")
            add(
                code,
                "ru",
                "noun",
                [f for x in row["ru_noun"].split("|") if x and x != "русский" for f in russian_noun(x)],
                "own|pymorphy3",
            )
            add(code, "fr", "adj", [f for x in lemmas("fr", "fr_adj_m") for f in french(x)], "i18n-nationality|own")
            add(code, "es", "adj", [f for x in lemmas("es", "es_adj_m") for f in spanish(x)], "i18n-nationality|own")
            add(code, "de", "adj", [f for x in lemmas("de", "de_adj") for f in german(x)], "i18n-nationality|own")
    for row in read(DATA / "demonyms.tsv"):
        add(row["country"], row["language"], row["kind"], row["forms"].split("|"), row["source"])
    return out


# --- Russian names ---------------------------------------------------------------------------------
def word_forms(word: str, tags: frozenset[str], number: str | None, gender: str | None) -> dict[str, set[str]]:
    """Case -> forms of one word that stands in the nominative; empty when it does not decline."""
    low = word.lower()
    parses = [p for p in MORPH.parse(low) if "nomn" in p.tag and (tags & set(p.tag.grammemes))]
    if number:
        parses = [p for p in parses if number in p.tag] or parses
    if gender:
        parses = [p for p in parses if gender in p.tag or "plur" in p.tag] or parses
    if not parses:
        return {}
    parse = parses[0]
    out: dict[str, set[str]] = {}
    for case in CASES:
        made = parse.inflect({case})
        forms = {made.word} if made else {low}
        if case == "ablt" and made and made.word.endswith("ой"):
            forms.add(made.word[:-1] + "ю")
        out[case] = {shape(word, form) for form in forms}
    return out


def shape(model: str, form: str) -> str:
    if model.isupper() and len(model) > 1:
        return form.upper()
    if model[:1].isupper():
        return "-".join(
            part[:1].upper() + part[1:] if ref[:1].isupper() else part
            for part, ref in zip(form.split("-"), [*model.split("-"), *["x"] * 5], strict=False)
        )
    return form


def decline(name: str, person: bool) -> list[str]:
    words = name.split(" ")
    if " и " in name:
        return [name]
    if not re.search("[а-яё]", name) or any(not re.fullmatch(r"[А-Яа-яЁё.-]+", w) for w in words):
        return [name]
    gender = None
    if person:
        for word in words:
            for parse in MORPH.parse(word.lower()):
                if "Name" in parse.tag and "nomn" in parse.tag:
                    gender = str(parse.tag.gender) if parse.tag.gender else None
                    break
            if gender:
                break
    tables: list[dict[str, set[str]]] = []
    done = False
    number = None
    if not person and len(words) > 1:
        head = next(
            (w for w in words if any("NOUN" in p.tag and "nomn" in p.tag for p in MORPH.parse(w.lower()))), None
        )
        if head:
            parse = next(p for p in MORPH.parse(head.lower()) if "NOUN" in p.tag and "nomn" in p.tag)
            number = str(parse.tag.number) if parse.tag.number else None
            gender = str(parse.tag.gender) if number == "sing" and parse.tag.gender else None
    for word in words:
        if word.isupper() and len(word) > 1:
            tables.append({})
            done = True
        elif person:
            made = word_forms(word, frozenset({"Name", "Surn", "Patr"}), "sing", gender) or word_forms(
                word, frozenset({"ADJF"}), "sing", gender
            )
            if (
                not made and gender != "femn" and re.search("[бвгджзклмнпрстфхцчшщ]$", word)
            ):  # a foreign name the dictionary lacks
                made = dict(
                    zip(
                        CASES,
                        ({word}, {word + "а"}, {word + "у"}, {word + "а"}, {word + "ом"}, {word + "е"}),
                        strict=True,
                    )
                )
            tables.append(made)
        elif done:
            tables.append({})
        else:
            made = word_forms(word, frozenset({"ADJF", "NOUN", "PRTF"}), number, gender)
            tables.append(made)
            best = next((p for p in MORPH.parse(word.lower()) if "nomn" in p.tag), None)
            done = not made or (best is not None and "NOUN" in best.tag)
    out = {name}
    for case in CASES:
        choices = [sorted(table.get(case, {word})) for word, table in zip(words, tables, strict=True)]
        out |= {" ".join(choice) for choice in product(*choices)}
    return [name, *sorted(out - {name})]


def russian_names() -> list[str]:
    seen: dict[str, str] = {}
    for path in sorted(DATA.glob("*.tsv")):
        rows = read(path)
        if not rows or "name_ru" not in rows[0]:
            continue
        for row in rows:
            for name in [row["name_ru"], *row["alias_ru"].split("|")]:
                plain = re.sub('[«»"]', "", name)
                if plain and plain not in seen:
                    forms = decline(plain, row["type"] == "person")
                    if len(forms) > 1:
                        seen[plain] = "|".join(forms[1:])
    for table in ("metonyms.tsv", "composed.tsv", "portfolios.tsv", "roles.tsv", "forms.tsv", "blocked.tsv"):
        for row in read(DATA / table):
            if row["language"] == "ru" and row.get("kind") != "tail" and row.get("id") not in ("-.none", "BUS.legal"):
                for name in row["forms"].split("|"):
                    forms = decline(name, False)
                    if name not in seen and len(forms) > 1:
                        seen[name] = "|".join(forms[1:])
    return [f"{name}\t{forms}\tpymorphy3" for name, forms in sorted(seen.items())]


def main(reference: Path) -> None:
    head = "# Nationalities in every form. kind: adj (also as a noun) | noun. Made by tools/build_actors_forms.py; sources in the last column\n# (arwikicats MIT, i18n-nationality MIT, CIA World Factbook public domain, pymorphy3 MIT, own).\n"
    (DATA / "nationalities.tsv").write_text(
        head + "country\tlanguage\tkind\tforms\tsource\n" + "\n".join(nationalities(reference)) + "\n", encoding="utf-8"
    )
    head = "# The cases of the Russian names of all tables beside this one. Made by tools/build_actors_forms.py with pymorphy3 (MIT).\n"
    (DATA / "forms_ru.tsv").write_text(
        head + "name\tforms\tsource\n" + "\n".join(russian_names()) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
