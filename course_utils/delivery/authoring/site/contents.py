"""Which pages the site has, and in which order: the course's own files, laid out as they are."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from pathlib import Path

from course_utils.delivery.authoring.blank import FOLDER
from course_utils.delivery.authoring.document import LESSONS, ROOT
from course_utils.delivery.authoring.sets import HANDOUTS
from course_utils.delivery.authoring.site.folders import PAGES, SOURCES, SiteError
from course_utils.delivery.authoring.site.languages import page_in
from course_utils.language import ENGLISH, to_translate, translated
from course_utils.translating import file_in

INDEX = "index.md"
PLACES = (
    f"{LESSONS}/*.ipynb",
    f"{HANDOUTS}/*.ipynb",
    f"{HANDOUTS}/*.md",
    "docs/*.md",
    "docs/teach/*.md",
)
FILES = ("docs/images/*", f"{LESSONS}/{FOLDER}/*.py")  # what the pages show and hand out
# The table of contents: each part has the pages that its patterns name and no earlier one did.
PARTS: dict[str, tuple[str, ...]] = {
    to_translate("Lessons"): (f"{LESSONS}/*",),
    to_translate("Practise and teach"): (
        "docs/working.md",
        "docs/install.md",
        "docs/live.md",
        f"{HANDOUTS}/README.md",
        "docs/teach/README.md",
        "docs/hub.md",
        "docs/lti.md",
        "docs/grading.md",
        "docs/feedback.md",
    ),
    to_translate("Look up"): (
        "glossary.md",
        "arguments.md",
        "docs/claims.md",
        "docs/data.md",
        "bibliography.md",
        "*.md",
    ),
    to_translate("Change the course"): (
        "docs/authoring.md",
        "docs/exercises.md",
        "docs/pages.md",
        "docs/*.md",
    ),
}
# Pages that have pages of their own below them.
BELOW: dict[str, tuple[str, ...]] = {
    f"{HANDOUTS}/README.md": (f"{HANDOUTS}/*.ipynb",),
    "docs/teach/README.md": (
        "docs/teach/plan-3-hours.md",
        "docs/teach/plan-1-day.md",
        "docs/teach/plan-2-days.md",
        "docs/teach/plan-semester.md",
        "docs/teach/evening.md",
        "docs/teach/*.md",
    ),
}
LISTED = {f"{HANDOUTS}/README.md"}  # whose text does not name them all itself


def pages(root: Path = ROOT) -> dict[str, Path]:
    """The source of each page by its place on the site.

    A page stands where its source does, so that links which work among the files work on the site
    too; the pages that only the site has, in docs/site, stand at its top.
    """
    home = root / SOURCES.relative_to(ROOT)
    found = {path.name: path for path in sorted(home.glob("*.md"))}
    for pattern in PLACES:
        found |= {path.relative_to(root).as_posix(): path for path in sorted(root.glob(pattern))}
    return found


def gather(root: Path = ROOT, target: Path = PAGES, language: str = ENGLISH) -> int:
    """Lay the sources of all pages into `target`, with tables of contents; say how many they are.

    What has not changed is left alone, so that Sphinx need not read it again.
    Raises SiteError if the first page is not there.
    """
    sources = pages(root)
    if INDEX not in sources:
        raise SiteError(f"The first page is missing: there is no docs/site/{INDEX}.")
    wanted = {
        place: page_in(path.read_bytes(), place, language, root) for place, path in sources.items()
    }
    for place, text in contents(sources).items():
        wanted[place] += text.encode()
    for path in (one for pattern in FILES for one in root.glob(pattern)):
        place = path.relative_to(root).as_posix()
        wanted[place] = file_in(path.read_bytes(), place, language, root)
    for place, data in wanted.items():
        _write(target / place, data)
    for path in sorted(target.rglob("*")):
        if path.is_file() and path.relative_to(target).as_posix() not in wanted:
            path.unlink()
    return len(sources)


def contents(places: Iterable[str]) -> dict[str, str]:
    """The tables of contents of the pages that have one, to be put at their ends."""
    left = [place for place in places if place != INDEX]
    below = {home: _take(left, patterns, home) for home, patterns in BELOW.items() if home in left}
    parts = {translated(title): _take(left, patterns) for title, patterns in PARTS.items()}
    every = {home: _toctree(found, hidden=home not in LISTED) for home, found in below.items()}
    every[INDEX] = "".join(_toctree(found, title) for title, found in parts.items() if found)
    return every


def _take(left: list[str], patterns: Iterable[str], home: str = "") -> list[str]:
    """What the patterns name of what is left, in their order; it is then no longer left."""
    found: list[str] = []
    for pattern in patterns:
        for place in sorted(left):
            deep = place.count("/") != pattern.count("/")
            if place != home and not deep and fnmatch.fnmatch(place, pattern):
                found.append(place)
                left.remove(place)
    return found


def _toctree(places: Iterable[str], caption: str = "", hidden: bool = True) -> str:
    options = [":hidden:" if hidden else ":maxdepth: 1", *[f":caption: {caption}"] * bool(caption)]
    names = ["/" + place.rpartition(".")[0] for place in places]
    return "\n\n```{toctree}\n" + "\n".join([*options, "", *names]) + "\n```\n"


def _write(target: Path, data: bytes) -> None:
    if not target.is_file() or target.read_bytes() != data:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
