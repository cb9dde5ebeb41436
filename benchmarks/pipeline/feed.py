"""Raw articles of 3 KB in three languages, every second one an edited copy of the one before it."""

from __future__ import annotations

import random
from collections.abc import Iterator

import orjson

from benchmarks.quality.copies import edits
from benchmarks.quality.copies.corpora import Text, ant_corpus, news_cluster, story_pairs
from benchmarks.shared import shared

SEED = 20_261_128
BODY_BYTES = 3_000
NEW, COPY = 0.5, 0.07  # share of the words that are swapped: such a text is new, such a text is a copy


def _bodies(texts: list[Text]) -> list[str]:
    """Bodies of about ``BODY_BYTES``: neighbouring articles run on into each other."""
    out, taken, size = list[str](), list[str](), 0
    for word in " ".join(text.body for text in texts).split():
        taken.append(word)
        size += len(word.encode()) + 1
        if size >= BODY_BYTES:
            out.append(" ".join(taken))
            taken, size = [], 0
    return out


def texts(count: int) -> Iterator[Text]:
    """So many texts, a pure function of the seed: half of the originals Arabic, a quarter each English and Russian."""
    folder, rng = shared(), random.Random(SEED)
    pairs = story_pairs(folder)
    sources = {
        "ar": ant_corpus(folder),
        "en": news_cluster(folder),
        "ru": [text for text in pairs if text.language == "ru"],
    }
    bodies = {language: _bodies(found) for language, found in sources.items()}
    words = {language: edits.vocabulary(found) for language, found in sources.items()}
    at = dict.fromkeys(sources, 0)
    for number in range(count):
        if number % 2 == 0:
            language = ("ar", "en", "ar", "ru")[number // 2 % 4]
            body = bodies[language][at[language] % len(bodies[language])]
            at[language] += 1
            title = " ".join(rng.choices(words[language], k=9))
            text = edits.reworded(Text("", title, body, language), rng, words[language], NEW)
            yield text
        else:
            yield edits.reworded(text, rng, words[text.language], COPY)


def url(number: int) -> str:
    """Where the article of a number stands; it comes out at the other end of the way."""
    return f"https://site{number % 50}.example.com/{number}"


def messages(count: int) -> list[bytes]:
    """The raw messages, without what names them: ``named`` adds that."""
    return [orjson.dumps({"title": text.title, "body": text.body}) for text in texts(count)]


def named(message: bytes, number: int) -> bytes:
    """The message under the id and address of a number."""
    source = f"site{number % 50}.example.com"
    return f'{{"id":"{number}","url":"{url(number)}","source":"{source}",'.encode() + message[1:]
