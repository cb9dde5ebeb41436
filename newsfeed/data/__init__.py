"""The knowledge of newsfeed as reviewed data files, read once, and the hash that names their version."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_ROOT = files(__name__)


def text(name: str) -> str:
    """The text of a data file, by its path below ``newsfeed/data``."""
    return _ROOT.joinpath(name).read_text(encoding="utf-8")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a TSV file as dictionaries; ``#`` lines and blank lines are comments.

    Raises:
        ValueError: a row has more or fewer cells than the header; says file and line.
    """
    return [row for _, row in numbered(name)]


def numbered(name: str) -> list[tuple[int, dict[str, str]]]:
    """The same, each with its line."""
    out: list[tuple[int, dict[str, str]]] = []
    header: list[str] | None = None
    for number, line in enumerate(text(name).split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if header is None:
            header = cells
        elif len(cells) != len(header):
            raise ValueError(f"{name}, line {number}: {len(cells)} cells where the header has {len(header)}")
        else:
            out.append((number, dict(zip(header, cells, strict=True))))
    return out


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    out: list[tuple[str, Traversable]] = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            out += _walk(entry, f"{prefix}{entry.name}/") if entry.name != "__pycache__" else []
        elif entry.name.endswith(".tsv"):
            out.append((prefix + entry.name, entry))
    return out


@cache
def content_hash(part: str = "") -> str:
    """BLAKE2b (8 bytes, hex) over the names and bytes of all data files, or those of one part (``copies``)."""
    digest = hashlib.blake2b(digest_size=8)
    folder = _ROOT.joinpath(part) if part else _ROOT
    for name, entry in _walk(folder, ""):
        digest.update(name.encode() + b"\0" + entry.read_bytes() + b"\0")
    return digest.hexdigest()
