"""Where a webhook may lead: which URLs and addresses can be used, and the name that stands for a URL in ledgers and logs."""

from __future__ import annotations

import hashlib
import ipaddress
from urllib.parse import urlsplit

LONGEST_URL = 2_000  # characters
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


class TargetError(ValueError):
    """A URL cannot be a webhook's target; the message never contains the URL."""


def check_url(url: str) -> None:
    """Let pass what a webhook can be posted to.

    Raises:
        TargetError: not http or https, no host, a port that does not exist, credentials, a fragment, or no URL at all.
    """
    if len(url) > LONGEST_URL:
        raise TargetError(f"a URL of {len(url):,} characters is too long, at most {LONGEST_URL:,}")
    if any(not "!" <= letter <= "~" for letter in url):
        raise TargetError("a URL has printable ASCII characters only; write others as %XX, a host's name as xn--")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise TargetError("no URL: its host or port cannot be read") from None
    if parts.scheme not in ("http", "https") or not host:
        raise TargetError("no http or https URL with a host")
    if parts.username is not None or parts.password is not None:
        raise TargetError("a URL must not carry a user or password: it would stand in a topic; sign with --secret-file")
    if port == 0 or parts.fragment:
        raise TargetError("a URL has no port 0 and no #fragment")


def outlet_id(url: str) -> str:
    """Names a webhook in the ledger and in logs, where its URL must not stand: ``webhook-`` and 16 hex digits (BLAKE2b)."""
    return "webhook-" + hashlib.blake2b(url.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def is_public(address: str) -> bool:
    """Whether an IPv4 or IPv6 address belongs to the open Internet, by IANA's registries of special-purpose addresses.

    An IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4) is judged by that. What is no address is not public.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and found in NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local:
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)
