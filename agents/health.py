"""The worker's pages, on loopback: /healthz says whether it works, /readyz whether it consumes, /metrics how it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import web
from prometheus_client import REGISTRY
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

Report = Callable[[], tuple[bool, bool, dict[str, Any]]]


async def serve(
    bind: str, port: int, report: Report, more: Iterable[web.AbstractRouteDef] = ()
) -> tuple[web.AppRunner, str]:
    """Start the pages; returns the runner (to clean up) and the address.

    Args:
        report: (alive, ready, details) at the moment of asking.
        more: routes of others: the event streams.
    """

    async def healthz(_: web.Request) -> web.Response:
        alive, _ready, details = report()
        return web.json_response({"status": "ok" if alive else "stalled", **details}, status=200 if alive else 503)

    async def readyz(_: web.Request) -> web.Response:
        alive, ready, details = report()
        return web.json_response({"ready": alive and ready, **details}, status=200 if alive and ready else 503)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    app.add_routes(more)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True)  # a stream ends when its client goes
    await runner.setup()
    site = web.TCPSite(runner, bind, port)
    await site.start()
    address = runner.addresses[0]
    return runner, f"http://{address[0]}:{address[1]}"
