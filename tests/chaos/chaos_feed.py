"""A seeded feed of any length for chaos runs, in little memory: article ``n`` is a function of the seed and ``n`` alone.

Invented news about invented places and people, in English and Arabic: half of it copies (sent again, elsewhere, edited, cut short,
embedded), and updates, corrections, withdrawals, embargoes and broken messages.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import feed
from foreign_client import Raw

REACH = 2_000  # how many articles back a copy may go
SENTENCE_BYTES = 150

ONSETS = (
    "b",
    "br",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
    "z",
)
VOWELS = ("a", "e", "i", "o", "u", "ai", "ei", "au")
CODAS = ("n", "r", "l", "s", "m", "k", "nd", "rt", "")
ARABIC_LETTERS = "بتجحدرزسشصطعفقكلمنهي"
FRAMES = (
    "{who} of {place} {act} {thing} on the {number}th day, {why}, and {who2} in {place2} answered {count} questions about {thing2}.",
    "In {place} {who} {act} {thing} {why}; {name}, who leads {place2}, counted {count} visitors within {number} hours.",
    "{name} told {who} that {place} {act} {thing} {why} and that {place2} owes {count} crowns for {thing2}.",
    "Some {count} people from {place} watched as {name} {act} {thing}; {who} spoke of {number} letters to {place2}.",
)  # fmt: skip
ARABIC_FRAMES = (
    "{act} {name} في {place} {thing} أمام {count} من سكان {place2} قبل {number} أيام من عودة {name2}.",
    "قال {name} إن {place} تنتظر {thing} منذ {count} يوما، وأضاف {name2} من {place2} أن العدد بلغ {number}.",
)


def _name(rng: random.Random) -> str:
    return "".join(
        rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS) for _ in range(rng.randint(2, 3))
    ).capitalize()


def _arabic_name(rng: random.Random) -> str:
    return "".join(rng.choice(ARABIC_LETTERS) for _ in range(rng.randint(4, 7)))


def _sentence(rng: random.Random) -> str:
    return rng.choice(FRAMES).format(
        who=rng.choice(feed.PEOPLE), who2=rng.choice(feed.PEOPLE), act=rng.choice(feed.ACTS), why=rng.choice(feed.WHYS),
        thing=rng.choice(feed.THINGS), thing2=f"the {_name(rng)} {rng.choice(('line', 'bridge', 'school', 'fair'))}",
        name=f"{_name(rng)} {_name(rng)}", place=_name(rng) if rng.random() < 0.7 else rng.choice(feed.PLACES), place2=_name(rng),
        number=rng.randint(2, 99), count=rng.randint(100, 99_999),
    )  # fmt: skip


def _arabic(rng: random.Random) -> str:
    return rng.choice(ARABIC_FRAMES).format(
        act=rng.choice(feed.ARABIC_ACTS), thing=rng.choice(feed.ARABIC_THINGS), place=rng.choice(feed.ARABIC_PLACES),
        name=f"{_arabic_name(rng)} {_arabic_name(rng)}", name2=_arabic_name(rng), place2=_arabic_name(rng),
        number=rng.randint(2, 99), count=rng.randint(100, 99_999),
    )  # fmt: skip


Article = dict[str, Any]


class ChaosFeed:
    """Message ``n`` of a seed is always the same.

    Args:
        size: about how many bytes an article's body has.
    """

    def __init__(self, seed: int, *, size: int = 3_000) -> None:
        self._seed = seed
        self._sentences = max(4, size // SENTENCE_BYTES)

    def article(self, number: int) -> Article:
        """The article that message ``number`` is, or is made from; every fifth is Arabic."""
        rng = random.Random(f"article {self._seed} {number}")
        make = _arabic if number % 5 == 0 else _sentence
        sentences = [make(rng) for _ in range(self._sentences)]
        return {
            "id": f"a{number}",
            "source": "example.org",
            "url": f"https://example.org/{number}",
            "title": make(rng).split(",")[0].split("؛")[0],
            "body": "\n".join(" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4)),
            "published": f"2026-02-{number % 28 + 1:02d}",
        }

    def message(self, number: int) -> Raw:
        """Message ``number``: key, value, content type."""
        rng = random.Random(f"message {self._seed} {number}")
        kind = _kind(rng)
        if kind == "broken":
            return feed.broken(number)[0]
        before = self.article(self._earlier(number, rng))
        one = KINDS[kind][1](self.article(number), before, rng)
        return one["id"].encode(), json.dumps(one, ensure_ascii=False).encode(), None

    def _earlier(self, number: int, rng: random.Random) -> int:
        """An earlier message that is its article as it stands."""
        for _ in range(20):
            chosen = rng.randrange(max(0, number - REACH), number) if number else 0
            if _kind(random.Random(f"message {self._seed} {chosen}")) == "new":
                return chosen
        return 0

    def messages(self, begin: int, end: int) -> Iterator[Raw]:
        return map(self.message, range(begin, end))


def _kind(rng: random.Random) -> str:
    (kind,) = rng.choices(list(KINDS), weights=[weight for weight, _ in KINDS.values()])
    return kind


def _elsewhere(before: Article, new: Article) -> Article:
    return before | {"id": f"c-{new['id']}", "url": f"https://mirror.example/{new['id']}", "source": "mirror.example"}


def _edited(new: Article, before: Article, rng: random.Random) -> Article:
    lines = before["body"].split("\n")
    lines[rng.randrange(len(lines))] = new["body"].split("\n")[0]
    return _elsewhere(before, new) | {"body": "\n".join(lines)}


def _cut(new: Article, before: Article, rng: random.Random) -> Article:
    lines = before["body"].split("\n")
    return _elsewhere(before, new) | {"body": "\n".join(lines[: max(1, len(lines) // 2)])}


def _embedded(new: Article, before: Article, rng: random.Random) -> Article:
    return new | {"body": f"{new['body']}\n{before['body']}"}


def _updated(new: Article, before: Article, rng: random.Random) -> Article:
    return before | {"body": f"{before['body']}\n{new['body'].split(chr(10))[0]}"}


def _corrected(new: Article, before: Article, rng: random.Random) -> Article:
    return new | {"corrects": before["id"], "title": f"Correction: {before['title']}", "body": before["body"]}


def _bare(before: Article, status: str) -> Article:
    return {"id": before["id"], "source": before["source"], "status": status}


# Weight in percent, and how the message is made of a new article and an earlier one.
KINDS: dict[str, tuple[float, Callable[[Article, Article, random.Random], Article]]] = {
    "new": (40, lambda new, before, rng: new),
    "sent again": (12, lambda new, before, rng: before),
    "elsewhere": (14, lambda new, before, rng: _elsewhere(before, new)),
    "edited": (13, _edited),
    "cut short": (7, _cut),
    "embedded": (4, _embedded),
    "update": (4, _updated),
    "correction": (1.5, _corrected),
    "withdrawal": (1, lambda new, before, rng: _bare(before, "canceled")),
    "embargo": (1.5, lambda new, before, rng: new | {"status": "withheld"}),
    "broken": (2, lambda new, before, rng: new),
}
