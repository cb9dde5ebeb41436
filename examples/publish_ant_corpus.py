"""Publish the 10,161 Arabic articles of the ANT corpus (github.com/antcorpus/antcorpus.data) with a Kafka client that is not newsfeed's.

Usage: python examples/publish_ant_corpus.py ant_corpus_v1.1.tar.xz [--bootstrap-servers HOST:PORT] [--topic news.raw.v1] [--limit N]
"""

from __future__ import annotations

import argparse
import json
import re
import tarfile
from collections.abc import Iterator

FIELD = re.compile(r"<(DOCNO|URL|TITLE|AUTHOR|ABSTRACT|TEXT|TIME)>(.*?)</\1>", re.DOTALL)


def articles(path: str) -> Iterator[dict[str, object]]:
    """Raw articles as newsfeed reads them, in the order of the archive."""
    with tarfile.open(path) as archive:
        for member in archive:
            if not member.isfile() or not member.name.endswith(".txt"):
                continue
            file = archive.extractfile(member)
            assert file is not None
            found = {name: value.strip() for name, value in FIELD.findall(file.read().decode("utf-8", "replace"))}
            body = "\n".join(part for part in (found.get("ABSTRACT", ""), found.get("TEXT", "")) if part)
            yield {
                "id": found.get("DOCNO") or member.name,
                "source": "antcorpus",
                "url": found.get("URL") or None,
                "title": found.get("TITLE", ""),
                "body": body,
                "language": "ar",
                "published": found.get("TIME") or None,
                "authors": [found["AUTHOR"]] if found.get("AUTHOR") else None,
            }


def main() -> None:
    from confluent_kafka import Producer

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("archive")
    options.add_argument("--bootstrap-servers", default="127.0.0.1:9092")
    options.add_argument("--topic", default="news.raw.v1")
    options.add_argument("--limit", type=int)
    given = options.parse_args()
    producer = Producer({"bootstrap.servers": given.bootstrap_servers, "acks": "all", "linger.ms": 20})
    taken, failed = 0, []
    for number, article in enumerate(articles(given.archive)):
        if number == given.limit:
            break
        value = json.dumps(article, ensure_ascii=False).encode()
        while True:
            try:
                producer.produce(given.topic, key=str(article["id"]), value=value, on_delivery=lambda error, _: failed.append(error) if error else None)  # fmt: skip
                break
            except BufferError:
                producer.poll(0.5)
        producer.poll(0)
        taken += 1
    left = producer.flush(60)
    print(f"published {taken - left - len(failed)} of {taken} articles to {given.topic}")
    raise SystemExit(1 if left or failed else 0)


if __name__ == "__main__":
    main()
