"""Learn ``newsfeed/data/subjects/weights/ar.tsv``: words that speak for or against a top term, from the train split of the ANT corpus.

Usage: ``python -m tools.train_subjects``. Source: ANT corpus v1.1 (Chouigui et al. 2017, Apache-2.0), train split only (60 % by a hash of
the folded text, copies together). A word's weight for a class is its log-odds there against the other classes (informative Dirichlet prior,
Monroe et al. 2008), kept where at least ``LEAST_Z`` deviations from nothing and in ``LEAST_ARTICLES`` articles, scaled and cut to be weaker
than a rule written by hand. Deterministic: no random numbers, ties by the word. Words of
the one site's own style (``STYLE``) are left out by hand; weights stay small because the corpus is one publisher's.
"""

from __future__ import annotations

from collections import Counter
from math import log, sqrt
from pathlib import Path

from benchmarks.quality.topics.corpora import ant
from newsfeed.subjects.stems import keys

OUT = Path(__file__).parent.parent / "newsfeed/data/subjects/weights/ar.tsv"
KEYS = {
    "sport": "sport",
    "economy": "economy",
    "politic": "politics",
    "culture": "arts",
    "technology": "technology",
    "society": "crime",
}
LEAST_Z = 4.0
LEAST_ARTICLES = 12
PRIOR = 800.0
SCALE = 0.2
HEAVIEST = 0.7
MOST = 200  # words a class

STYLE = frozenset(
    [
        "جوهره", "مراسل", "مصدر", "مصادر", "افاد", "اكد", "اكده", "جهه", "رقه",
        "تمكنت", "جديد", "جديده", "عبر", "يمكن", "موقع", "عالم", "اليوم", "صباح",
        "مساء", "زين", "يلم", "كيفيه", "شخص", "يوم", "ساعه", "اولي", "دور",
    ]
)  # fmt: skip


def bare_word(word: str) -> str:
    """The shortest form without proclitics, so that one word has one weight."""
    return min(keys(word, "ar") or (word,), key=lambda form: (len(form), form))


def main() -> None:
    counts: dict[str, Counter[str]] = {label: Counter() for label in KEYS}
    articles: Counter[str] = Counter()
    background: Counter[str] = Counter()
    for sample in ant("train"):
        (label,) = sample.labels
        words = {
            bare_word(word)
            for word in sample.document.folded_title.words + sample.document.folded_body.words
            if len(word) > 2
        }
        words = {word for word in words if len(word) > 2 and not word.isdigit() and not word.isascii()}
        background.update(words)
        if label in counts:
            counts[label].update(words)
            articles.update(words)
    whole = sum(background.values())
    rows: list[tuple[str, float, str]] = []
    for label, own in counts.items():
        inside = sum(own.values())
        found = []
        for word, count in own.items():
            other = background[word] - count
            if count < LEAST_ARTICLES or word in STYLE:
                continue
            prior = PRIOR * background[word] / whole
            odds = log((count + prior) / (inside + PRIOR - count - prior)) - log(
                (other + prior) / (whole - inside + PRIOR - other - prior)
            )
            deviation = sqrt(1 / (count + prior) + 1 / (other + prior))
            if odds / deviation >= LEAST_Z and odds > 1:
                found.append((-odds / deviation, word, odds))
        rows += [(KEYS[label], min(HEAVIEST, SCALE * odds), word) for _, word, odds in sorted(found)[:MOST]]
    head = (
        "# Learned from the train split of the ANT corpus v1.1 (Chouigui et al. 2017, Apache-2.0); made by tools/train_subjects.py.\n"
        "topics\tweight\tterms\tsource\n"
    )
    OUT.write_text(
        head + "".join(f"{key}\t{weight:.2f}\t={word}\tANT train\n" for key, weight, word in rows), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
