"""The worker's pages: /livez, /readyz and /metrics, and no others.

Faust's own pages would serve the tables' contents and bind every address, so they are off.
"""

import os

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from streams.agents import fatal, metrics
from streams.agents.watchdog import Watchdog


class Pages:
    """Serves on `host`:`port` from `start` to `stop`."""

    def __init__(self, host: str, port: int, watchdog: Watchdog) -> None:
        self._host = host
        self._port = port
        self._watchdog = watchdog
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Open the port; ends the process where it cannot be had."""
        application = web.Application()
        application.router.add_get("/livez", self._livez)
        application.router.add_get("/readyz", self._readyz)
        application.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else str(error)
            fatal.end(
                f"no pages on {self._host}:{self._port}: {why}."
                " Choose another TOCSIN_WEB_PORT (0: no pages) or TOCSIN_WEB_HOST"
            )

    async def stop(self) -> None:
        """Close the port."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _livez(self, _request: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _readyz(self, _request: web.Request) -> web.Response:
        if self._watchdog.ready:
            return web.Response(text="ready\n")
        return web.Response(status=503, text="not ready: recovering, or the watchdog is near its limit\n")

    async def _metrics(self, _request: web.Request) -> web.Response:
        metrics.measure_memory()
        return web.Response(
            body=generate_latest(metrics.REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )
