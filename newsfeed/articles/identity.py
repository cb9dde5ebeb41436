"""What names an article through its versions: the producer's id and source, else the URL, else the text; never time or place."""

from __future__ import annotations

import hashlib
import re

from newsfeed.articles.urls import canonical_url, url_key
from newsfeed.text import fold_text

_ARTICLE_ID = re.compile(r"[0-9a-fA-F]{32}")
_OURS = re.compile(r"[0-9a-f]{32}")


def _hashed(*parts: str) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        content = part.encode("utf-8", "surrogatepass")
        digest.update(len(content).to_bytes(8, "big") + content)  # ("ab", "c") is not ("a", "bc")
    return digest.hexdigest()


def is_article_id(text: str) -> bool:
    """Whether a text is an article id as newsfeed writes it."""
    return _OURS.fullmatch(text) is not None


def id_from_producer(source: str, producer_id: str) -> str:
    """Article id of a producer's own id within a source; 32 hex digits, as the other two."""
    return _hashed("id", source, producer_id)


def id_from_url(url: str) -> str:
    """Article id of an address; http and https, www and mobile forms are one (``url_key``)."""
    return _hashed("url", url_key(url))


def id_from_text(title: str, body: str) -> str:
    """Article id of a text that has neither id nor URL: its folded title and body."""
    return _hashed("text", fold_text(title), fold_text(body))


def targets(corrects: str, source: str) -> list[str]:
    """Article ids that ``corrects`` can mean, most likely first: an id in the same source, a URL, an article id."""
    found = [id_from_producer(source, corrects)]
    if url := canonical_url(corrects):
        found.append(id_from_url(url))
    if _ARTICLE_ID.fullmatch(corrects):
        found.append(corrects.lower())
    return found


def raw_hash(value: bytes) -> int:
    """First four bytes of BLAKE2b of a raw value, unsigned: tells a replay from a recreated topic."""
    return int.from_bytes(hashlib.blake2b(value).digest()[:4], "big")
