"""`course site`: the pages, made by Sphinx from the committed notebooks and the docs."""

from __future__ import annotations

import io
import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from course_utils.authoring.site.contents import gather
from course_utils.authoring.site.folders import DOCTREES, PAGES, SITE, SOURCES, SiteError
from course_utils.authoring.site.vendor import vendor

MOST = 20  # lines of what is wrong; the rest are counted
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def make_site(
    fresh: bool = False, *, target: Path = SITE, report: Callable[[str], None] = print
) -> Path:
    """Make or update the site; return its first page.

    `fresh` makes all pages again, not only what changed. Raises SiteError with a line for each
    thing that is wrong: a broken link, a picture that is not there, a heading out of order.
    """
    start = time.perf_counter()
    vendor(report)
    if fresh:
        shutil.rmtree(target, ignore_errors=True)
        shutil.rmtree(DOCTREES, ignore_errors=True)
    count = gather()
    _sphinx(target, count)
    seconds = time.perf_counter() - start
    report(f"{count} pages in {seconds:.0f} s: {shown(target / 'index.html')}")
    return target / "index.html"


def shown(path: Path) -> str:
    """`path` as a user would type it: from the current folder if it is below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _sphinx(target: Path, count: int) -> None:
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from tqdm.auto import tqdm

    complaints = io.StringIO()
    with tqdm(total=2 * count, unit="page", leave=False, desc="Reading", disable=None) as bar:
        try:
            app = Sphinx(
                PAGES,
                SOURCES,
                target,
                DOCTREES,
                "html",
                status=None,
                warning=complaints,
                warningiserror=True,
            )
            _watch(app, bar, count)
            app.build()
        except SphinxError as error:
            complaints.write(f"{error.category}: {error}\n")
            raise SiteError(_wrong(complaints)) from None
    if app.statuscode or complaints.getvalue().strip():
        raise SiteError(_wrong(complaints))


def _watch(app: object, bar: object, count: int) -> None:
    """Move the bar at each page that is read, and at each that is written."""

    def writing(app: object, env: object) -> list[str]:
        bar.n = count
        bar.set_description("Writing")
        return []

    app.connect("source-read", lambda *_: bar.update() and None)
    app.connect("env-updated", writing)
    app.connect("html-page-context", lambda *_: bar.update() and None)


def _wrong(complaints: io.StringIO) -> str:
    text = COLOURS.sub("", complaints.getvalue()).replace(str(PAGES) + os.sep, "")
    lines = [line for line in text.splitlines() if line.strip()]
    more = [f"... and {len(lines) - MOST} lines more"] if len(lines) > MOST else []
    return "\n".join(["The site is not right yet:", *lines[:MOST], *more])
