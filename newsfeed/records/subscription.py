"""A subscription: who wants to hear about what, and how."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

Trigger = Literal["original", "update", "correction", "withdrawal"]
DEFAULT_TRIGGERS: tuple[Trigger, ...] = ("original", "correction", "withdrawal")


class Group(Struct, frozen=True, kw_only=True):
    """Grouping as in Alertmanager: alerts of one root, actor or topic wait together. Seconds."""

    by: Literal["root", "actor", "topic"]
    wait: float = 0.0
    interval: float = 0.0


class Outlet(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where alerts leave: a Kafka topic of one's own, a signed webhook, or server-sent events."""

    kind: Literal["kafka", "webhook", "sse"]
    topic: str | None = None
    url: str | None = None
    secret_file: str | None = None


class Subscription(Struct, frozen=True, kw_only=True):
    """``id`` is the name given; ``query`` is Lucene syntax; ``cap`` the most articles told in one alert (None: no cap)."""

    id: str
    query: str
    owner: str | None = None
    on: list[Trigger] = field(default_factory=lambda: list(DEFAULT_TRIGGERS))
    group: Group | None = None
    cap: int | None = None
    outlets: list[Outlet] = []
    paused: bool = False
