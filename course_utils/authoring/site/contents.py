"""Which pages the site has, and in which order: the course's own files, laid out as they are."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from course_utils.authoring.document import LESSONS, ROOT
from course_utils.authoring.sets import HANDOUTS
from course_utils.authoring.site.folders import PAGES, SOURCES, SiteError

INDEX = "index.md"
# The parts of the table of contents: title, and files or patterns in order.
PARTS: dict[str, tuple[str, ...]] = {
    "Lessons": (f"{LESSONS}/*.ipynb",),
    "Exercises": (f"{HANDOUTS}/*.ipynb",),
    "Teach": (
        "docs/teach/README.md",
        "docs/teach/plan-3-hours.md",
        "docs/teach/plan-1-day.md",
        "docs/teach/plan-2-days.md",
        "docs/teach/plan-semester.md",
        "docs/teach/evening.md",
        "docs/teach/[0-9]*.md",
        "docs/teach/*.md",
        "docs/hub.md",
        "docs/grading.md",
        "docs/feedback.md",
    ),
    "Look up": (
        "docs/glossary.md",
        "docs/keras_arguments.md",
        "docs/claims.md",
        "docs/data.md",
        "docs/bibliography.md",
    ),
    "Change the course": ("docs/authoring.md", "docs/exercises.md", "docs/*.md"),
}
BESIDE = ("docs/images",)  # folders of pictures that pages show


@dataclass(frozen=True)
class Part:
    """A part of the table of contents, with its files from the root of the project."""

    title: str
    files: list[Path]


def contents(root: Path = ROOT) -> list[Part]:
    """The parts that have pages; each page stands in the first part that names it."""
    seen: set[Path] = set()
    parts = []
    for title, patterns in PARTS.items():
        files = [path for path in _found(root, patterns) if path not in seen]
        files = list(dict.fromkeys(files))
        seen.update(files)
        if files:
            parts.append(Part(title, files))
    return parts


def gather(root: Path = ROOT, pages: Path = PAGES) -> int:
    """Lay the sources of all pages into `pages`; say how many they are.

    What has not changed is left alone, so that Sphinx need not read it again.
    Raises SiteError if the first page is not there.
    """
    parts = contents(root)
    start = root / SOURCES.relative_to(ROOT) / INDEX
    if not start.is_file():
        raise SiteError(f"The first page is missing: there is no {start.relative_to(root)}.")
    wanted = {Path(INDEX): (start.read_text(encoding="utf-8") + _toctrees(parts)).encode()}
    for path in _sources(root, parts):
        wanted[path] = (root / path).read_bytes()
    for path, data in wanted.items():
        target = pages / path
        if not target.is_file() or target.read_bytes() != data:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    for path in sorted(pages.rglob("*")):
        if path.is_file() and path.relative_to(pages) not in wanted:
            path.unlink()
    return 1 + sum(len(part.files) for part in parts)


def _found(root: Path, patterns: Iterable[str]) -> Iterator[Path]:
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            yield path.relative_to(root)


def _sources(root: Path, parts: list[Part]) -> Iterator[Path]:
    for part in parts:
        yield from part.files
    for folder in BESIDE:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file():
                yield path.relative_to(root)


def _toctrees(parts: list[Part]) -> str:
    """What the first page gets at its end: the table of contents, shown at the side."""
    blocks = []
    for part in parts:
        names = "\n".join(path.with_suffix("").as_posix() for path in part.files)
        blocks.append(f"```{{toctree}}\n:hidden:\n:caption: {part.title}\n\n{names}\n```\n")
    return "\n\n" + "\n".join(blocks)


def clear(folder: Path) -> None:
    """Take a folder of made pages away."""
    shutil.rmtree(folder, ignore_errors=True)
