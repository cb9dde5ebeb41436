"""Addresses: one outward form that still works, and one key in which the forms of the same page are equal."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from newsfeed import data

MAX_LENGTH = 4096  # code points; no web server takes longer ones
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*\.)*[a-z0-9_-]*|\[[0-9a-f:.]+\]")
_CANONICAL = re.compile(  # what is rewritten to itself, as most addresses of news are
    r"https?://(?:[a-z][a-z0-9]{0,19}(?:-[a-z0-9]{1,20})?\.){1,4}[a-z]{2,20}(?:/[A-Za-z0-9_~-][A-Za-z0-9_~.-]*)+/?"
)
_SESSION = re.compile(r";jsessionid=[^/?;]*", re.IGNORECASE)
_FORMS = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_AMP_PATH = re.compile(r"^/amp(?=/.)|(?:/amp|\.amp|\.amp\.html|\?amp)$", re.IGNORECASE)
_AMP_CACHE = re.compile(r"\A(?:(?:www\.)?google\.[a-z.]{2,6}/amp|[a-z0-9-]+\.cdn\.ampproject\.org/[a-z])/(?:s/)?(.+)")
_AMP_QUERY = frozenset({("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp"), ("output", "amp")})


@cache
def _tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    """Names and name beginnings of query parameters that say who clicked, not what is shown."""
    names = [row["parameter"].lower() for row in data.rows("articles/tracking.tsv")]
    exact = frozenset(name for name in names if not name.endswith("*"))
    return exact, tuple(sorted(name[:-1] for name in names if name.endswith("*")))


def canonical_url(url: str) -> str | None:
    """The address in one form that still leads to the page, or None for what is no http address.

    Lower-case scheme and host, no default port, fragment, credentials or tracking parameters, sorted query,
    percent-encoding in one case, IDN hosts in ASCII. The trailing slash, ``www`` and the scheme stay: a server may insist.
    """
    text = url.strip().replace("&amp;", "&")
    if len(text) > MAX_LENGTH or not text[:8].lower().startswith(("http://", "https://")):
        return None
    return text if _CANONICAL.fullmatch(text) else _rewritten(text)


def _rewritten(text: str) -> str | None:
    try:
        parts = urlsplit(canonicalize_url(text))
        port = parts.port
    except (ValueError, UnicodeError):
        return None
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    if not host or not _HOST.fullmatch(host):
        return None
    scheme = parts.scheme.lower()
    where = host if port is None or port == _PORTS.get(scheme) else f"{host}:{port}"
    return urlunsplit((scheme, where, _SESSION.sub("", parts.path) or "/", _kept(parts.query), ""))


def _kept(query: str) -> str:
    if not query:
        return ""
    exact, beginnings = _tracking()
    kept = []
    for piece in query.split("&"):
        name = piece.partition("=")[0].lower()
        if piece and name not in exact and not name.startswith(beginnings):
            kept.append(piece)
    return "&".join(kept)


def url_key(url: str) -> str:
    """The key under which the addresses of one page meet: no scheme, no ``www.``, ``m.`` or AMP form, no trailing slash."""
    parts = urlsplit(url)
    where = parts.netloc.lower() + parts.path
    if found := _AMP_CACHE.fullmatch(where):
        where = found[1]
    host, slash, path = where.partition("/")
    path = _AMP_PATH.sub("", slash + path).rstrip("/")
    query = _without_amp(parts)
    return _FORMS.sub("", host) + path + (f"?{query}" if query else "")


def _without_amp(parts: SplitResult) -> str:
    if "amp" not in parts.query.lower():
        return parts.query
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    return urlencode([pair for pair in pairs if (pair[0].lower(), pair[1].lower()) not in _AMP_QUERY])


def host_of(url: str) -> str:
    """The host of an address without ``www.`` and port; "" where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
