"""How far each agent is behind, and for how long it has not moved: for readiness, ``/metrics`` and the stall that ends a worker."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import faust
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

Place = tuple[str, str, int]  # agent, topic, partition


@dataclass(frozen=True, slots=True)
class Reach:
    """Where an agent stands in a partition.

    Attributes:
        done: the next offset to be done. end: of the log.
        heard: when the broker last answered, milliseconds of the wall clock; None where work waits and nothing is asked.
    """

    done: int
    end: int
    heard: int | None = None


@dataclass(slots=True)
class _Seen:
    reach: Reach
    moved: float  # monotonic seconds
    silent: bool


class Lag(Collector):
    """What the apps' consumers know of their partitions.

    `look` is called regularly; everything else speaks of its last look. A partition that has work and whose commit has not
    moved since is *stalled* for that long; so is one without work of which the broker has said nothing: it is *silent*.
    """

    def __init__(self) -> None:
        self._seen: dict[Place, _Seen] = {}
        self._now = 0.0

    def look(self, apps: Mapping[str, faust.App]) -> None:
        """Read the consumers; asks no broker."""
        self.note(
            {place: reach for name, app in apps.items() for place, reach in _reaches(name, app)}, time.monotonic()
        )

    def note(self, reaches: Mapping[Place, Reach], now: float) -> None:
        """Take what was seen at ``now`` (seconds of any clock that only rises)."""
        self._now = now
        seen = {}
        for place, reach in reaches.items():
            before = self._seen.get(place)
            waits = before is not None and before.reach.done == reach.done < before.reach.end
            silent = before is not None and reach.heard is not None and before.reach.heard == reach.heard
            seen[place] = _Seen(reach, before.moved if (waits or silent) and before is not None else now, silent)
        self._seen = seen

    def messages(self) -> dict[Place, int]:
        """Records that are not done, by agent, topic and partition."""
        return {place: max(0, seen.reach.end - seen.reach.done) for place, seen in self._seen.items()}

    def stalled(self) -> tuple[float, Place | None]:
        """The longest stall in seconds and where it is; (0, None) where everything moves."""
        longest = max(((self._now - seen.moved, place) for place, seen in self._seen.items()), default=(0.0, None))
        return longest if longest[0] > 0 else (0.0, None)

    def silent(self) -> float:
        """For how long the broker has said nothing of some partition that has no work; seconds."""
        return max((self._now - seen.moved for seen in self._seen.values() if seen.silent), default=0.0)

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """For Prometheus."""
        labels = ("agent", "topic", "partition")
        behind = GaugeMetricFamily("newsfeed_lag_records", "Records that wait for an agent.", labels=labels)
        still = GaugeMetricFamily(
            "newsfeed_lag_seconds",
            "For how long work has waited without a commit that moves, or the broker has said nothing.",
            labels=labels,
        )
        for (agent, topic, partition), seen in self._seen.items():
            place = (agent, topic, str(partition))
            behind.add_metric(place, max(0, seen.reach.end - seen.reach.done))
            still.add_metric(place, self._now - seen.moved)
        return [behind, still]


def _reaches(name: str, app: faust.App) -> Iterable[tuple[Place, Reach]]:
    """The bookkeeping of Faust and aiokafka; tests/agents/test_internals.py guards the names."""
    consumer: Any = app.consumer
    in_hand = {message.tp for message in tuple(consumer.unacked)}
    for place in app._assignment or ():  # None until the group's first answer
        fetched = None
        with suppress(Exception):  # between two assignments there is nobody to ask
            fetched = consumer._thread._ensure_consumer()._subscription.subscription.assignment.state_value(place)
        if fetched is None or fetched.highwater is None or not fetched.has_valid_position:
            continue
        # A log that begins after the committed offset, or was never committed, has nothing to wait for once it is read.
        idle = fetched.position >= fetched.highwater and place not in in_hand
        done = fetched.highwater if idle else consumer._committed_offset[place] or 0
        yield (name, place.topic, place.partition), Reach(done, fetched.highwater, fetched.timestamp if idle else None)
