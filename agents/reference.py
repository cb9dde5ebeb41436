"""The generated reference files under ``docs/``: topics, settings, JSON Schemas, AsyncAPI. A test fails when they drift."""

from __future__ import annotations

import json
from importlib.metadata import version

from agents import settings
from topics import asyncapi, schemas

VERSION = version("newsfeed")


def _pretty(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def files() -> dict[str, str]:
    """Path below ``docs/`` to content."""
    found = {"topics.md": schemas.page(), "settings.md": settings.page()}
    found["asyncapi.json"] = _pretty(asyncapi.document(VERSION))
    found |= {f"schemas/{spec.name}.json": _pretty(schemas.schema(spec)) for spec in schemas.outward()}
    return found
