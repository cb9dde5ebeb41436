"""The AsyncAPI 3 document of the outward topics, derived from the catalogue and the JSON Schemas."""

from __future__ import annotations

from typing import Any

from topics.catalogue import TopicSpec
from topics.schemas import outward, schema


def _identifier(spec: TopicSpec) -> str:
    return spec.name.replace(".", "_")


def _local(value: Any, name: str) -> Any:
    """References of a schema moved under ``components/schemas/<name>``."""
    if isinstance(value, dict):
        return {
            key: item.replace("#/$defs/", f"#/components/schemas/{name}/$defs/")
            if key == "$ref" and isinstance(item, str)
            else _local(item, name)
            for key, item in value.items()
        }
    return [_local(item, name) for item in value] if isinstance(value, list) else value


def document(version: str) -> dict[str, Any]:
    """AsyncAPI 3.0.0: producers send to ``news.raw.v1`` and ``news.subscriptions.v1``, everything else is received."""
    specs = outward()
    sent = {"news.raw.v1", "news.subscriptions.v1"}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "newsfeed",
            "version": version,
            "description": "Raw articles in; verdicts, enriched events and alerts out.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {
            _identifier(spec): {
                "address": spec.name,
                "description": spec.what,
                "messages": {"record": {"$ref": f"#/components/messages/{_identifier(spec)}"}},
                "bindings": {
                    "kafka": {"topic": spec.name, "topicConfiguration": {"cleanup.policy": spec.cleanup.split(",")}}
                },
            }
            for spec in specs
        },
        "operations": {
            ("send_" if spec.name in sent else "receive_") + _identifier(spec): {
                "action": "receive" if spec.name in sent else "send",
                "channel": {"$ref": f"#/channels/{_identifier(spec)}"},
            }
            for spec in specs
        },
        "components": {
            "messages": {_identifier(spec): _message(spec) for spec in specs},
            "schemas": {_identifier(spec): _local(schema(spec), _identifier(spec)) for spec in specs},
        },
    }


def _message(spec: TopicSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "contentType": "application/json",
        "headers": {"type": "object", "properties": {name: {"type": "string"} for name in spec.headers}},
        "payload": {"$ref": f"#/components/schemas/{_identifier(spec)}"},
        "bindings": {"kafka": {"key": {"type": "string", "description": spec.key}}},
    }
