"""Where webhooks may lead."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.subscriptions.targets import TargetError, check_url, is_public, outlet_id

PUBLIC = ("8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:0808:0808::1")
PRIVATE = (
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fd12::1", "fec0::1", "ff02::1", "ff0e::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::1", "2002:c0a8:101::", "example.com", "", "127.1", "2130706433", "0x7f.1",
)  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "url", ["https://example.com", "http://127.0.0.1:8080/hook?x=%20y", "https://[::1]:8443/", "HTTPS://xn--bcher-kva.example/a"]
)  # fmt: skip
def test_usable_urls(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize(
    ("url", "says"),
    [("ftp://example.com/", "no http"), ("https://", "host"), ("example.com/x", "no http"), ("https://user@example.com/", "user or password"),
     ("https://user:pw@example.com/", "user or password"), ("https://example.com:99999/", "port"), ("https://example.com:0/", "port 0"),
     ("https://exa mple.com/", "printable"), ("https://bücher.example/", "printable"), ("https://example.com/\r\nX: y", "printable"), ("https://[::1/", "host or port"),
     ("https://example.com/#x", "fragment"), ("https://example.com/" + "a" * 2_000, "too long"), ("", "no http")],
)  # fmt: skip
def test_refused_urls(url: str, says: str) -> None:
    with pytest.raises(TargetError, match=says) as caught:
        check_url(url)
    assert "pw" not in str(caught.value).replace("password", "")


@given(st.text(max_size=60))
def test_no_text_raises_anything_else(url: str) -> None:
    assert len(outlet_id(url)) == 24
    is_public(url)
    with contextlib.suppress(TargetError):
        check_url(url)
