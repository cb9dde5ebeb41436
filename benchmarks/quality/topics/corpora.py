"""The labelled data sets, read in place: ``$NEWSFEED_SHARED`` or ``../shared`` beside the repository. Nothing of them is copied."""

from __future__ import annotations

import csv
import gzip
import hashlib
import os
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from newsfeed.text import Document, fold_text

ROOT = Path(__file__).resolve().parents[3]
_ANT = "eval/topics/ant_corpus/ant_corpus_v1.1.tar.xz"
_SPLITS = (("train", 60), ("dev", 80), ("test", 100))  # percent, cumulative


@dataclass(frozen=True)
class Sample:
    """A labelled article. ``labels``: the right classes of its data set (some have several)."""

    document: Document
    labels: frozenset[str]


@dataclass(frozen=True)
class Mapping:
    """What the top terms mean in one data set. ``classes``: class -> top terms that count as it."""

    classes: dict[str, frozenset[str]]


def shared() -> Path:
    return Path(os.environ.get("NEWSFEED_SHARED", ROOT.parent / "shared"))


@cache
def mapping(name: str) -> Mapping:
    """The reviewed table of a data set (``ant``, ``masakha``, ``tgcontest``); classes with nothing right are dropped."""
    lines = [
        line for line in (Path(__file__).parent / "mapping.tsv").read_text("utf-8").splitlines() if line[:1] != "#"
    ]
    rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["set"] == name and row["right"]]
    return Mapping({row["class"]: frozenset(f"medtop:{code}" for code in row["right"].split()) for row in rows})


def ant(split: str) -> Iterator[Sample]:
    """The ANT corpus, split by a hash of the folded text, so that copies stand together."""
    seen: set[str] = set()
    for label, document, key in _ant_articles():
        place = int(hashlib.blake2b(key.encode(), digest_size=4).hexdigest(), 16) % 100
        if key not in seen and split == next(name for name, bound in _SPLITS if place < bound):
            seen.add(key)
            yield Sample(document, frozenset({label}))


@cache
def _ant_articles() -> list[tuple[str, Document, str]]:
    out = []
    with tarfile.open(shared() / _ANT) as archive:
        for member in sorted(archive.getmembers(), key=lambda member: member.name):
            if not member.name.endswith(".txt") or (file := archive.extractfile(member)) is None:
                continue
            content = file.read().decode("utf-8", "replace")
            fields = {name: _field(content, name) for name in ("CAT", "TITLE", "ABSTRACT", "TEXT")}
            text = fields["TEXT"] or fields["ABSTRACT"]
            document = Document(title=fields["TITLE"], body=text, language="ar")
            out.append((fields["CAT"], document, fold_text(text)[:400]))
    return out


def _field(content: str, name: str) -> str:
    match = re.search(rf"<{name}>(.*?)</{name}>", content, re.DOTALL)
    return match[1].strip() if match else ""


def masakha(language: str, split: str) -> Iterator[Sample]:
    """MasakhaNEWS, ``eng`` or ``fra``, ``dev`` or ``test``: BBC text, for evaluation only."""
    csv.field_size_limit(1 << 30)
    path = shared() / f"eval/topics/masakhanews_fr_en/{language}/{split}.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield Sample(Document(row["headline"], row["text"], language[:2]), frozenset({row["category"]}))


def tgcontest(language: str, split: str) -> Iterator[Sample]:
    """The control items of the Telegram data clustering contest: ``training`` and ``exam`` are development, ``honey`` is the test."""
    csv.field_size_limit(1 << 30)
    for part in ("training", "exam") if split == "dev" else ("honey",):
        path = shared() / f"eval/topics/tgcontest_categories_ru_en/{language}_cat_{part}.tsv.gz"
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                labels = frozenset(label for label in re.split(r"[\s,;|]+", row["GOLDEN:res"]) if label)
                if labels:
                    yield Sample(Document(row["INPUT:title"], row["INPUT:text"], language), labels)
