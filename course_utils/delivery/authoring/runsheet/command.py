"""What `course slides --plan ... --run-sheet` does: a plan in, two pages for each day out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from course_utils.delivery.authoring.handout.pdf import Printer, printer
from course_utils.delivery.authoring.runsheet.checklist import page as checklist
from course_utils.delivery.authoring.runsheet.guide import said
from course_utils.delivery.authoring.runsheet.page import page
from course_utils.delivery.authoring.runsheet.rows import Row, days
from course_utils.delivery.authoring.site.folders import SLIDES, SiteError, shown
from course_utils.delivery.authoring.site.vendor import vendor
from course_utils.delivery.authoring.slides.command import stem
from course_utils.delivery.authoring.slides.plan import plan

PAGES = 2
APART, RUNNING = (9.5, 9), (9, 8.5, 8, 7.5)  # points, tried in order


def write_run_sheets(
    name: str,
    week: int | None = None,
    folder: Path = SLIDES,
    report: Callable[[str], None] = print,
) -> list[Path]:
    """Write a plan's run sheets beside its deck, one for each day, and the check-list; return them.

    Raises AuthoringError for a plan that there is not, SiteError if what prints is missing.
    """
    one, files = plan(name, week), vendor(report)
    parts, written = days(one, said(one.text)), []
    with printer() as print_page:
        for day, some in enumerate(parts, 1):
            title = one.title if len(parts) == 1 else f"{one.title}, day {day}"
            ending = "" if len(parts) == 1 else f"-day-{day}"
            target = folder / stem(name, week) / f"run-sheet{ending}.pdf"
            points = _fit(print_page, title, some, one.text, files, target)
            written.append(target)
            minutes = sum(row.minutes for row in some)
            letters = f"letters of {points:g} points"
            report(f"{title}  {PAGES} pages, {letters}, {minutes} minutes  {shown(target)}")
        written.append(folder / stem(name, week) / "check-list.pdf")
        print_page(checklist(one.title, files), written[-1])
        report(f"Check-list  {shown(written[-1])}")
    return written


def pages(path: Path) -> int:
    """The pages of a PDF that Chromium has printed."""
    return len(re.findall(rb"/Type /Page\b(?!s)", path.read_bytes()))


def _fit(
    print_page: Printer, title: str, some: list[Row], text: str, files: Path, target: Path
) -> float:
    """Print in the largest letters with which there are two pages; their points."""
    tries = [(points, True) for points in APART] + [(points, False) for points in RUNNING]
    for points, apart in tries:
        print_page(page(title, some, text, files, points, apart), target)
        if pages(target) == PAGES:
            return points
    raise SiteError(f"The run sheet of {title} does not fit on {PAGES} pages: shorten its plan.")
