"""Mutated articles through the whole pipeline: each ends as an enriched record, a verdict or a dead letter that can be written as JSON."""

from __future__ import annotations

from pathlib import Path

import orjson

from newsfeed.copies import CopyWindow
from newsfeed.pipeline import Pipeline
from newsfeed.records import DeadLetter, Enriched, Position, RawMessage, Verdict
from topics import codec

SAMPLE = Path(__file__).resolve().parents[2] / "agents" / "sample"
TYPES = ("application/json", "application/json", "application/json", "text/plain", "text/html")


class Articles:
    """One pipeline that is given one message after the other."""

    def __init__(self) -> None:
        feed = [line for line in (SAMPLE / "feed.jsonl").read_bytes().splitlines() if line.strip()]
        self.originals = feed + [(SAMPLE / name).read_bytes() for name in ("consultations.txt", "desalination.html")]
        self._pipeline = Pipeline(capacity=500)
        self._offset = -1

    def answer(self, value: bytes) -> str:
        self._offset += 1
        position = Position(topic="news.raw.v1", partition=0, offset=self._offset)
        kind = TYPES[len(value) % len(TYPES)]
        answer = self._pipeline.run(RawMessage(position=position, value=value, content_type=kind), self._offset)
        if isinstance(answer, DeadLetter):
            return f"dead: {answer.reason}"
        if not isinstance(answer, Enriched | Verdict):
            raise TypeError(f"answered by {type(answer).__name__}")
        orjson.loads(codec.encode(answer))
        return (answer.verdict if isinstance(answer, Enriched) else answer).kind

    def alone(self, value: bytes) -> None:
        """With an empty window; a second pipeline would take a hundred megabytes more, and show as growth."""
        kept, self._pipeline.window = self._pipeline.window, CopyWindow(capacity=2, seconds=None)
        try:
            self.answer(value)
        finally:
            self._pipeline.window.close()
            self._pipeline.window = kept
