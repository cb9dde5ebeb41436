"""What an article can be found by: one string a word, tag or property, alike on the article's side and the query's.

Folded words hold letters and digits only, so a key with a colon or a star never meets a word.
"""

from __future__ import annotations

from functools import lru_cache

from newsfeed.records import Actor, Enriched
from newsfeed.text import fold_text

EVERY = "*"  # every article has it
LONGEST_PREFIX = 6  # a prefix is indexed by its first letters, at most so many
LONGEST_KEPT = 200  # characters of a name that is remembered

_remembered = lru_cache(maxsize=65_536)(fold_text)  # names and mentions repeat over articles


def _fold(name: str) -> str:
    return _remembered(name) if len(name) <= LONGEST_KEPT else fold_text(name)


@lru_cache(maxsize=65_536)
def actor_keys(identity: str, kind: str, name: str, country: str | None, code: str | None) -> tuple[str, ...]:
    """The keys of an actor: its id, its code and every beginning of it, its country, its name, a person's last name."""
    out = ["actor:*", f"actor:{identity}"]
    folded = fold_text(name)
    if folded:
        out.append(f"actor:name:{folded}")
        if kind == "person":
            out.append(f"actor:name:{folded.rsplit(' ', 1)[-1]}")
    if country and (kind == "country" or (code or "")[3:6] == "GOV"):
        out.append(f"actor:country:{country}")
    if code:
        out += [f"actor:code:{code[:length]}" for length in range(3, len(code) + 1)]
    return tuple(out)


def keys_of(actor: Actor) -> list[str]:
    """All keys of an actor of an article, the words it is named by included."""
    out = list(actor_keys(actor.id, actor.type, actor.name, actor.country, actor.code))
    out += [f"actor:name:{_fold(text)}" for text in {mention.text: None for mention in actor.mentions}]
    return out


def role_of(actor: Actor) -> str:
    """The folded role of an actor, "" for none."""
    return _fold(actor.role) if actor.role else ""


def source_keys(source: str, url: str | None) -> list[str]:
    """The source as named, folded and, where it or the URL is a host, every domain it lies in."""
    out = ["source:*"] if source else []
    host = url.split("://", 1)[-1].split("/", 1)[0].rsplit("@", 1)[-1].split(":", 1)[0] if url else ""
    for name in (source, host):
        lowered = name.casefold().strip()
        if not lowered:
            continue
        out.append(f"source:{lowered}")
        parts = lowered.split(".")
        if " " not in lowered and 1 < len(parts) <= 20:
            out += [f"source:{'.'.join(parts[at:])}" for at in range(1, len(parts) - 1)]
    if source:
        out.append(f"source:name:{_fold(source)}")
    return out


def tag_keys(enriched: Enriched) -> list[str]:
    """The keys of an article that do not stand in its text."""
    out = [EVERY, f"kind:{enriched.verdict.kind}"]
    if enriched.language:
        out += ("language:*", f"language:{enriched.language}")
    out += source_keys(enriched.source, enriched.url)
    for actor in enriched.actors:
        out += keys_of(actor)
        if actor.role:
            out.append("role:*")
            out += [f"role:{word}" for word in role_of(actor).split(" ")]
    for topic in enriched.topics:
        out += ("topic:*", f"topic:{topic.id}")
        out += [f"topic:{broader}" for broader in topic.path]
    return out
