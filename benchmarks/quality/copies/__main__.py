"""How many copies are found, how many articles are called copies wrongly: `python -m benchmarks.quality.copies`."""

from __future__ import annotations

import argparse
import random
from collections import Counter
from itertools import islice

from benchmarks.quality.copies import edits, oracle
from benchmarks.quality.copies.corpora import Text, ant_corpus, headline_pairs, news_cluster, story_pairs
from benchmarks.quality.copies.peers import PEERS
from benchmarks.shared import shared
from benchmarks.table import show
from newsfeed.copies import CopyWindow
from newsfeed.records import Verdict

SEED = 20_261_125


def judged(texts: list[Text]) -> tuple[list[Verdict], list[str]]:
    """The verdicts of a feed and its article ids."""
    window = CopyWindow(capacity=max(1000, len(texts)), seconds=None, rules="")
    articles = [text.article(number) for number, text in enumerate(texts)]
    verdicts = [window.judge(number, article).verdict for number, article in enumerate(articles)]
    window.close()
    return [verdict for verdict in verdicts if verdict], [article.article_id for article in articles]


def found(verdicts: list[Verdict], ids: list[str], pair: oracle.Pair) -> bool:
    """Both under one root, or the later names the earlier in ``of`` or in its evidence."""
    earlier, later = verdicts[pair.first], verdicts[pair.second]
    name = ids[pair.first]
    return earlier.root == later.root or later.of == name or any(proof.of == name for proof in later.evidence)


def natural(name: str, texts: list[Text]) -> None:
    """Recall against the oracle, beside the peers."""
    sets = oracle.shingle_sets(texts)
    truth = oracle.pairs(sets)
    verdicts, ids = judged(texts)
    rows = []
    answers = {peer: find(sets) for peer, find in PEERS.items()}
    for band in oracle.BANDS:
        chosen = [pair for pair in truth if pair.band == band]
        if chosen:
            ours = sum(found(verdicts, ids, pair) for pair in chosen) / len(chosen)
            theirs = [sum((p.first, p.second) in got for p in chosen) / len(chosen) for got in answers.values()]
            rows.append(
                [band, len(chosen), f"{oracle.TARGETS[band]:.3f}", f"{ours:.3f}", *(f"{x:.3f}" for x in theirs)]
            )
    show(f"{name}: recall of pairs ({len(texts)} articles)", ["band", "pairs", "target", "newsfeed", *PEERS], rows)
    place = {article_id: number for number, article_id in enumerate(ids)}
    copies = [(n, place[v.of]) for n, v in enumerate(verdicts) if v.kind == "duplicate" and v.of]
    wrong = sum(oracle.resemblance(sets[a], sets[b]) < 0.3 for a, b in copies)
    print(f"called duplicate: {len(copies)}, sharing less than .3 with what they are said to copy: {wrong}"
          f" ({wrong / max(1, len(copies)):.2%}, target <= 0.20 %)")  # fmt: skip


def generated(name: str, texts: list[Text], size: int) -> None:
    """Edited copies must fall under the root of what they copy, twins must not."""
    rng = random.Random(SEED)
    words = edits.vocabulary(texts)
    chosen = rng.sample([text for text in texts if len(text.body.split()) >= 60], size)
    feed, origin, what = list(chosen), list(range(size)), ["original"] * size
    for number, text in enumerate(chosen):
        for edit, make in edits.EDITS.items():
            feed.append(make(text, rng, words))
            origin.append(number)
            what.append(edit)
    later = list(range(size, len(feed)))
    rng.shuffle(later)
    order = [*range(size), *later]
    verdicts, _ = judged([feed[at] for at in order])
    merged: Counter[str] = Counter()
    called: Counter[str] = Counter()
    for verdict, at in zip(verdicts[size:], order[size:], strict=True):
        merged[what[at]] += verdict.root == verdicts[origin[at]].root
        called[what[at]] += verdict.kind == "duplicate"
    rows = [[edit, size, f"{merged[edit] / size:.3f}", f"{called[edit] / size:.3f}"] for edit in edits.EDITS]
    show(f"{name}: edited copies", ["edit", "copies", "under the same root", "called duplicate"], rows)
    rows = []
    texts = rng.sample(texts, len(texts))
    for twin, make_twin in edits.TWINS.items():
        made = list(islice(((text, other) for text in texts if (other := make_twin(text, rng, words))), size))
        verdicts, _ = judged([text for pair in made for text in pair])
        wrong = sum(verdicts[at + 1].root == verdicts[at].root for at in range(0, len(verdicts), 2))
        rows.append([twin, len(made), f"{wrong / max(1, len(made)):.3f}", "0.010"])
    show(f"{name}: template twins merged", ["twin", "pairs", "merged", "target at most"], rows)


def headlines(split: str) -> None:
    """Headline pairs: contradictions must not be merged."""
    rows = []
    pairs = headline_pairs(shared(), split)
    for stance in ("agree", "disagree", "other"):
        chosen = [pair for pair in pairs if pair[2] == stance]
        merged = 0
        for first, second, _ in chosen:
            verdicts, _ = judged([Text("1", first, "", "ar"), Text("2", second, "", "ar")])
            merged += verdicts[0].root == verdicts[1].root
        rows.append(
            [stance, len(chosen), f"{merged / max(1, len(chosen)):.3f}", "0.020" if stance == "disagree" else ""]
        )
    show(f"ans_arabic_headline_pairs ({split}): merged", ["stance", "pairs", "merged", "target at most"], rows)


def main() -> None:
    """All tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.copies", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="leave out the headline pairs that are for the report")
    chosen = parser.parse_args()
    folder = shared()
    arabic, english, pairs = ant_corpus(folder), news_cluster(folder), story_pairs(folder)
    natural("ANT corpus, Arabic", arabic)
    natural("news cluster, English", english)
    natural("story pairs, Russian and English", pairs)
    generated("ANT corpus, Arabic", arabic, 400)
    generated("news cluster, English", english, 150)
    generated("story pairs, Russian", [text for text in pairs if text.language == "ru"], 150)
    headlines("train")
    if not chosen.dev:
        headlines("test")


if __name__ == "__main__":
    main()
