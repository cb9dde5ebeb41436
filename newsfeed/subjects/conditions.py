"""Conditions of a rule on the actors of an article.

``country:RU`` an actor of that country; ``type:person`` of that type; ``id:wd:Q7184`` that one; ``code:*MFA`` with such a code
(``*`` at either end); ``countries:2`` so many different countries among actors in the role of actor; ``governments:2`` so many
different countries among governments and ministries (code with GOV).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

from newsfeed.records import Actor


def _by_country(value: str, actors: Sequence[Actor]) -> list[Actor]:
    return [actor for actor in actors if actor.country == value]


def _by_type(value: str, actors: Sequence[Actor]) -> list[Actor]:
    return [actor for actor in actors if actor.type == value]


def _by_id(value: str, actors: Sequence[Actor]) -> list[Actor]:
    return [actor for actor in actors if actor.id == value]


def _by_code(value: str, actors: Sequence[Actor]) -> list[Actor]:
    return [actor for actor in actors if actor.code and fnmatchcase(actor.code, value)]


def _countries(value: str, actors: Sequence[Actor]) -> list[Actor]:
    acting = [actor for actor in actors if actor.country and any(mention.role == "actor" for mention in actor.mentions)]
    return _enough(value, acting)


def _governments(value: str, actors: Sequence[Actor]) -> list[Actor]:
    return _enough(value, [actor for actor in actors if actor.country and actor.code and "GOV" in actor.code])


def _enough(value: str, actors: list[Actor]) -> list[Actor]:
    """The first actor of each country, or none where there are fewer countries than asked."""
    first: dict[str, Actor] = {}
    for actor in actors:
        first.setdefault(actor.country or "", actor)
    return list(first.values()) if len(first) >= int(value or 1) else []


_CONDITIONS: dict[str, Callable[[str, Sequence[Actor]], list[Actor]]] = {
    "country": _by_country, "type": _by_type, "id": _by_id, "code": _by_code,
    "countries": _countries, "governments": _governments,
}  # fmt: skip


def check(condition: str) -> None:
    """Raises ValueError, with the reason, for a condition that means nothing."""
    name, _, value = condition.partition(":")
    if name not in _CONDITIONS:
        raise ValueError(f"unknown condition {condition!r}; known: {', '.join(f'{known}:' for known in _CONDITIONS)}")
    if not value or (name in ("countries", "governments") and not value.isdecimal()):
        raise ValueError(
            f"{name}: wants {'a number' if name in ('countries', 'governments') else 'a value'} in {condition!r}"
        )


def hold(conditions: Sequence[str], actors: Sequence[Actor]) -> list[Actor]:
    """The actors that satisfy the conditions, each once; empty unless every condition holds."""
    met: list[Actor] = []
    for condition in conditions:
        name, _, value = condition.partition(":")
        found = _CONDITIONS[name](value, actors)
        if not found:
            return []
        met += [actor for actor in found if actor not in met]
    return met
