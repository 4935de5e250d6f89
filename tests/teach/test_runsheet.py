"""Run sheets: two pages for each day of a plan, in its minutes, with the numbers of its slides."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from course_utils.delivery.authoring.runsheet import checklist, command, guide
from course_utils.delivery.authoring.runsheet.page import table
from course_utils.delivery.authoring.runsheet.rows import days, rows
from course_utils.delivery.authoring.site.folders import SiteError
from course_utils.delivery.authoring.site.vendor import VENDOR
from course_utils.delivery.authoring.slides.plan import Plan, plan
from course_utils.delivery.authoring.slides.render import clock
from course_utils.delivery.authoring.teaching.plans import timetables
from course_utils.delivery.cli import course
from tests.browsing import CHROMIUM, needs_browser
from tests.slides.test_decks import fetched

PLANS = [("3-hours", None), ("1-day", None), ("2-days", None), ("semester", 4)]


@pytest.fixture(scope="module")
def made() -> dict[str, Plan]:
    return {name: plan(name, week) for name, week in PLANS}


@pytest.mark.parametrize("name", [name for name, _ in PLANS])
def test_rows_have_the_minutes_and_the_slides_of_the_plan(name: str, made: dict) -> None:
    one = made[name]
    found = rows(one, guide.said(one.text))
    tables = list(timetables(one.text))
    assert [sum(row.minutes for row in day) for day in days(one, {})] == [t.minutes for t in tables]
    assert found[0].first == 2 and found[-1].last == one.count
    assert all(a.last + 1 == b.first for a, b in itertools.pairwise(found))
    for day in days(one, {}):
        assert all(a.start + a.minutes == b.start for a, b in itertools.pairwise(day))
    for row, part in zip(found, one.parts, strict=True):
        kinds = [slide.kind for _, slide in part.slides]
        assert bool(row.ask) == ("predict" in kinds)
        assert all(task.answer in row.people for task in part.tasks)


def test_every_exercise_is_told_with_what_goes_wrong(made: dict) -> None:
    for name, one in made.items():
        for row, part in zip(rows(one, {}), one.parts, strict=True):
            assert not part.tasks or row.wrong, f"{name} at {clock(row.start)}"


def test_what_is_said_by_hand_stands_at_its_slot(made: dict) -> None:
    one = made["3-hours"]
    by_hand = guide.said(one.text)
    starts = [clock(part.slot.start) for part in one.parts]
    assert list(by_hand) == starts, "the table slot by slot has the times of the timetable"
    page = table(rows(one, by_hand))
    assert "Say nothing" not in page and "Nothing, for ten seconds" in page
    assert page.count("<tr ") == len(starts)


def test_the_guide_is_taken_apart() -> None:
    believed = guide.beliefs("00")
    assert believed[0].what == "“The plain RNN cannot remember.”" and believed[0].ask.endswith("?")
    kept = guide.mistakes("04", ["lstm_step"])
    assert len(kept) >= 3 and kept[0].what == "1 - f kept" and kept[0].ask.endswith("?")
    assert guide.mistakes("04", []) == [] and guide.said("no table") == {}
    assert "](" not in guide.when_failing() and "**A machine:**" in guide.when_failing()


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], list[str]]:
    lines: list[str] = []
    folder = tmp_path_factory.mktemp("sheets")
    environment = pytest.MonkeyPatch()
    environment.setenv("CHROMIUM", str(CHROMIUM))
    paths = [p for plan in PLANS for p in command.write_run_sheets(*plan, folder, lines.append)]
    environment.undo()
    return paths, lines


@needs_browser
@fetched
def test_run_sheets_have_two_pages_and_check_lists_one(printed) -> None:
    paths, lines = printed
    pages = {f"{path.parent.name}/{path.stem}": command.pages(path) for path in paths}
    assert pages == {
        "plan-3-hours/run-sheet": 2,
        "plan-3-hours/check-list": 1,
        "plan-1-day/run-sheet": 2,
        "plan-1-day/check-list": 1,
        "plan-2-days/run-sheet-day-1": 2,
        "plan-2-days/run-sheet-day-2": 2,
        "plan-2-days/check-list": 1,
        "plan-semester-week-04/run-sheet": 2,
        "plan-semester-week-04/check-list": 1,
    }
    minutes = [int(found[1]) for line in lines if (found := re.search(r", (\d+) minutes  ", line))]
    assert minutes == [180, 480, 480, 480, 90]
    points = [float(one) for one in re.findall(r"letters of ([\d.]+) points", "\n".join(lines))]
    assert len(points) == 5 and min(points) >= 8.5, "too small to be read while one speaks"


@needs_browser
@fetched
def test_they_are_tagged_for_screen_readers(printed) -> None:
    for path in printed[0]:
        data = path.read_bytes()
        assert b"/StructTreeRoot" in data and b"/Marked true" in data and b"/Lang" in data
        assert (b"/S /TH" in data) == path.stem.startswith("run-sheet")


def test_a_sheet_that_does_not_fit_is_refused(tmp_path: Path, made: dict) -> None:
    some = rows(made["semester"], {})

    def three_pages(text: str, path: Path) -> None:
        path.write_bytes(b"/Type /Page\n" * 3)

    with pytest.raises(SiteError, match="does not fit on 2 pages"):
        command._fit(three_pages, "Week", some, "", VENDOR, tmp_path / "x.pdf")


@fetched
def test_the_check_list_has_a_box_for_everything() -> None:
    page = checklist.page("Three hours", VENDOR)
    assert page.count('<span class="box">') == guide.checklist().count("- [ ]") >= 12
    assert "[ ]" not in page and 'href="' not in page


def test_a_run_sheet_is_of_a_plan() -> None:
    result = CliRunner().invoke(course, ["slides", "04", "--run-sheet"])
    assert result.exit_code == 2 and "A run sheet is of a plan: add --plan 3-hours" in result.output
