"""Health pages on loopback: /healthz says whether the process works, /readyz whether it consumes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

Report = Callable[[], tuple[bool, dict[str, Any]]]


async def serve(bind: str, port: int, report: Report) -> tuple[web.AppRunner, str]:
    """Start the pages; returns the runner (to clean up) and the address.

    Args:
        report: (ready, details) at the moment of asking.
    """

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_: web.Request) -> web.Response:
        ready, details = report()
        return web.json_response({"ready": ready, **details}, status=200 if ready else 503)

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, bind, port)
    await site.start()
    address = runner.addresses[0]
    return runner, f"http://{address[0]}:{address[1]}"
