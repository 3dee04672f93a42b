"""The workbench in a browser, by textual-serve: one process of the app for each tab that opens the page.

There is no log-in: who reaches the port edits files as whoever runs this. So it listens on this machine alone unless told
otherwise, and serves none but its own page: another site, open in the same browser, could else drive the app by its socket.
"""

from __future__ import annotations

import errno
import logging
import shlex
import socket
import sys
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
# The page of textual-serve asks another host for a font: nothing is asked of any host but this one.
POLICY = "default-src 'self' 'unsafe-inline' data: blob:; connect-src {socket} 'self'; frame-ancestors 'none'"


class PortTakenError(Exception):
    """Something listens there already, or nobody may."""


def is_local(host: str) -> bool:
    """Whether only this machine reaches what listens on `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in LOCAL_NAMES


class Workbench(Server):
    """Serves `rollover FILE`. Raises PortTakenError."""

    def __init__(self, file: Path | None, host: str, port: int, public_url: str | None = None) -> None:
        _refuse_taken(host, port)
        command = [sys.executable, "-c", "from tui.cli import main; main(prog_name='rollover')", "open"]
        if file is not None:
            command += ["--", str(file)]
        host_in_url = f"[{host}]" if ":" in host else host
        url = public_url or f"http://{host_in_url}:{port}"
        super().__init__(shlex.join(command), host, port, title="Rollover", public_url=url)

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._own_page_only)
        return app

    @web.middleware
    async def _own_page_only(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        asked = urlsplit(f"//{request.host}")
        # A name that somebody made to mean this machine is not one of its names.
        if is_local(self.host) and not is_local(asked.hostname or ""):
            raise web.HTTPForbidden(text="this page is served under the names of this machine only")
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc not in (request.host, urlsplit(self.public_url).netloc):
            raise web.HTTPForbidden(text="another page may not use this one")
        if request.path == "/" and is_local(self.host) and request.host != urlsplit(self.public_url).netloc:
            raise web.HTTPFound(f"{self.public_url}/")
        if request.path == "/ws" and not web.WebSocketResponse().can_prepare(request):
            raise web.HTTPBadRequest(text="this is for the page's own socket")
        response = await handler(request)
        if not response.prepared:
            socket_url = self.public_url.replace("http", "ws", 1)
            response.headers["Content-Security-Policy"] = POLICY.format(socket=socket_url)
        return response

    def initialize_logging(self) -> None:
        """Nobody who edits a plan reads what a browser fetches."""
        logging.basicConfig(level=logging.WARNING, format="%(message)s")

    async def on_startup(self, _app: web.Application) -> None:
        self.console.print(f"Rollover is at {self.public_url} until Ctrl+C", markup=False, highlight=False)


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else f"can't be used ({(error.strerror or '').lower()})"
            raise PortTakenError(f"port {port} of {host} {why}; choose another with --port") from error
