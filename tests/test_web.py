"""The workbench in a browser: a real Chromium loads the page and types, and what the page is given to draw is read.

Needs the extras `web` and `browser` and a Chromium; where ROLLOVER_BROWSER is set, as in the build, lacking one is a failure.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyte
import pytest
from command_line import ENTRY, environment, rollover
from screens import PLAN

MUST = bool(os.environ.get("ROLLOVER_BROWSER"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
# No sandbox, since builds run as root; and nothing is looked up outside this machine.
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PATIENCE_SECONDS = 15


def needed(module: str) -> Any:
    if MUST:
        return importlib.import_module(module)
    return pytest.importorskip(module)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def served(path: Path, *options: str) -> Iterator[str]:
    """`rollover web` of a file; its address."""
    needed("textual_serve")
    port = free_port()
    command = [*ENTRY, "web", str(path), "--port", str(port), *options]
    env = environment(XDG_CACHE_HOME=str(path.parent / "cache"), XDG_STATE_HOME=str(path.parent / "state"))
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env)
    assert server.stdout
    try:
        line = server.stdout.readline().decode()
        assert line == f"Rollover is at http://127.0.0.1:{port} until Ctrl+C\n"
        until = time.monotonic() + PATIENCE_SECONDS
        while not listens(port) and time.monotonic() < until:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        server.stdout.read()
        server.stdout.close()
        assert server.wait(PATIENCE_SECONDS) == 0


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "flex.plan"
    path.write_text(PLAN)
    return path


def status(address: str, path: str = "/", **headers: str) -> int:
    request = urllib.request.Request(address + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            code: int = answer.status
            return code
    except urllib.error.HTTPError as error:
        with error:
            return error.code


class Seen:
    """The page's terminal: a screen that is given all that the page is."""

    def __init__(self, page: Any) -> None:
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.ByteStream(self.screen)
        self.page = page
        self.hosts: set[str] = set()
        page.on("websocket", self.listen)
        page.on("requestfinished", lambda request: self.hosts.add(request.url.split("/")[2]))

    def listen(self, channel: Any) -> None:
        columns, rows = (int(parse_qs(urlsplit(channel.url).query)[side][0]) for side in ("width", "height"))
        self.screen.resize(rows, columns)
        channel.on("framesent", self.resize)
        channel.on("framereceived", self.take)

    def resize(self, frame: bytes | str) -> None:
        match json.loads(frame):
            case ["resize", {"width": columns, "height": rows}]:
                self.screen.resize(rows, columns)

    def take(self, frame: bytes | str) -> None:
        if isinstance(frame, bytes):
            self.stream.feed(frame)

    def wait_for(self, text: str) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while text not in "\n".join(self.screen.display):
            assert time.monotonic() < until, "\n".join(self.screen.display)
            self.page.wait_for_timeout(50)


@contextmanager
def browsed(address: str) -> Iterator[Seen]:
    playwright = needed("playwright.sync_api")
    if not CHROMIUM:
        assert not MUST, "there is no Chromium"
        pytest.skip("there is no Chromium")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        try:
            page = browser.new_page(viewport={"width": 1200, "height": 760})
            seen = Seen(page)
            page.goto(address)
            page.wait_for_selector("body.-first-byte")
            yield seen
        finally:
            browser.close()


def test_what_is_typed_in_a_browser_changes_the_months(plan: Path) -> None:
    with served(plan) as address, browsed(address) as seen:
        seen.wait_for("Usage of data (a sample)")
        seen.wait_for("6 GB    10 GB       4 GB")
        seen.page.mouse.click(20, 30)
        seen.page.keyboard.press("F7")
        for key in "9", "Enter":
            seen.page.keyboard.press(key)
        seen.wait_for("9 GB    10 GB       1 GB")
        assert seen.hosts == {address.removeprefix("http://")}


def test_no_page_but_its_own_may_use_it(plan: Path) -> None:
    with served(plan) as address:
        own = address.removeprefix("http://")
        assert status(address) == 200
        assert status(address, Host=own.replace("127.0.0.1", "rebound.example")) == 403
        assert status(address, "/ws", Origin="http://elsewhere.example") == 403
        assert status(address, "/ws", Origin=address) == 400  # no handshake: but it may ask
        assert status(address, Host=own.replace("127.0.0.1", "localhost")) == 302  # sent on to the address of the page


def test_a_port_that_is_taken_is_told(plan: Path) -> None:
    needed("textual_serve")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = rollover("web", str(plan), "--port", str(port))
    assert result.exit_code == 2
    assert result.output == f"port {port} of 127.0.0.1 is in use; choose another with --port\n"


def test_who_listens_to_others_is_warned(plan: Path) -> None:
    needed("textual_serve")
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        result = rollover("web", str(plan), "--host", "0.0.0.0", "--port", str(taken.getsockname()[1]))
    assert "can read and write files as you, and there is no log-in" in result.output
    assert result.exit_code == 2


def test_without_the_extra_the_command_says_what_to_install(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tui.web", raising=False)
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    result = rollover("web", str(plan))
    assert (result.exit_code, result.output) == (2, "the browser's page needs more packages: pip install 'rollover[web]'\n")
