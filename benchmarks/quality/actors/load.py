"""The evaluation data sets beside the project as texts with gold spans; nothing of them is kept here."""

from __future__ import annotations

import gzip
import json
import lzma
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from benchmarks.shared import shared


@dataclass
class Gold:
    """A text and its spans: (type PER | ORG | LOC, start, end)."""

    name: str
    text: str
    language: str
    spans: list[tuple[str, int, int]] = field(default_factory=list)
    inner: list[tuple[str, int, int]] = field(
        default_factory=list
    )  # nested in another: right when found, not asked for
    others: list[tuple[int, int]] = field(default_factory=list)  # of a class that is none of ours: not judged
    peoples: str = ""  # the class the corpus gives to peoples and believers, "" where it has another one for them


_FACTRU = {"Person": "PER", "Org": "ORG", "LocOrg": "LOC", "Location": "LOC"}


def factrueval(part: str) -> Iterator[Gold]:
    """Russian news of factRuEval-2016; part is ``devset`` or ``testset``."""
    archive = shared() / "eval/actors/factrueval2016_ru/factRuEval-2016_devset_testset.tar.xz"
    files: dict[str, str] = {}
    with lzma.open(archive) as raw, tarfile.open(fileobj=raw) as tar:
        for member in tar:
            if f"/{part}/" in f"/{member.name}" and member.isfile():
                stream = tar.extractfile(member)
                assert stream is not None
                files[member.name] = stream.read().decode("utf-8")
    for name in sorted(files):
        if not name.endswith(".objects"):
            continue
        stem = name.removesuffix(".objects")
        places = {}
        for line in files[stem + ".spans"].splitlines():
            cells = line.split("#")[0].split()
            if len(cells) >= 4:
                places[cells[0]] = (int(cells[2]), int(cells[3]))
        gold = Gold(stem.rsplit("/", 1)[-1], files[stem + ".txt"], "ru")
        for line in files[name].splitlines():
            cells = line.split("#")[0].split()
            kind = _FACTRU.get(cells[1]) if len(cells) > 2 else None
            if kind:
                found = [places[i] for i in cells[2:] if i in places]
                start, end = min(s for s, _ in found), max(s + n for s, n in found)
                gold.spans.append((kind, start, end))
        yield gold


def _from_tokens(name: str, tokens: list[tuple[str, str]], language: str, nested: list[set[str]] | None = None) -> Gold:
    text, gold = "", Gold(name, "", language)
    open_kind, begin = "", 0
    for number, (token, tag) in enumerate(tokens):
        space = "" if token in ".,:;!?،؛؟)»" or not text else " "
        start = len(text) + len(space)
        if open_kind and tag != f"I-{open_kind}":
            gold.spans.append((open_kind, begin, len(text)))
            open_kind = ""
        if tag.startswith("B-") or (tag.startswith("I-") and not open_kind):
            open_kind, begin = tag[2:], start
        text += space + token
        for kind in sorted(nested[number]) if nested else ():
            gold.inner.append((kind, start, len(text)))
    if open_kind:
        gold.spans.append((open_kind, begin, len(text)))
    gold.text = text
    gold.others = [(s, e) for k, s, e in gold.spans if k.startswith("MIS")]
    gold.spans = [(k, s, e) for k, s, e in gold.spans if k in ("PER", "ORG", "LOC")]
    return gold


_WOJOOD = {"PERS": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC"}


def wojood(parts: tuple[str, ...]) -> Iterator[Gold]:
    """Arabic texts of the Wojood sample, outermost of person, organisation and place; parts of ``train``, ``val``, ``test``."""
    for part in parts:
        lines = (shared() / f"eval/actors/wojood_sample_ar/{part}.txt").read_text(encoding="utf-8").splitlines()
        tokens: list[tuple[str, str]] = []
        layers: list[set[str]] = []
        number = 0
        for line in [*lines, ""]:
            cells = line.split()
            if not cells:
                if tokens:
                    number += 1
                    yield _from_tokens(f"{part}-{number}", tokens, "ar", layers)
                tokens, layers = [], []
                continue
            tag = next((f"{t[:2]}{_WOJOOD[t[2:]]}" for t in cells[1:] if t[2:] in _WOJOOD), "O")
            if cells[0] != "$#$":
                tokens.append((cells[0], tag))
                layers.append({_WOJOOD[t[2:]] for t in cells[1:] if t[2:] in _WOJOOD})


def aqmar(part: str) -> Iterator[Gold]:
    """Arabic encyclopedia articles of AQMAR, every second one for development (``dev``), the others ``test``.

    Every article has classes of its own beside person, organisation and place (MIS0, MIS1 …): in those on computing they
    hold the companies, so what overlaps them is not judged. Peoples and believers ("the Seljuks", "Muslims") are persons in it.
    """
    files = sorted((shared() / "eval/actors/aqmar_ar/aqmar/articles").glob("*.txt"))
    for path in files[0 if part == "dev" else 1 :: 2]:
        tokens: list[tuple[str, str]] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = line.split()
            if len(cells) == 2:
                tokens.append((cells[0], cells[1]))
            elif tokens:
                tokens.append(("\n", "O"))
        gold = _from_tokens(path.stem, tokens, "ar")
        gold.peoples = "PER"
        yield gold


@dataclass
class Event:
    """A sentence and the countries (alpha-3) that act in it."""

    text: str
    language: str
    countries: set[str]


def arabic_events(kind: str) -> Iterator[Event]:
    """Arabic sentences about ``protest`` or ``assault`` with the countries of source and target, where annotators gave one."""
    with gzip.open(shared() / f"eval/events/arabic_event_gsr/{kind}_spans.json.gz", "rt", encoding="utf-8") as file:
        for record in json.load(file):
            found = set()
            for span in record["spans"]:
                for side in ("source_role", "target_role"):
                    role = span.get(side)
                    code = str(role.get("main")) if isinstance(role, dict) else ""
                    if re.fullmatch("[A-Z]{3}", code):
                        found.add(code)
            if found:
                yield Event(record["text"], "ar", found)


def petrarch(name: str, language: str) -> Iterator[Event]:
    """Sentences of a PETRARCH validation file with the countries of their events."""
    path = shared() / "eval/events/universal_petrarch" / name
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8")
    for block in re.findall(r"<Sentence .*?</Sentence>", text, re.S):
        body = re.search(r"<Text>(.*?)</Text>", block, re.S)
        codes = {code[:3] for code in re.findall(r'(?:sourcecode|targetcode)="([A-Z]{3})', block)}
        if body and codes:
            clean = ElementTree.fromstring(f"<t>{re.sub('[<&]', ' ', body.group(1))}</t>").text or ""
            yield Event(" ".join(clean.split()), language, codes)
