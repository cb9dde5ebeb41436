"""``python -m benchmarks.tagging``: milliseconds an article of 3 KB, then the growth with text and with the number of names.

The articles are the sample feed's, joined and cut to 3 KB of UTF-8 a language; folding is counted in. One core, CPU time, median of many runs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.table import show
from newsfeed.actors import ActorTagger
from newsfeed.subjects import SubjectTagger
from newsfeed.text import Document

FEED = Path(__file__).resolve().parents[2] / "agents" / "sample" / "feed.jsonl"
LANGUAGES = ("ar", "en", "ru", "fr", "es", "de")
SIZE = 3_000
RUNS = 200


def texts() -> dict[str, list[str]]:
    """The bodies of the sample feed by language."""
    out: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for line in FEED.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict) and isinstance(record.get("body"), str) and "<" not in record["body"]:
            language = record.get("language") or guess(record["body"])
            if language in out:
                out[language].append(record["body"])
    return out


def guess(text: str) -> str:
    """The language of a sample by its most telling words."""
    if any("\u0600" <= char <= "\u06ff" for char in text[:200]):
        return "ar"
    if any("\u0400" <= char <= "\u04ff" for char in text[:200]):
        return "ru"
    words = text.lower().split()
    telling = {"en": ("the", "of"), "fr": ("les", "des"), "es": ("los", "que"), "de": ("der", "und")}
    return max(telling, key=lambda language: sum(words.count(word) for word in telling[language]))


def article(bodies: list[str], size: int) -> str:
    """Bodies joined and cut to a size in bytes of UTF-8, repeated where there are not enough."""
    text = "\n".join(bodies)
    while len(text.encode()) < size:
        text += "\n" + "\n".join(bodies)
    return text.encode()[:size].decode(errors="ignore")


def median_ms(run: object, runs: int = RUNS) -> float:
    """Median milliseconds of a call."""
    assert callable(run)
    times = []
    for _ in range(runs):
        begin = time.process_time()
        run()
        times.append(time.process_time() - begin)
    return statistics.median(times) * 1000


def main() -> None:
    argparse.ArgumentParser(prog="python -m benchmarks.tagging", description=__doc__).parse_args()
    bodies = texts()
    begin = time.process_time()
    actors = ActorTagger()
    loaded = time.process_time() - begin
    subjects = SubjectTagger()

    def whole(title: str, text: str, language: str) -> None:
        document = Document(title, text, language)
        subjects.tag(document, actors.tag(document).actors)

    rows = []
    for language in LANGUAGES:
        title, text = bodies[language][0][:70], article(bodies[language], SIZE)
        for _ in range(20):
            whole(title, text, language)
        only = median_ms(lambda title=title, text=text, language=language: actors.tag(Document(title, text, language)))
        both = median_ms(lambda title=title, text=text, language=language: whole(title, text, language))
        rows.append((language, len(text), f"{only:.2f}", f"{both:.2f}"))
    show(
        f"Tagging an article of 3 KB (loading the actors {loaded:.1f} s)",
        ("language", "characters", "actors ms", "actors and topics ms"),
        rows,
    )
    rows = []
    for factor in (1, 4, 16, 64):
        text = article(bodies["ar"], SIZE * factor)
        taken = median_ms(lambda text=text: actors.tag(Document("", text, "ar")), max(5, RUNS // factor))
        rows.append((f"{SIZE * factor / 1000:.0f} KB", f"{taken:.2f}", f"{taken / factor:.2f}"))
    show("Growth with the text (ar)", ("text", "actors ms", "ms for 3 KB"), rows)
    rows = []
    text = article(bodies["ar"], SIZE)
    for names in (10_000, 100_000, 500_000):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "names.tsv"
            lines = ["id\ttype\tname_en"]
            lines += [f"nf:bench-{n}\torganisation\tBench {n:x} Holding {n % 97}" for n in range(names)]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            large = ActorTagger([path])
        taken = median_ms(lambda large=large: large.tag(Document("", text, "ar")))
        rows.append((f"{names:,} more", f"{taken:.2f}"))
    show("Growth with the gazetteer (ar, 3 KB)", ("names", "actors ms"), rows)


if __name__ == "__main__":
    main()
