"""The texts: real articles with their natural copies, in the order of a feed."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import tarfile
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from newsfeed.copies import fingerprint
from newsfeed.records import Article, Position

csv.field_size_limit(sys.maxsize)


@dataclass(frozen=True)
class Text:
    """One article of a corpus; ``label`` is what the corpus says of it, if anything."""

    id: str
    title: str
    body: str
    language: str
    label: str = ""

    def article(self, offset: int) -> Article:
        """As *clean* would hand it on, with an id of its own."""
        return fingerprint(
            Article(
                article_id=blake2b(f"{offset} {self.id}".encode(), digest_size=16).hexdigest(),
                key="id",
                raw=Position(topic="benchmark", partition=0, offset=offset),
                raw_hash=1,
                title=self.title,
                body=self.body,
                language=self.language,
            )
        )


def ant_corpus(shared: Path) -> list[Text]:
    """10,161 Arabic articles in order of time."""
    found: list[tuple[str, Text]] = []
    with tarfile.open(shared / "eval/topics/ant_corpus/ant_corpus_v1.1.tar.xz") as tar:
        for member in tar:
            file = tar.extractfile(member) if member.name.endswith(".txt") else None
            text = file.read().decode("utf-8", "replace") if file else ""
            if "<DOC>" not in text:
                continue
            field = dict(re.findall(r"<(DOCNO|CAT|TITLE|TIME|TEXT)>(.*?)</\1>", text, re.DOTALL))
            article = Text(
                field["DOCNO"],
                field.get("TITLE", "").strip(),
                field.get("TEXT", "").strip(),
                "ar",
                field.get("CAT", ""),
            )
            found.append((field.get("TIME", "") + field["DOCNO"], article))
    return [text for _, text in sorted(found, key=lambda item: item[0])]


def news_cluster(shared: Path) -> list[Text]:
    """383 English articles of 69 events, in order of time."""
    found = []
    for path in sorted((shared / "eval/stories/giveme5w1h_news_cluster/data").glob("*.json")):
        raw = json.loads(path.read_text(encoding="utf-8"))
        label = str(raw.get("newsCluster", {}).get("EventId", ""))
        when = str(raw.get("date_publish"))
        found.append((when, Text(path.stem, raw.get("title") or "", raw.get("text") or "", "en", label)))
    return [text for _, text in sorted(found, key=lambda item: (item[0], item[1].id))]


def story_pairs(shared: Path) -> list[Text]:
    """The 500 Russian and English articles of the story pairs."""
    out: list[Text] = []
    for path in sorted((shared / "eval/near_copies/tgcontest_pairs_ru_en").glob("*_pool.tsv")):
        language = path.name[:2]
        for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")), delimiter="\t"):
            for side in ("first", "second"):
                text = Text(row[f"INPUT:{side}_url"], row[f"INPUT:{side}_title"], row[f"INPUT:{side}_text"], language)
                out.append(text)
    return list({text.id: text for text in out}.values())


def headline_pairs(shared: Path, split: str) -> list[tuple[str, str, str]]:
    """(title, rewritten title, stance) of one split: agree, disagree, other."""
    path = shared / f"eval/near_copies/ans_arabic_headline_pairs/stance/{split}.csv"
    return [(row["s1"], row["s2"], row["stance"]) for row in csv.DictReader(path.open(encoding="utf-8"))]
