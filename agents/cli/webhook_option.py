"""``--webhook URL --secret-file FILE``: checked where they are given, so that a mistake does not wait for the first alert."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

if TYPE_CHECKING:
    from agents.settings import Settings
    from newsfeed.records import Outlet

MAKE = "(umask 077; openssl rand -base64 32 > hook.secret)"


def outlet(url: str | None, secret_file: Path | None, settings: Settings) -> Outlet | None:
    """The outlet of the two options, None where neither is given.

    Raises:
        typer.BadParameter: one without the other, a URL that cannot be used, or no usable secret in the file.
    """
    from agents.secret_files import webhook_keys
    from newsfeed.records import Outlet
    from newsfeed.subscriptions.targets import TargetError, check_url
    from newsfeed.subscriptions.webhooks import SecretError

    if url is None:
        if secret_file is not None:
            raise typer.BadParameter("--secret-file FILE signs a webhook: give --webhook URL, too")
        return None
    try:
        check_url(url)
    except TargetError as error:
        raise typer.BadParameter(str(error), param_hint="--webhook") from None
    if secret_file is None:
        raise typer.BadParameter(
            f"every webhook is signed: give --secret-file FILE, too. To make a secret: {MAKE}", param_hint="--webhook"
        )
    try:
        webhook_keys(secret_file)
    except SecretError as error:
        raise typer.BadParameter(
            f"{secret_file}: {error}. A secret is base64 of 24 to 64 bytes, one a line; to make one: {MAKE}",
            param_hint="--secret-file",
        ) from None
    _note_private(url, settings)
    return Outlet(kind="webhook", url=url, secret_file=str(secret_file.resolve()))


def shown(outlet: Outlet) -> str:
    """An outlet for people. Of a webhook's URL only the host: path and query often are a key. Its id is the ledger's."""
    from newsfeed.subscriptions.targets import outlet_id

    if outlet.kind == "kafka":
        return f"enriched records to {outlet.topic}"
    if outlet.kind == "sse":
        return "server-sent events"
    try:
        host = urlsplit(outlet.url or "").hostname
    except ValueError:
        host = None
    return f"{outlet_id(outlet.url or '')} at {host or 'no host'}"


def _note_private(url: str, settings: Settings) -> None:
    from agents.cli import options
    from newsfeed.subscriptions.targets import is_public

    host = urlsplit(url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if host != "localhost":  # other names are looked up when the alert is posted
            return
    if not is_public(host) and not settings.webhook_allow_private:
        options.told().print(
            f"newsfeed: {host} is a private address; workers post there only with NEWSFEED_WEBHOOK_ALLOW_PRIVATE=true",
            soft_wrap=True,
        )
