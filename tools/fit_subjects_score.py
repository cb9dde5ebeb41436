"""Fit ``bias``, ``share`` and ``distinct`` of ``newsfeed/data/subjects/scoring.tsv`` to the development splits, and print them.

Usage: ``python -m tools.fit_subjects_score`` (prints the figures; whoever takes them writes them into the file and measures again). Every top term
that has at least ``LEAST`` of an article's evidence is one observation: its share of the evidence, log(1 + number of different patterns), and
whether the article's label stands for it. Logistic regression by Newton's method from zero, the sets weighted alike, so that a large one does not
decide alone. Deterministic: no random numbers. Data: the sets of ``benchmarks/quality/topics``, development split only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import exp, log

from benchmarks.quality.topics.__main__ import SETS
from benchmarks.quality.topics.corpora import Mapping, Sample, mapping
from newsfeed.subjects import SubjectTagger

LEAST = 0.05  # share of the evidence
STEPS = 30

Observation = tuple[float, float, bool]  # share, log(1 + patterns), right


def observations(samples: Iterable[Sample], table: Mapping, tagger: SubjectTagger) -> Iterator[Observation]:
    for sample in samples:
        labels = sample.labels & table.classes.keys()
        if labels:
            right = frozenset(top for label in labels for top in table.classes[label])
            for top, share, patterns in tagger.shares(sample.document):
                if share >= LEAST:
                    yield share, log(1 + patterns), top in right


def fit(sets: list[list[Observation]]) -> list[float]:
    """(bias, share, distinct) of greatest likelihood."""
    rows = [((1.0, share, distinct), right, 1 / len(one)) for one in sets for share, distinct, right in one]
    weights = [0.0, 0.0, 0.0]
    for _ in range(STEPS):
        gradient = [0.0] * 3
        hessian = [[0.0] * 3 for _ in range(3)]
        for values, right, weight in rows:
            told = 1 / (1 + exp(-sum(w * v for w, v in zip(weights, values, strict=True))))
            for i in range(3):
                gradient[i] += weight * (right - told) * values[i]
                for j in range(3):
                    hessian[i][j] += weight * told * (1 - told) * values[i] * values[j]
        weights = [w + step for w, step in zip(weights, _solve(hessian, gradient), strict=True)]
    return weights


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a small system, by elimination; the matrix is positive definite."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for i in range(size):
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for j in range(size):
            if j != i:
                rows[j] = [a - rows[j][i] * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[-1] for row in rows]


def main() -> None:
    tagger = SubjectTagger()
    sets = [list(observations(read("dev"), mapping(table), tagger)) for _, table, read, _ in SETS]
    for name, value in zip(("bias", "share", "distinct"), fit(sets), strict=True):
        print(f"{name}\t{value:.2f}")
    print(f"# {sum(map(len, sets))} observations of {len(sets)} sets")


if __name__ == "__main__":
    main()
