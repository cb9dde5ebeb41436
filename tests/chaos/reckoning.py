"""What must hold after a chaos run: the audit's accounts, and the verdicts of an undisturbed run over the same articles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from hashlib import blake2b
from pathlib import Path
from typing import Any

from agents.reading import whole
from agents.settings import Settings
from newsfeed.copies import CopyWindow
from newsfeed.pipeline import rules_hash
from newsfeed.records import Article
from topics import catalogue, codec

FORGET_EVERY = 1_000
LOST = ("no answer", "no enriched event")
CHANGED = ("repeat differs", "enriched repeat differs")


def audit(settings: Settings) -> dict[str, Any]:
    """What ``newsfeed audit --json`` says."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment |= {
        "NEWSFEED_BOOTSTRAP_SERVERS": settings.bootstrap_servers,
        "NEWSFEED_TOPIC_PREFIX": settings.topic_prefix,
    }
    done = subprocess.run(
        [sys.executable, "-m", "agents.cli", "audit", "--json"],
        cwd=Path(__file__).resolve().parents[2], env=environment, capture_output=True, text=True, timeout=1_800, check=False,
    )  # fmt: skip
    if not done.stdout.strip():
        raise AssertionError(f"newsfeed audit ended with {done.returncode}: {done.stderr[-2000:]}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _digest(value: bytes | None) -> bytes:
    return blake2b(value or b"", digest_size=12).digest()


async def undisturbed(settings: Settings) -> tuple[dict[tuple[int, int], bytes], int]:
    """Digests of the verdicts that one copy window gives, by raw position, and how many articles were emitted with changed bytes.

    The articles are read in the order of their log, by one reader that nothing happens to.
    """
    verdicts: dict[tuple[int, int], bytes] = {}
    emitted: dict[tuple[int, int], bytes] = {}
    changed = 0
    window = CopyWindow(
        capacity=settings.window_articles, seconds=settings.window_hours * 3600,
        rules=rules_hash(settings.actor_files, settings.subject_files),
    )  # fmt: skip
    try:
        async for record in whole(settings, settings.sizing.name(catalogue.ARTICLES)):
            article = codec.decode(record.value, Article, catalogue.ARTICLES)
            assert isinstance(article, Article)
            raw = article.raw.partition, article.raw.offset
            changed += emitted.setdefault(raw, _digest(record.value)) != _digest(record.value)
            judgement = window.judge(record.offset, article)
            if judgement.verdict is not None:
                verdicts[raw] = _digest(codec.encode(judgement.verdict))
            if record.offset % FORGET_EVERY == 0:
                window.forget(record.offset)
    finally:
        window.close()
    return verdicts, changed


async def compare(settings: Settings) -> Counter[str]:
    """How many verdicts an undisturbed run gives as well, gives otherwise, or gives alone."""
    wanted, changed = await undisturbed(settings)
    found: Counter[str] = Counter({"articles changed": changed})
    seen: set[tuple[int, int]] = set()
    async for record in whole(settings, settings.sizing.name(catalogue.VERDICTS)):
        value = json.loads(record.value)
        raw = value["raw"]["partition"], value["raw"]["offset"]
        if raw not in seen:
            seen.add(raw)
            found[f"kind {value['kind']}"] += 1
        if raw not in wanted:
            found["verdicts without an article"] += 1
        elif wanted[raw] != _digest(record.value):
            found["verdicts changed"] += 1
    found["verdicts equal"] = len(seen) - found["verdicts changed"]
    found["verdicts missing"] = len(wanted.keys() - seen)
    return found
