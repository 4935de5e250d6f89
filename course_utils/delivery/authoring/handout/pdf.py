"""Print a page to a tagged PDF with an installed Chromium; no network is used."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from course_utils.delivery.authoring.site.folders import SiteError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SECONDS = 120


class Printer(Protocol):
    """Writes the page `text` to the PDF `path`."""

    def __call__(self, text: str, path: Path) -> None: ...


@contextmanager
def printer(patience: int = SECONDS) -> Iterator[Printer]:
    """A running browser that prints one page after the other, each within `patience` seconds.

    Raises SiteError if playwright or a browser is missing, or the browser does not start.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ModuleNotFoundError:
        raise SiteError(
            "Hand-outs are printed with playwright, which is not installed: run `make setup`, or "
            "`pip install playwright`."
        ) from None
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        chosen = browser_path(playwright.chromium.executable_path)
        try:
            browser = playwright.chromium.launch(executable_path=chosen, args=_arguments())
        except Error as error:
            first = str(error).splitlines()[0]
            raise SiteError(f"The browser {chosen} does not start: {first}") from None
        context = browser.new_context(offline=True)

        def write(text: str, path: Path) -> None:
            source = Path(scratch, "page.html")
            source.write_text(text, encoding="utf-8")
            tab = context.new_page()
            tab.set_default_timeout(1000 * patience)
            tab.goto(source.as_uri())
            tab.wait_for_selector("html[data-ready]", state="attached")
            path.parent.mkdir(parents=True, exist_ok=True)
            tab.pdf(
                path=path,
                tagged=True,
                outline=True,
                print_background=True,
                prefer_css_page_size=True,
            )
            tab.close()

        yield write
        browser.close()


def browser_path(own: str = "") -> str:
    """The browser named in CHROMIUM, an installed one, or playwright's `own`.

    Raises SiteError that says how to get one.
    """
    named = os.environ.get("CHROMIUM")
    if named and shutil.which(named) is None:
        raise SiteError(f"CHROMIUM names {named}, which is no program: name an installed browser.")
    for found in (named, *map(shutil.which, NAMES), own):
        if found and Path(shutil.which(found) or found).exists():
            return found
    raise SiteError(
        "Hand-outs are printed with Chromium or Chrome, and none was found: install one "
        "(`apt install chromium`, `brew install --cask chromium`), run `playwright install "
        "chromium`, or name its program in the variable CHROMIUM."
    )


def _arguments() -> list[str]:
    """A superuser's browser does not start with a sandbox; the page is the course's own."""
    superuser = getattr(os, "geteuid", lambda: 1)() == 0
    return ["--disable-background-networking", *(["--no-sandbox"] if superuser else [])]
