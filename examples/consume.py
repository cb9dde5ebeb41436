"""Print enriched articles with confluent-kafka. Usage: python examples/consume.py [HOST:PORT] [topic id, for example medtop:20000338]"""

from __future__ import annotations

import json
import sys

from confluent_kafka import Consumer

servers = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:9092"
wanted = sys.argv[2] if len(sys.argv) > 2 else None
consumer = Consumer(
    {
        "bootstrap.servers": servers,
        "group.id": "example",
        "auto.offset.reset": "earliest",
        "session.timeout.ms": 6000,  # the embedded broker keeps a new member waiting for half of it
    }
)
consumer.subscribe(["news.enriched.v1"])
try:
    while True:
        message = consumer.poll(1.0)
        if message is None or message.error() or message.value() is None:
            continue
        # The headers suffice to pick a slice; nothing else is decoded.
        topics = dict(message.headers() or []).get("topics", b"").decode().split(",")
        if wanted is not None and wanted not in topics:
            continue
        article = json.loads(message.value())
        print(article["verdict"]["kind"], article["title"], [actor["name"] for actor in article["actors"]], sep=" | ")
except KeyboardInterrupt:
    pass
finally:
    consumer.close()
