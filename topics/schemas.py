"""JSON Schemas (draft 2020-12) of the outward records, and the table of topics for people; both derived from the catalogue."""

from __future__ import annotations

from typing import Any

import msgspec

from topics.catalogue import DAY_MS, TOPICS, TopicSpec
from topics.descriptions import described

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def outward() -> list[TopicSpec]:
    """The topics whose records outsiders write or read as JSON."""
    return [spec for spec in TOPICS.values() if not spec.internal and spec.record is not None]


def schema(spec: TopicSpec) -> dict[str, Any]:
    """The JSON Schema of a topic's records. Unknown fields are allowed: schemas evolve by adding optional ones."""
    assert spec.record is not None
    found: dict[str, Any] = msgspec.json.schema(spec.record)
    found["$defs"] = {name: described(definition) for name, definition in found["$defs"].items()}
    return {
        "$schema": DIALECT,
        "$id": f"urn:newsfeed:{spec.name}",
        "title": f"{spec.record.__name__} ({spec.name})",
        "description": spec.what[0].upper() + spec.what[1:] + ".",
        **found,
    }


def _days(spec: TopicSpec) -> str:
    if spec.retention_ms is None:
        return "the window plus a day"
    return "for ever" if spec.retention_ms < 0 else f"{spec.retention_ms // DAY_MS} days"


def table() -> str:
    """The topics as a Markdown table."""
    rows = ["| topic | key | record | cleanup | retention | what |", "|---|---|---|---|---|---|"]
    for spec in TOPICS.values():
        record = spec.record.__name__ if spec.record is not None else "bytes"
        what = spec.what + (" (internal)" if spec.internal else "")
        rows.append(f"| `{spec.name}` | {spec.key} | {record} | {spec.cleanup} | {_days(spec)} | {what} |")
    return "\n".join(rows) + "\n"


def page() -> str:
    """``docs/topics.md``."""
    parts = [
        "# Topics\n",
        "Written from `topics/catalogue.py` by `newsfeed topics schema --write docs`; do not edit by hand.\n",
        table(),
        "All names take the prefix `NEWSFEED_TOPIC_PREFIX`. Nobody outside may rely on internal topics.\n",
        "## Headers\n",
    ]
    parts += [
        f"- `{spec.name}`: {', '.join(f'`{name}`' for name in spec.headers) or 'none'}" for spec in TOPICS.values()
    ]
    return "\n".join(parts) + "\n"
