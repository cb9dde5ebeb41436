"""What happens in a life of the feed that is short enough to die at every point of it, and has every kind of verdict and alert."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from chaos_feed import ChaosFeed

BEGIN_MS = 1_767_225_600_000  # 2026-01-01
MINUTE_MS = 60_000
OWN_TOPIC = "desk.harbour"

Raw = tuple[bytes, bytes, str | None]  # key, value, content type
Article = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """``raw``: the messages that stand in news.raw.v1 since ``time_ms``; what is due then leaves before they are read."""

    time_ms: int
    raw: tuple[Raw, ...]


def subscriptions() -> list[tuple[bytes, bytes]]:
    """Told at once, in groups that wait, in groups with pauses and a cap, by a topic of one's own; and one that cannot be used."""
    wanted: list[Article] = [
        {"id": "all", "query": "language:(en OR ar)", "on": ["original", "update", "correction", "withdrawal"]},
        {"id": "waits", "query": "language:(en OR ar)", "group": {"by": "root", "wait": 900}},
        {
            "id": "paced",
            "query": "source:example.org",
            "on": ["original", "update", "withdrawal"],
            "group": {"by": "root", "interval": 1800},
            "cap": 2,
        },
        {"id": "own", "query": "language:en", "outlets": [{"kind": "kafka", "topic": OWN_TOPIC}]},
        {"id": "typo", "query": "langauge:en"},
    ]
    return [(each["id"].encode(), json.dumps(each).encode()) for each in wanted]


def _sent(article: Article) -> Raw:
    return article["id"].encode(), json.dumps(article, ensure_ascii=False).encode(), None


def _elsewhere(article: Article, id: str, **fields: Any) -> Article:
    return article | {"id": id, "source": "mirror.example", "url": f"https://mirror.example/{id}"} | fields


def _canceled(article: Article) -> Article:
    return {"id": article["id"], "source": article["source"], "status": "canceled"}


def script() -> list[Moment]:
    """The moments in their order."""
    feed = ChaosFeed(1, size=1_000)
    ferry, port, dam, late, fair, quay, rail, toll = (feed.article(number) for number in (1, 5, 2, 3, 4, 6, 7, 8))
    lines = ferry["body"].split("\n")
    update = ferry | {"body": f"{ferry['body']}\n{toll['body'].split(chr(10))[0]}"}
    correction = rail | {"id": "corrects", "url": None, "corrects": port["id"], "title": f"Not so: {port['title']}"}
    marked = ferry | {"title": f"Correction: {ferry['title']}", "body": f"{update['body']}\n{dam['title']}."}
    embeds = fair | {"body": f"{fair['body']}\n{port['body']}"}
    happened: list[list[Article | Raw]] = [
        [
            ferry,
            port,
            (b"broken", b'{"title": "Cut', None),
            _elsewhere(ferry, "same-text"),
            dam | {"status": "withheld"},
        ],
        [
            _elsewhere(ferry, "edited", title=toll["title"], body=ferry["body"].replace(" and ", " while ", 2) + " So it is said."),
            _elsewhere(ferry, "cut", body="\n".join(lines[:1])),
            ferry,
            embeds,
            _canceled(late),
        ],
        [update, dam, late, correction, (b"broken", b'{"title": 5, "body": "Text."}', None)],
        [_canceled(dam), marked, _elsewhere(marked, "marked-elsewhere"), (b"zip", b"PK\x03\x04", "application/zip"), quay],
        [_canceled(quay), _canceled(quay), _canceled(port)],
        [],
        [_elsewhere(ferry, "forgotten")],
        [],
    ]  # fmt: skip
    minutes = (0, 10, 20, 30, 35, 300, 300 + 73 * 60, 400 + 73 * 60)
    return [
        Moment(BEGIN_MS + at * MINUTE_MS, tuple(each if isinstance(each, tuple) else _sent(each) for each in sent))
        for at, sent in zip(minutes, happened, strict=True)
    ]
