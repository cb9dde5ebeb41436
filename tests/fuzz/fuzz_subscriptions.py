"""Mutated queries and subscription records: each is refused with its column and reason, or read, indexed and matched."""

from __future__ import annotations

import json

from fuzz_articles import SAMPLE

from newsfeed.pipeline import Pipeline
from newsfeed.records import Enriched, Position, RawMessage, Subscription
from newsfeed.subscriptions import Matcher, QueryError, from_json, parse
from topics import codec

QUERIES = (
    'actor:(SA OR AE OR KW) AND topic:medtop:04000000',
    'actor:RU AND "natural gas"~3 AND NOT source:example.com',
    '+language:ar -kind:update (زلزال OR هزة OR "تحت الأنقاض")',
    "title:(Erdbeben* OR землетрясение) AND score:[0.5 TO *}",
    'role:minister OR body:"a b c d"~10 OR topic:(storm OR nf:hydrogen OR medtop:20000151)',
    '{"all": [{"field": "actor", "is": "wd:Q159"}, {"any": [{"phrase": "gas pipeline", "within": 4}, {"prefix": "gas"}]}, {"not": {"field": "kind", "is": "update"}}]}',
)  # fmt: skip
ARTICLES = 3  # that each readable query is matched with
HELD = 200  # subscriptions at once


def _enriched(count: int) -> list[Enriched]:
    pipeline, out = Pipeline(capacity=100), list[Enriched]()
    for offset, line in enumerate((SAMPLE / "feed.jsonl").read_bytes().splitlines()):
        message = RawMessage(position=Position(topic="news.raw.v1", partition=0, offset=offset), value=line)
        answer = pipeline.run(message, offset)
        if isinstance(answer, Enriched) and answer.verdict.kind == "original":
            out.append(answer)
        if len(out) == count:
            break
    return out


class Subscriptions:
    """A matcher that is given one subscription after the other."""

    def __init__(self) -> None:
        records = [
            {"id": f"desk {at}", "owner": "night desk", "query": query, "on": ["original", "update"], "cap": 10, "paused": False,
             "group": {"by": "root", "wait": 30.0, "interval": 300.0}, "outlets": [{"kind": "webhook", "url": "https://desk.example/hook"}]}
            for at, query in enumerate(QUERIES)
        ]  # fmt: skip
        self.originals = [json.dumps(record).encode() for record in records]
        self._articles = _enriched(ARTICLES)
        self._matcher = Matcher()
        self._number = 0

    def answer(self, value: bytes) -> str:
        return self._read(value, self._matcher)

    def alone(self, value: bytes) -> None:
        self._read(value, Matcher())

    def _read(self, value: bytes, matcher: Matcher) -> str:
        self._number += 1
        found = codec.decode(value, Subscription)
        query = value.decode("utf-8", "replace") if isinstance(found, codec.Bad) else found.query
        id = str(self._number % HELD)
        try:
            if from_json(parse(query).to_json()) is None:
                raise AssertionError(query)
            matcher.put(Subscription(id=id, query=query))
            if not isinstance(found, codec.Bad):
                matcher.put(found)
        except QueryError as error:
            if not 0 < len(str(error)) < 1_000:
                raise AssertionError(f"an error of {len(str(error))} characters") from None
            return "refused"
        finally:
            if not isinstance(found, codec.Bad):
                matcher.remove(found.id)
        for article in self._articles:
            for match in matcher.match(article):
                for clause in match.clauses:
                    codec.encode(clause)
        return "read"
