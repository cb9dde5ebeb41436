"""Make ``newsfeed/data/subjects/topics.tsv`` and ``retired.tsv`` from the IPTC Media Topics (CC BY 4.0).

Usage: ``python -m tools.build_subjects_terms SHARED`` where SHARED holds ``eval/reference/iptc_media_topics`` and
``reference/iptc_mapping``. Which terms, and under which key: ``tools/build_subjects_selection.tsv``.
Only the CC BY columns of ``medtop_map.tsv`` are read (id, QID).
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OUT = HERE.parent / "newsfeed" / "data" / "subjects"
RUSSIAN_TOP = {
    "01": "культура, развлечения и СМИ", "02": "преступность, право и правосудие", "03": "катастрофы и происшествия",
    "04": "экономика и финансы", "05": "образование", "06": "окружающая среда", "07": "здоровье", "08": "люди и судьбы",
    "09": "труд", "10": "образ жизни и досуг", "11": "политика", "12": "религия", "13": "наука и технологии",
    "14": "общество", "15": "спорт", "16": "конфликты, война и мир", "17": "погода",
}  # fmt: skip
OWN = ("nf:arctic", "arctic", "", "Arctic", "القطب الشمالي", "Arctique", "Ártico", "Arktis", "Арктика", "Q25322", "own")


def concepts(shared: Path) -> dict[str, dict[str, Any]]:
    path = shared / "eval/reference/iptc_media_topics/cptall-en-GB.json.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return {concept["qcode"]: concept for concept in json.load(file)["conceptSet"]}


def selection() -> dict[str, str]:
    """IPTC id -> key."""
    lines = (HERE / "build_subjects_selection.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if line and not line.startswith("#")][1:]
    return {f"medtop:{number}": key for key, number in pairs}


def parent(concept: dict[str, Any]) -> str:
    broader = concept.get("broader")
    return "medtop:" + broader[0].rsplit("/", 1)[1] if broader else ""


def nearest(code: str, known: dict[str, dict[str, Any]], chosen: dict[str, str]) -> str:
    """The term itself, the one its change note recommends, or its nearest ancestor, that we know; "" where there is none."""
    seen: set[str] = set()
    while code and code not in seen:
        seen.add(code)
        if code in chosen:
            return code
        concept = known.get(code, {})
        note = str(concept.get("changeNote", {}).get("en-GB", ""))
        named = [match for match in re.findall(r"medtop:\d{8}", note) if match not in seen and match in known]
        code = named[-1] if "retired" in concept and named else parent(concept)
    return ""


def main(shared: Path) -> None:
    known, chosen = concepts(shared), selection()
    with (shared / "reference/iptc_mapping/medtop_map.tsv").open(encoding="utf-8") as file:
        qids = {row["medtop"]: row["wikidata"] for row in csv.DictReader(file, delimiter="\t")}
    top: dict[str, dict[str, str]] = {}
    with (shared / "eval/reference/iptc_media_topics/mediatopic_top17_labels.tsv").open(encoding="utf-8") as file:
        top = {row["qcode"]: row for row in csv.DictReader((line for line in file if line[0] != "#"), delimiter="\t")}
    arabic: dict[str, str] = {}
    for line in (shared / "eval/reference/iptc_media_topics/iptc-mediatopics.tsv").read_text("utf-8").splitlines():
        cells = line.split("\t")
        if len(cells) == 4:
            names = [name for name in cells[3].split("|") if re.match(r"[\u0621-\u064a]", name)]
            arabic[cells[0]] = names[0] if names else ""
    rows = []
    for code, key in chosen.items():
        path: list[str] = []
        above = parent(known[code])
        while above:
            path.insert(0, above)
            above = parent(known[above])
        labels = top.get(code, {})
        name = known[code]["prefLabel"]["en-GB"]
        names = [labels.get("ar") or arabic.get(code, ""), *(labels.get(lang, "") for lang in ("fr", "es", "de"))]
        russian = RUSSIAN_TOP[code[7:9]] if code in top else ""
        rows.append(
            (
                code,
                key,
                " ".join(path),
                name,
                *names,
                russian,
                qids.get(code, ""),
                "IPTC" + (" (ru own)" if russian else ""),
            )
        )
    head = (
        "# IPTC Media Topics (c) IPTC, CC BY 4.0, release 2025-10-09, selection and keys our own; made by tools/build_subjects_terms.py.\n"
        "# path: all broader terms, the top term first. nf: terms are our own scheme, for what IPTC has nothing for.\n"
        "id\tkey\tpath\tname\tar\tfr\tes\tde\tru\tqid\tsource\n"
    )
    (OUT / "topics.tsv").write_text(head + "".join("\t".join(row) + "\n" for row in [*rows, OWN]), encoding="utf-8")
    retired = [(code, nearest(code, known, chosen)) for code, concept in sorted(known.items()) if "retired" in concept]
    head = (
        "# Retired IPTC Media Topics and the term of topics.tsv that stands for them: the one IPTC recommends, else the nearest\n"
        "# broader term. (c) IPTC, CC BY 4.0, release 2025-10-09; made by tools/build_subjects_terms.py.\n"
        "retired\tid\tsource\n"
    )
    (OUT / "retired.tsv").write_text(
        head + "".join(f"{old}\t{new}\tIPTC\n" for old, new in retired if new), encoding="utf-8"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
