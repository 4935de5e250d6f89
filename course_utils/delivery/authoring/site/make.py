"""`course site`: the pages, made by Sphinx from the committed notebooks and the docs."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from course_utils.delivery.authoring.site.chinese import characters, make_font
from course_utils.delivery.authoring.site.contents import gather
from course_utils.delivery.authoring.site.folders import (
    BUILD,
    DOCTREES,
    PAGES,
    SITE,
    SOURCES,
    SiteError,
    shown,
)
from course_utils.delivery.authoring.site.languages import NAMES, catalogs_around, folder
from course_utils.delivery.authoring.site.live import LIVE, prepare
from course_utils.delivery.authoring.site.vendor import STATIC, VENDOR, vendor
from course_utils.delivery.live.pack import WEB
from course_utils.dial.notebook import script_in
from course_utils.language import ENGLISH, every, speaking
from course_utils.scripts import in_language

OLDEST = (3, 11)  # the Python of the oldest Sphinx and theme that the pages are made for
NEEDED = ("sphinx", "myst_nb", "sphinx_book_theme", "sphinx_copybutton", "sphinx_design", "brotli")
FONT = STATIC / "chinese" / "sc.woff2"
DIAL = "dial.js"
# Scripts that speak the language of their pages; the page of verdicts is in English.
OWN = {DIAL, *(path.name for path in (SOURCES / "_static").glob("*.js"))}
OWN |= {f"{LIVE.name}/{path.name}" for path in WEB.glob("*.js")}
OWN -= {"verdicts.js"}
MARKS = "—…"  # of Chinese text; in a Latin font they are others
MOST = 20  # lines of what is wrong; the rest are counted
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def make_site(
    fresh: bool = False,
    *,
    others: Iterable[str] = (),
    build: Path = BUILD,
    report: Callable[[str], None] = print,
) -> Path:
    """Make or update the site in `build`, in English and in `others`; return its first page.

    `fresh` makes all pages again, not only what changed. Raises SiteError with a line for each
    thing that is wrong: a broken link, a picture that is not there, a heading out of order.
    """
    start = time.perf_counter()
    if sys.version_info < OLDEST:
        raise SiteError(
            "The pages need Python 3.11 or newer, for Sphinx's book theme of today: "
            "`make site PYTHON=python3.12` makes the environment anew with that one."
        )
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise SiteError(
            f"The pages are made with Sphinx, and {' and '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} not installed: run `make site`, or, in the "
            'folder of the course, `pip install -e ".[site]"`.'
        )
    vendor(report)
    prepare(report)
    others = list(others)
    target, spoken, count = build / SITE.name, [ENGLISH, *others], 0
    laid = [_lay(build, one, fresh) for one in spoken]
    sources = [path.read_text(encoding="utf-8") for one in laid for path in one.sources()]
    said = [text for one in spoken for text in every(one).values()]  # scripts speak, too
    for path in (path for one in others for path in catalogs_around(one)):
        said.append(path.read_bytes().decode("utf-8", "ignore"))
    if wanted := characters([*sources, *said]):
        make_font(wanted + MARKS * bool(others), VENDOR / "chinese", FONT)
    if wanted := characters(NAMES[one] for one in spoken):  # of the switch, on English pages too
        make_font(wanted, VENDOR / "chinese", FONT.with_name("names.woff2"))
    for one in laid:
        with speaking(one.language):
            _sphinx(one, spoken)
        count += one.count
    seconds = time.perf_counter() - start
    report(f"{count} pages in {seconds:.0f} s. Open {shown(target / 'index.html')} in a browser;")
    report(f"to show it to others: python -m http.server --directory {shown(target)}")
    return target / "index.html"


class Laid(NamedTuple):
    """The pages of a language: how many there are, their sources, where they go, what was read."""

    language: str
    count: int
    pages: Path
    target: Path
    read: Path

    def sources(self) -> Iterable[Path]:
        return self.pages.rglob("*.[mi][dp]*")


def _lay(build: Path, language: str, fresh: bool) -> Laid:
    ending = f"-{folder(language)}" * bool(folder(language))
    pages, read = build / f"{PAGES.name}{ending}", build / f"{DOCTREES.name}{ending}"
    target = build / SITE.name / folder(language)
    if fresh:
        for place in (pages, target, read):
            shutil.rmtree(place, ignore_errors=True)
    with speaking(language):
        return Laid(language, gather(target=pages, language=language), pages, target, read)


def _sphinx(laid: Laid, spoken: list[str]) -> None:
    pages, target, read, count = laid.pages, laid.target, laid.read, laid.count
    told = {
        "language": laid.language,
        "carousel_language": laid.language,
        "carousel_languages": spoken,
    }
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.docutils import docutils_namespace, patch_docutils
    from tqdm.auto import tqdm

    complaints = io.StringIO()
    streams = {"status": None, "warning": complaints}
    with tqdm(total=2 * count, unit="page", leave=False, desc="Reading", disable=None) as bar:
        try:
            with patch_docutils(), docutils_namespace():
                app = Sphinx(
                    pages, SOURCES, target, read, "html", told, warningiserror=True, **streams
                )
                _watch(app, bar, count)
                app.build()
            for name in OWN:
                path, told = target / "_static" / name, script_in if name == DIAL else in_language
                if path.is_file():
                    path.write_text(told(path.read_text("utf-8")), encoding="utf-8")
        except SphinxError as error:
            complaints.write(f"{error.category}: {error}\n")
    if complaints.getvalue().strip():
        raise SiteError(_wrong(complaints.getvalue(), pages))


def _watch(app: object, bar: object, count: int) -> None:
    """Move the bar at each page that is read, and at each that is written."""

    def writing(app: object, env: object) -> list[str]:
        bar.n = count
        bar.set_description("Writing")
        return []

    app.connect("source-read", lambda *_: bar.update() and None)
    app.connect("env-updated", writing)
    app.connect("html-page-context", lambda *_: bar.update() and None)


def _wrong(complaints: str, pages: Path) -> str:
    text = COLOURS.sub("", complaints).replace(str(pages) + os.sep, "")
    lines = [line for line in text.splitlines() if line.strip()]
    more = [f"... and {len(lines) - MOST} lines more"] if len(lines) > MOST else []
    return "\n".join(["The site is not right yet:", *lines[:MOST], *more])
