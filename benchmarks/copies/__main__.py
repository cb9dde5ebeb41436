"""What a verdict costs while the window grows: `python -m benchmarks.copies [--most N]`.

Real Arabic articles are varied by a seeded generator (words swapped, so that every text is new) and fill the window; at each
size, fresh articles (half of them edited copies, told apart in the table) are judged one by one. Peers do the same, from text to
answer, in the same run.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np

from benchmarks.quality.copies import edits
from benchmarks.quality.copies.corpora import Text, ant_corpus
from benchmarks.shared import shared
from benchmarks.table import show
from newsfeed.copies import CopyWindow, fingerprint
from newsfeed.copies.entry import pack_entry, unpack_entry
from newsfeed.records import Article, Position
from newsfeed.text import fold_text

T = TypeVar("T")

SEED = 20_261_125
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
PROBES = 1_000
WORDS = 350


def anonymous_mb() -> float:
    """Resident anonymous memory of this process in MB (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    return float("nan")


def long_articles(texts: list[Text]) -> list[str]:
    """Bodies of WORDS words, joined of neighbouring articles where one is shorter."""
    words = " ".join(text.body for text in texts).split()
    return [" ".join(words[at : at + WORDS]) for at in range(0, len(words) - WORDS, WORDS)]


def article(offset: int, body: str) -> Article:
    return fingerprint(
        Article(
            article_id=f"{offset:032x}",
            key="id",
            raw=Position(topic="benchmark", partition=0, offset=offset),
            raw_hash=1,
            body=body,
            language="ar",
        )
    )


def filling(window: CopyWindow, bodies: list[str]) -> Callable[[int, int], Iterator[bytes]]:
    """Entries for the offsets of a range: a real article's words, half of them swapped for words of others, so that every text is new."""
    rng = np.random.default_rng(SEED)
    models = [article(number, body) for number, body in enumerate(bodies[:2000])]
    template = unpack_entry(window.judge(0, models[0]).entry)
    hashes = [np.frombuffer(model.word_hashes, "<u4") for model in models]
    everything = np.unique(np.concatenate(hashes))

    def entries(start: int, stop: int) -> Iterator[bytes]:
        for offset in range(start, stop):
            model = models[offset % len(models)]
            words = hashes[offset % len(models)].copy()
            swap = rng.random(len(words)) < 0.5
            words[swap] = everything[rng.integers(0, len(everything), int(swap.sum()))]
            yield pack_entry(
                msgspec.structs.replace(
                    template,
                    offset=offset,
                    raw=("benchmark", 0, offset),
                    article_id=f"{offset:032x}",
                    text_hash=offset + 2,
                    decision=msgspec.structs.replace(template.decision, root=f"{offset:032x}"),
                    first_same=offset,
                    word_hashes=words.tobytes(),
                    word_bounds=model.word_bounds,
                )
            )

    return entries


def probes(bodies: list[str], start: int, rng: random.Random, words: list[str]) -> list[Article]:
    """Fresh articles, every second an edited copy of the one before."""
    out: list[Article] = []
    text = Text("", "", "", "ar")
    for number in range(PROBES):
        fresh = Text("", "", rng.choice(bodies), "ar")
        text = edits.reworded(text, rng, words) if number % 2 else edits.reworded(fresh, rng, words, 0.5)
        out.append(article(start + number, text.body))
    return out


def grams(article: Article) -> list[str]:
    """What MinHash wants: the folded word 4-grams."""
    folded = fold_text(article.body).split()
    return [" ".join(folded[at : at + 4]) for at in range(len(folded) - 3)]


def timed(
    name: str, articles: list[Article], prepare: Callable[[Article], T], answer: Callable[[int, T], object]
) -> list[object]:
    """A row: microseconds an article from its text to what is looked up, from there to the answer, and both."""
    start = time.process_time()
    prepared = [prepare(each) for each in articles]
    half = time.process_time()
    for number, each in enumerate(prepared):
        answer(number, each)
    end = time.process_time()
    return [name, *(f"{span / len(articles) * 1e6:.0f}" for span in (half - start, end - half, end - start))]


def peers(articles: list[Article]) -> list[list[object]]:
    """newsfeed and MinHash-LSH at 0.8 on the same texts. newsfeed's answer is the verdict with its evidence; the peers' are the
    articles that may be alike."""
    from datasketch import MinHash, MinHashLSH
    from rensa import RMinHash, RMinHashLSH

    index, quick = MinHashLSH(threshold=0.8, num_perm=128), RMinHashLSH(threshold=0.8, num_perm=128, num_bands=16)
    window = CopyWindow(capacity=100_000, seconds=None)

    def datasketch(number: int, found: list[str]) -> None:
        sketch = MinHash(num_perm=128)
        sketch.update_batch([gram.encode() for gram in found])
        index.query(sketch)
        index.insert(number, sketch)

    def rensa(number: int, found: list[str]) -> None:
        sketch = RMinHash(num_perm=128, seed=1)
        sketch.update(found)
        quick.query(sketch)
        quick.insert(number, sketch)

    return [
        timed("datasketch MinHash-LSH 0.8", articles, grams, datasketch),
        timed("rensa R-MinHash-LSH 0.8", articles, grams, rensa),
        timed("newsfeed", articles, fingerprint, window.judge),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="largest window, articles")
    most = parser.parse_args().most
    bodies = long_articles(ant_corpus(shared()))
    rng = random.Random(SEED)
    words = edits.vocabulary([Text("", "", body, "ar") for body in bodies])
    window = CopyWindow(capacity=most + PROBES * len(SIZES), seconds=None)
    entries = filling(window, bodies)
    at, rows, means = 1, [], []
    for size in [size for size in SIZES if size <= most]:
        began = time.process_time()
        loaded = window.load(entries(at, size))
        rebuild = (time.process_time() - began) / max(1, loaded) * 1e6
        at = max(at, size)
        times = []
        for probe in probes(bodies, at, rng, words):
            began = time.process_time()
            window.judge(at, probe)
            times.append((time.process_time() - began) * 1e6)
            at += 1
        means.append(statistics.mean(times))
        spread = [*np.percentile(times, [50, 99]), *(statistics.median(times[kind::2]) for kind in (0, 1)), means[-1]]
        rows.append([f"{size:,}", *(f"{each:.0f}" for each in spread), f"{means[-1] / means[0]:.2f}", f"{rebuild:.0f}", f"{anonymous_mb():.0f}"])  # fmt: skip
    show(
        f"judging a {WORDS}-word article while the window grows",
        [
            "window",
            "median us",
            "p99 us",
            "median of originals",
            "of copies",
            "mean us",
            "mean against the first",
            "make and load an entry, us",
            "anonymous MB",
        ],
        rows,
    )
    window.close()
    show(
        "one article of the same texts, us",
        ["what", "text to 4-grams or fingerprints", "sketch or compare, look up, insert", "together"],
        peers(probes(bodies, 0, rng, words)),
    )


if __name__ == "__main__":
    main()
