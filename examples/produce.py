"""Send one article with confluent-kafka. Usage: python examples/produce.py [HOST:PORT]"""

from __future__ import annotations

import json
import sys

from confluent_kafka import Producer

ARTICLE = {
    "id": "ferry-1",
    "source": "Harbour Desk",
    "title": "Ferry service to the islands resumes",
    "body": "The ferry to the outer islands sails again from Monday after two weeks of repairs at the main pier.",
    "language": "en",
}

servers = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:9092"
producer = Producer({"bootstrap.servers": servers, "acks": "all"})
problems: list[object] = []
producer.produce(
    "news.raw.v1",
    key=str(ARTICLE["id"]),
    value=json.dumps(ARTICLE, ensure_ascii=False).encode(),
    headers={"content-type": "application/json"},
    on_delivery=lambda error, message: (
        problems.append(error) if error else print(f"at {message.partition()}/{message.offset()}")
    ),
)
left = producer.flush(30)
raise SystemExit(1 if left or problems else 0)
