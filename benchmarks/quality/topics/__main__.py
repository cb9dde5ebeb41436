"""``python -m benchmarks.quality.topics [--split dev|test] [--wrong]``: every data set in one table."""

from __future__ import annotations

import argparse
import csv
import itertools
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.quality.topics import corpora, heldout
from benchmarks.quality.topics.corpora import Sample, mapping
from benchmarks.quality.topics.measure import Result, measure
from newsfeed.records import Topic
from newsfeed.subjects import SubjectTagger
from newsfeed.text import Document

SETS: list[tuple[str, str, Callable[[str], Iterable[Sample]], float]] = [
    ("ANT ar", "ant", corpora.ant, 0.80),
    ("MasakhaNEWS en", "masakha", lambda split: corpora.masakha("eng", split), 0.85),
    ("MasakhaNEWS fr", "masakha", lambda split: corpora.masakha("fra", split), 0.82),
    ("tgcontest ru", "tgcontest", lambda split: corpora.tgcontest("ru", split), 0.78),
    ("tgcontest en", "tgcontest", lambda split: corpora.tgcontest("en", split), 0.78),
]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.topics", description=__doc__)
    parser.add_argument("--split", choices=("dev", "test"), default="test", help="test is for reporting only")
    parser.add_argument("--wrong", action="store_true", help="list the wrong answers (development split only)")
    arguments = parser.parse_args()
    tagger = SubjectTagger()
    print(
        f"{'data set':<16} {'n':>5} {'macro-F1':>8} {'target':>6} {'accuracy':>8} {'no topic':>8}  F1 by class   (split {arguments.split})"
    )
    scored: list[tuple[float, bool]] = []
    for name, table, read, target in SETS:
        result = measure(read(arguments.split), mapping(table), tagger)
        scored += result.scored
        classes = "  ".join(f"{label} {score:.2f}" for label, score in result.f1().items())
        print(
            f"{name:<16} {result.number:>5} {result.macro_f1:>8.3f} {target:>6.2f} {result.accuracy:>8.3f} {result.none:>8.3f}  {classes}"
        )
        if arguments.wrong and arguments.split == "dev":
            list_wrong(result)
    not_news(tagger, arguments.split)
    agreement(tagger)
    narrower(tagger)
    heldout.show(tagger, errors=arguments.wrong and arguments.split == "dev")
    calibration(scored)
    speed(tagger)


def list_wrong(result: Result) -> None:
    for label, told, title in result.wrong:
        print(f"    {label:<14} told {told:<40} {title[:110]}")


def not_news(tagger: SubjectTagger, split: str) -> None:
    """The flag against the contest's not_news, both languages together; its rest class ``other`` holds horoscopes and is left out."""
    true = said = here = 0
    for language in ("ru", "en"):
        for sample in corpora.tgcontest(language, split):
            if "other" in sample.labels and "not_news" not in sample.labels:
                continue
            flag, right = tagger.tag(sample.document, []).not_news is not None, "not_news" in sample.labels
            true, said, here = true + (flag and right), said + flag, here + right
    print(
        f"not-news (tgcontest ru+en): F1 {2 * true / max(1, said + here):.3f} (target 0.70; without the class other), {true} right of {said} said, {here} there"
    )


def table(path: Path) -> list[dict[str, str]]:
    lines = [line for line in path.read_text("utf-8").splitlines() if line[:1] != "#"]
    return list(csv.DictReader(lines, delimiter="\t"))


def own_reports(tagger: SubjectTagger) -> list[tuple[str, list[Topic]]]:
    """(top term, topics told) of the reports of tests/cases/topics, each of which stands there in all six languages."""
    rows = table(corpora.ROOT / "tests/cases/topics/top_terms.tsv")
    return [(row["top"], tagger.tag(Document(row["title"], row["body"], row["language"]), []).topics) for row in rows]


def agreement(tagger: SubjectTagger) -> None:
    """Jaccard at top level over the same report in two languages."""
    told: dict[str, list[set[str]]] = {}
    for top, topics in own_reports(tagger):
        told.setdefault(top, []).append({topic.path[0] if topic.path else topic.id for topic in topics})
    pairs = [pair for sets in told.values() for pair in itertools.combinations(sets, 2)]
    mean = statistics.mean(len(here & there) / max(1, len(here | there)) for here, there in pairs)
    print(
        f"agreement of own reports in two languages at top level: Jaccard {mean:.3f} over {len(pairs)} pairs (target 0.85)"
    )


def narrower(tagger: SubjectTagger) -> None:
    """Micro-F1 of the top and the narrower terms of our own reports (gold.tsv)."""
    gold = {
        row["top"]: (set(row["required"].split()), set(row["allowed"].split()))
        for row in table(Path(__file__).parent / "gold.tsv")
    }
    counts = {"narrower": [0, 0, 0], "top": [0, 0, 0]}  # right, wrong, missed
    for top, topics in own_reports(tagger):
        required, allowed = gold[top]
        keys = {tagger.terms.by_id[topic.id].key for topic in topics if topic.path}
        tops = {tagger.terms.by_id[topic.path[0] if topic.path else topic.id].key for topic in topics}
        for name, told, wanted, tolerated in (("narrower", keys, required, allowed), ("top", tops, {top}, set[str]())):
            found = len(told & wanted)
            counts[name] = [
                old + new
                for old, new in zip(
                    counts[name], (found, len(told - wanted - tolerated), len(wanted) - found), strict=True
                )
            ]
    for name, target in (("narrower", 0.75), ("top", 0.88)):
        right, wrong, missed = counts[name]
        f1 = 2 * right / max(1, 2 * right + wrong + missed)
        print(
            f"own reports, {name} terms: micro-F1 {f1:.3f} (target {target}), {right} right, {wrong} wrong, {missed} missed"
        )


def calibration(scored: list[tuple[float, bool]]) -> None:
    """Of the topics reported with a score, how many are right. Only one class of an article is labelled: second topics count as wrong."""
    print("score        n  mean score  right")
    for low in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        inside = [(score, right) for score, right in scored if low <= score < low + 0.1 + (low == 0.9)]
        if inside:
            mean, right = statistics.mean(score for score, _ in inside), statistics.mean(right for _, right in inside)
            print(f"{low:.1f}-{low + 0.1:.1f} {len(inside):>6}  {mean:>10.3f}  {right:>5.3f}")


def speed(tagger: SubjectTagger) -> None:
    """Milliseconds an article of about 3 KB (MasakhaNEWS en, cut at 3,000 characters), folding apart, words seen before."""
    documents = []
    for sample in corpora.masakha("eng", "dev"):
        document = type(sample.document)(sample.document.title, sample.document.body[:3000], "en")
        tagger.tag(document, [])  # folds it, and remembers its words
        documents.append(document)
    times = []
    for document in documents:
        start = time.perf_counter()
        tagger.tag(document, [])
        times.append((time.perf_counter() - start) * 1000)
    warm = sorted(times)
    print(
        f"speed: median {statistics.median(warm):.3f} ms, p99 {warm[int(len(warm) * 0.99)]:.3f} ms an article of 3 KB (target 0.3)"
    )


if __name__ == "__main__":
    main()
