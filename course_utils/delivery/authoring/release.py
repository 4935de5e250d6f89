"""What a release consists of, made in build/release: `make release`.

python -m course_utils.delivery.authoring.release [PART ...]   parts: wheel, site, slides, pdf, epub
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat

from course_utils import CourseError
from course_utils.delivery.authoring.document import ROOT, documents
from course_utils.delivery.authoring.site.folders import BUILD, shown
from course_utils.interpreter import python

BUILDER = """
import sys
from setuptools import build_meta
print(getattr(build_meta, sys.argv[1])(sys.argv[2]))
"""
NOT_OF_GIT = (".git", ".venv*", "build", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis")
TITLE = """# Carousel

A hands-on course on recurrent networks, from vanishing gradients to the LSTM and the GRU."""


class ReleaseError(CourseError):
    """Why a release cannot be made, in one sentence."""


def archives(folder: Path, source: Path = ROOT) -> tuple[Path, Path]:
    """The source archive and the wheel, the second made of the first alone; in `folder`.

    Raises ReleaseError with the last words of what builds.
    """
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch, "clone")
        shutil.copytree(source, clone, ignore=shutil.ignore_patterns(*NOT_OF_GIT, "shared"))
        archive = _built("build_sdist", clone, folder)
        shutil.unpack_archive(archive, Path(scratch, "unpacked"))
        (unpacked,) = Path(scratch, "unpacked").iterdir()
        return archive, _built("build_wheel", unpacked, folder)


def _built(step: str, source: Path, folder: Path) -> Path:
    done = subprocess.run(
        python("-c", BUILDER, step, str(folder.absolute())),
        cwd=source,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["silently"])[-1]
        raise ReleaseError(f"{step} failed ({last}): run `make setup`.")
    return folder / done.stdout.split()[-1]


def make_site_archive(folder: Path) -> Path:
    """The pages, zipped."""
    from course_utils.delivery.authoring.site.make import make_site
    from course_utils.language import languages

    return _zipped(make_site(others=languages()[1:]).parent, folder / "carousel-site")


def make_slides_archive(folder: Path) -> Path:
    """The slides of every lesson, zipped."""
    from course_utils.delivery.authoring.slides.command import write_decks

    with tempfile.TemporaryDirectory() as scratch:
        write_decks((), Path(scratch), report=lambda _: None)
        return _zipped(Path(scratch), folder / "carousel-slides")


def _zipped(source: Path, target: Path) -> Path:
    return Path(shutil.make_archive(str(target), "zip", source))


def whole_course() -> nbformat.NotebookNode:
    """All lessons as one notebook, behind a title."""
    cells = [nbformat.v4.new_markdown_cell(TITLE)]
    for one in documents():
        cells += one.notebook().cells
    return nbformat.from_dict({"cells": cells})  # ids of cells may come twice: only for print


def make_pdf(folder: Path) -> Path:
    """One PDF of all lessons: tagged, with a bookmark for each heading."""
    from course_utils.delivery.authoring.handout.page import page
    from course_utils.delivery.authoring.handout.pdf import printer
    from course_utils.delivery.authoring.site.vendor import vendor

    target = folder / "carousel.pdf"
    with printer(patience=900) as print_page:
        print_page(page(whole_course(), vendor()), target)
    return target


def make_epub(folder: Path) -> Path:
    """All lessons as one EPUB."""
    from course_utils.delivery.authoring import epub

    return epub.write(folder / "carousel.epub", (one.notebook() for one in documents()))


PARTS: dict[str, Callable[[Path], object]] = {
    "wheel": archives,
    "site": make_site_archive,
    "slides": make_slides_archive,
    "pdf": make_pdf,
    "epub": make_epub,
}


def main(folder: Path = BUILD / "release") -> None:
    """Make the parts named on the command line, or all."""
    named = sys.argv[1:] or list(PARTS)
    if unknown := sorted(set(named) - set(PARTS)):
        sys.exit(f"There is no part {', '.join(unknown)}; there are {', '.join(PARTS)}.")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for name in named:
            PARTS[name](folder)
    except CourseError as error:
        sys.exit(str(error))
    for path in sorted(folder.iterdir()):
        print(f"{shown(path)}  {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
