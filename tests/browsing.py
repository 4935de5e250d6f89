"""A real browser for tests: found on the machine, never downloaded, and never let onto the network.

from tests.browsing import Recorder, browser_of, needs_browser, served

pytestmark = needs_browser
"""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
# Without the last two Chromium itself asks its makers for updates and models.
ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")
# No other machine than this one is found. Unlike playwright's own routes, this leaves the cache.
ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1"
needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine (or name one in CHROMIUM)"
)
HERE = {"127.0.0.1", "localhost"}
PATIENCE = 180_000  # milliseconds: a guard against hanging, on a machine that may be busy
# What JupyterLab warns of where the machine is busy: it goes on and does all the same. These whole
# sentences are no complaints; test_slowness.py holds that the installed JupyterLab says them.
SLOWNESS = (
    re.compile(r"Plugin \S+ is taking too long to activate\."),
    re.compile(r"Plugin \S+ \(with \d+ dependants\) took [\d.]+ms to activate\."),
    re.compile(r"Item with index \d+ did not appear within \d+ ms"),
)


@contextmanager
def browser_of(**options: object) -> Iterator[object]:
    """A running Chromium, closed at the end; `options` go to playwright's launch.

    Its pages wait longer than playwright's half a minute before they give up.
    """
    launch = {"executable_path": CHROMIUM, "args": list(ARGUMENTS), "timeout": PATIENCE, **options}
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch)
        for name in ("new_context", "new_page"):
            setattr(browser, name, patient(getattr(browser, name)))
        yield browser
        browser.close()


def patient(make: Callable[..., object]) -> Callable[..., object]:
    """What `make` makes, a context or a page, with our patience in place of playwright's."""

    def made(*words: object, **options: object) -> object:
        one = make(*words, **options)
        one.set_default_timeout(PATIENCE)
        return one

    return made


class Recorder:
    """Everything that the pages of a context ask for and complain about, and what took long."""

    def __init__(self, context: object):
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.delays: list[str] = []
        self._context = context
        self._heard = {
            "request": lambda request: self.asked.append(request.url),
            "weberror": lambda error: self.complaints.append(str(error.error)),
            "console": self._said,
        }
        for event, heard in self._heard.items():
            context.on(event, heard)

    def stop(self) -> None:
        """Hear no more of the context, which goes on."""
        for event, heard in self._heard.items():
            self._context.remove_listener(event, heard)

    def _said(self, line: object) -> None:
        if line.type == "warning" and is_slowness(line.text):
            self.delays.append(line.text)
        elif line.type in ("error", "warning"):
            self.complaints.append(line.text)

    def outside(self) -> list[str]:
        """What was asked of another machine than this one."""
        return [url for url in self.asked if is_outside(url)]


def is_slowness(text: str) -> bool:
    """Whether a warning says only that something of JupyterLab's took long."""
    return any(pattern.fullmatch(text) for pattern in SLOWNESS)


def is_outside(url: str) -> bool:
    """Whether a request for `url` leaves the machine."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in HERE


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server of `folder`, on this machine alone, at a free port."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass
