"""A wire of our own making for the copy stage: stories in six languages, and all that happens to a story afterwards.

Every story is told in words that no other story uses in the same order, so that who belongs together is certain.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from foreign_client import Raw

Article = dict[str, Any]

SYLLABLES = {
    "en": "bar den fol grim hal kest lor mun nor pell quin rud sten thor vil wex",
    "de": "bach dorf eich fels gund heim kirch lind moos nied ober rott stein tann wald zell",
    "fr": "beau char dun eau font gris haut lieu mont neuf pont rive sain tour val vern",
    "es": "alma bril cano dor esca flor gala hon luna mar nava oro pera rio sol vega",
    "ru": "бор вол гор дуб ель жар зим лес мох нов орл пол род сос тих яр",
    "ar": "بار تال جون دار ران زين سار شام طور عين فار قصر لون مرج نور وادي",
}
WORDS = {
    "en": "met near told about after visited against joined towards praised below",
    "de": "traf bei lobte nach besuchte gegen über verließ unter fand hinter",
    "fr": "rencontra près loua après visita contre rejoignit vers quitta sous trouva",
    "es": "visitó cerca elogió tras dejó contra buscó hacia halló bajo siguió",
    "ru": "встретил возле хвалил после посетил против покинул около нашел под искал",
    "ar": "زار قرب مدح بعد قابل ضد غادر نحو وجد تحت تابع",
}
CORRECTION = {
    "en": "CORRECTION: ",
    "de": "KORREKTUR: ",
    "fr": "CORRECTION : ",
    "es": "CORRECCIÓN: ",
    "ru": "ИСПРАВЛЕНИЕ: ",
    "ar": "تصحيح: ",
}
LANGUAGES = tuple(SYLLABLES)


def _name(language: str, rng: random.Random) -> str:
    return "".join(rng.choice(SYLLABLES[language].split()) for _ in range(3)).capitalize()


def _sentence(language: str, rng: random.Random) -> str:
    words = WORDS[language].split()
    return " ".join(part for _ in range(4) for part in (_name(language, rng), rng.choice(words))) + "."


def story(number: int, rng: random.Random) -> Article:
    """One invented story of seven paragraphs, without figures."""
    language = LANGUAGES[number % len(LANGUAGES)]
    return {
        "id": f"s{number}",
        "source": "wire.example",
        "url": f"https://wire.example/{number}",
        "language": language,
        "title": _sentence(language, rng).rstrip("."),
        "body": "\n\n".join(" ".join(_sentence(language, rng) for _ in range(2)) for _ in range(7)),
    }


def _elsewhere(one: Article, name: str, **fields: Any) -> Article:
    return {**one, "id": name, "source": "mirror.example", "url": f"https://mirror.example/{name}", **fields}


def _identical(one: Article, name: str, rng: random.Random) -> list[Article]:
    return [_elsewhere(one, name)]


def _edited(one: Article, name: str, rng: random.Random) -> list[Article]:
    """Another title, a credit, and one word in fifteen another."""
    words = WORDS[one["language"]].split()
    body = " ".join(
        rng.choice(words) if word in words and rng.random() < 0.13 else word for word in one["body"].split(" ")
    )
    return [_elsewhere(one, name, title=_sentence(one["language"], rng), body=body)]


def _cut(one: Article, name: str, rng: random.Random) -> list[Article]:
    """The first four paragraphs."""
    return [_elsewhere(one, name, body="\n\n".join(one["body"].split("\n\n")[:4]))]


def _updated(one: Article, name: str, rng: random.Random) -> list[Article]:
    return [{**one, "body": f"{one['body']}\n\n{_sentence(one['language'], rng)}"}]


def _sent_again(one: Article, name: str, rng: random.Random) -> list[Article]:
    return [one]


def _corrected(one: Article, name: str, rng: random.Random) -> list[Article]:
    """By the field, or by the agencies' convention and the same id."""
    if rng.random() < 0.5:
        return [{**one, "id": name, "url": None, "corrects": one["id"], "title": _sentence(one["language"], rng)}]
    return [{**one, "title": CORRECTION[one["language"]] + one["title"]}]


def _withdrawn(one: Article, name: str, rng: random.Random) -> list[Article]:
    return [{"id": one["id"], "source": one["source"], "status": "canceled"}]


AFTERWARDS: tuple[tuple[float, Callable[[Article, str, random.Random], list[Article]]], ...] = (
    (0.20, _identical),
    (0.45, _edited),
    (0.60, _cut),
    (0.72, _updated),
    (0.84, _sent_again),
    (0.93, _corrected),
    (1.00, _withdrawn),
)


def _embargoed(one: Article) -> list[Article]:
    return [{**one, "status": "withheld"}, one]


def _killed_before_it_came(one: Article) -> list[Article]:
    return [*_withdrawn(one, "", random.Random(0)), one]


def _bulletins(one: Article, rng: random.Random) -> list[Article]:
    """Three issues of one bulletin: the same words, other figures."""
    lines = [paragraph.split(".")[0] for paragraph in one["body"].split("\n\n")]
    return [
        {**one, "id": f"{one['id']}-{issue}", "url": f"{one['url']}-{issue}",
         "body": "\n\n".join(f"{line} {rng.randint(100, 99_999)}." for line in lines)}
        for issue in range(3)
    ]  # fmt: skip


def messages(count: int, seed: int = 11) -> Iterator[Raw]:
    """So many messages; all that an agency says of one story has the same key, as producers are advised.

    One in eight stories is an embargo, a kill that came first, or a bulletin; the others are copied, cut, updated, sent
    again, corrected and withdrawn while forty stories are current.
    """
    rng = random.Random(seed)
    current: list[Article] = []
    sent = number = 0
    while sent < count:
        if current and rng.random() < 0.55:
            told = rng.choice(current)
            chance = rng.random()
            made = next(make for limit, make in AFTERWARDS if chance <= limit)(told, f"m{sent}", rng)
            if made[0].get("status") == "canceled":
                current.remove(told)
            elif made[0]["id"] == told["id"]:
                current[current.index(told)] = made[0]
        else:
            one = story(number, rng)
            number += 1
            special = (_embargoed, _killed_before_it_came, lambda one: _bulletins(one, rng))
            made = special[number // 8 % 3](one) if number % 8 == 0 else [one]
            if len(made) == 1:
                current = [*current[-39:], one]
        for article in made[: count - sent]:
            key = article.get("corrects") or article["id"]
            yield key.encode(), json.dumps(article, ensure_ascii=False).encode(), None
            sent += 1
