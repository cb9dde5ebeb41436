"""A feed of our own making for load and crash tests: invented articles, copies of them, updates, and messages broken in ten ways."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from foreign_client import Raw

PLACES = (
    "Paris",
    "Berlin",
    "Madrid",
    "Cairo",
    "Moscow",
    "London",
    "Ottawa",
    "Rabat",
    "Vienna",
    "Oslo",
    "Lisbon",
    "Amman",
)
PEOPLE = (
    "the minister of trade",
    "the mayor",
    "the head of the central bank",
    "a spokesman for the railway",
    "the harbour master",
    "the team's coach",
)
ACTS = (
    "signed",
    "refused",
    "postponed",
    "welcomed",
    "criticised",
    "announced",
    "explained",
    "defended",
    "questioned",
    "reviewed",
)
THINGS = (
    "a treaty on fishing",
    "the new timetable",
    "a loan for the dam",
    "the plan for the tunnel",
    "the result of the match",
    "the budget of the museum",
    "a ban on night flights",
    "the price of bread",
)
WHYS = (
    "after weeks of talks",
    "although the opposition had warned against it",
    "because the river keeps rising",
    "in front of several hundred guests",
    "without giving a reason",
    "as the unions had asked",
)

ARABIC_PLACES = ("باريس", "برلين", "القاهرة", "موسكو", "لندن", "الرباط", "عمّان")
ARABIC_ACTS = ("أعلن", "رفض", "أجّل", "ناقش", "انتقد", "وقّع")
ARABIC_THINGS = ("اتفاقية الصيد", "خطة النفق الجديد", "ميزانية المتحف", "نتيجة المباراة", "سعر الخبز", "قرض السد")


def _sentence(rng: random.Random) -> str:
    return (
        f"In {rng.choice(PLACES)} {rng.choice(PEOPLE)} {rng.choice(ACTS)} {rng.choice(THINGS)} {rng.choice(WHYS)}, "
        f"and {rng.choice(PEOPLE)} {rng.choice(ACTS)} {rng.choice(THINGS)} {rng.randint(2, 9_999)} days later."
    )


def _arabic(rng: random.Random) -> str:
    return f"{rng.choice(ARABIC_ACTS)} الوزير في {rng.choice(ARABIC_PLACES)} {rng.choice(ARABIC_THINGS)} بعد {rng.randint(2, 9_999)} يوما من المحادثات مع وفد من {rng.choice(ARABIC_PLACES)}."


def article(number: int, seed: int = 7) -> dict[str, object]:
    """One invented article; every fifth is Arabic."""
    rng = random.Random(seed * 1_000_003 + number)
    arabic = number % 5 == 0
    make = _arabic if arabic else _sentence
    return {
        "id": f"a{number}",
        "source": "example.org",
        "url": f"https://example.org/{number}",
        "title": make(rng).split(",")[0],
        "body": "\n".join(" ".join(make(rng) for _ in range(3)) for _ in range(3)),
        "published": f"2026-02-{number % 28 + 1:02d}",
    }


def messages(count: int, seed: int = 7) -> Iterator[Raw]:
    """Articles, of which a fifth are copies under another id, a twentieth are sent again and a twentieth are updates."""
    rng = random.Random(seed)
    sent: list[dict[str, object]] = []
    for number in range(count):
        chance = rng.random()
        if sent and chance < 0.05:
            one = rng.choice(sent)
        elif sent and chance < 0.25:
            one = {
                **rng.choice(sent),
                "id": f"c{number}",
                "url": f"https://mirror.example/{number}",
                "source": "mirror.example",
            }
        elif sent and chance < 0.3:
            old = rng.choice(sent)
            one = {**old, "body": f"{old['body']}\n{_sentence(rng)}"}
        else:
            one = article(number, seed)
        sent.append(one)
        yield str(one["id"]).encode(), json.dumps(one, ensure_ascii=False).encode(), None


BROKEN: dict[str, tuple[bytes, str | None, str]] = {
    "not json": (b"this is no JSON", None, "not_json"),
    "half of it": (b'{"title": "Cut', None, "not_json"),
    "a list": (b'["title", "body"]', None, "not_object"),
    "a number": (b"42", None, "not_object"),
    "empty": (b"", None, "not_json"),
    "a number as title": (b'{"title": 5, "body": "Text with letters."}', None, "wrong_type"),
    "no text": (b'{"id": "x1", "title": "  ", "body": "123 ..."}', None, "no_text"),
    "not utf-8": (b'{"title": "\xff\xfe\xfa caf\xe9", "body": "text"}', None, "not_utf8"),
    "too deep": (b'{"title": "x", "body": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", None, "not_json"),
    "other content": (b"PK\x03\x04", "application/zip", "unsupported_content_type"),
}


def broken(number: int) -> tuple[Raw, str]:
    """A message broken in one of ten ways, and the reason its dead letter must give."""
    value, content_type, reason = list(BROKEN.values())[number % len(BROKEN)]
    return (f"broken-{number}".encode(), value, content_type), reason
