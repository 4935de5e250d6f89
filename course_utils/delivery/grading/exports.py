"""What `course export` does: marks in a platform's own gradebook, tables, and zips of pages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course_utils import CourseError
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.columns import Sheet
from course_utils.delivery.grading.commands import say
from course_utils.delivery.grading.converters import books, require_nbgrader
from course_utils.delivery.grading.deadlines import listed
from course_utils.delivery.grading.matching import learner, match
from course_utils.delivery.grading.origins import CANVAS, MOODLE, origins
from course_utils.delivery.grading.table_file import TableError, read_table
from course_utils.delivery.grading.tables import write as write_table
from course_utils.files import write_atomically

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # of all files in a zip, so that the same pages make the same zip


@dataclass(frozen=True)
class Sum:
    """Of one learner and set; `waiting` if a human has still to mark something."""

    reached: float
    penalty: float
    out_of: float
    waiting: bool

    @property
    def final(self) -> float:
        return round(max(self.reached - self.penalty, 0.0), 2)


def export(
    file: Path | None,
    folder: Path,
    names: tuple[str, ...] = (),
    columns: tuple[str, ...] = (),
    scale: bool = False,
    pages: bool = False,
) -> list[Path]:
    """Write marks into a copy of a platform's table, or tables of our own; what was written."""
    require_nbgrader()
    if not (folder / "gradebook.db").is_file():
        raise CourseError(f"{folder} holds no marks yet: start with `course grade`.")
    classroom, told = Classroom(folder), dict(map(as_pair, columns))
    with classroom.alone():
        every = sums(classroom)
        chosen = [pick(name, every) for name in names] or list(every)
        told = {pick(name, every): column for name, column in told.items()}
        if not chosen:
            raise CourseError(f"{folder} holds no marks yet: start with `course grade`.")
        every = {name: every[name] for name in chosen}
        if pages:
            made = [zip_pages(classroom, name, list(own)) for name, own in every.items()]
        elif file is not None:
            made = [fill(classroom, file, every, told, scale)]
        else:
            made = list(tables(classroom, every))
    for path in made:
        say(f"Written: {path}")
    return made


def as_pair(text: str) -> tuple[str, str]:
    name, between, column = text.partition("=")
    if not (name and between and column):
        raise CourseError(f"--column {text}: write it as SET=NAME, such as 04='LSTM (123)'.")
    return name, column


def pick(name: str, every: dict) -> str:
    chosen = [one for one in every if one == name or one.split("_")[0] == name.zfill(2)]
    if len(chosen) != 1:
        raise CourseError(f"There are no marks of {name!r} here; there are: {', '.join(every)}.")
    return chosen[0]


def sums(classroom: Classroom) -> dict[str, dict[str, Sum]]:
    """By set and learner, of all who handed something in."""
    found: dict[str, dict[str, Sum]] = {}
    with books(classroom) as book:
        for assignment in book.assignments:
            own = found[assignment.name] = {}
            for one in book.assignment_submissions(assignment.name):
                penalty, waiting = one.late_submission_penalty or 0.0, bool(one.needs_manual_grade)
                own[one.student.id] = Sum(one.score, penalty, assignment.max_score, waiting)
    return {name: dict(sorted(own.items())) for name, own in found.items() if own}


def fill(
    classroom: Classroom,
    file: Path,
    every: dict[str, dict[str, Sum]],
    told: dict[str, str],
    scale: bool,
) -> Path:
    """A copy of a platform's table with the marks in it; who is not found is named.

    Raises TableError if it is unclear which column is meant, or of how many points it is.
    """
    target = classroom.folder / "export" / file.name
    if target.resolve() == file.resolve():
        raise TableError(f"{file} would be written over: move it out of {target.parent} first.")
    table = read_table(file)
    sheet, filled = Sheet(table, file.name), 0
    if sheet.worksheet and len(every) > 1:
        raise TableError(f"{file.name} is of one assignment: say with --set which set it is.")
    for name, own in every.items():
        column = sheet.column([name, title(classroom, name)], told.get(name))
        if column is None:
            continue
        filled += 1
        came_from = origins(classroom, name)
        people = {one: learner(one, came_from.get(one)) for one in own}
        found = match(people, sheet.people())
        changed = 0
        for one, row in found.rows.items():
            if not own[one].waiting:
                points = in_points(sheet, name, own[one], column, row, scale)
                changed += write_cell(table, row, column, points)
        say(f"{name}: {changed} new in the column {table.head[column]!r}.")
        for line in unclear(sheet, own, found):
            say(line)
    if not filled:
        raise TableError(
            f"{file.name} has no column named for {listed(set(every))}: name it, such as "
            f"--column {next(iter(every))[:2]}=NAME; there are: {sheet.listed()}."
        )
    write_atomically(target, table.content())
    return target


def in_points(sheet: Sheet, name: str, own: Sum, column: int, row: int, scale: bool) -> float:
    most = sheet.most(column, row)
    if most is None or abs(most - own.out_of) < 1e-9:
        return own.final
    if not scale:
        raise TableError(
            f"{sheet.table.head[column]!r} gives {most:g} points and {name} {own.out_of:g}: make "
            "them the same on the platform, or let --scale convert them."
        )
    return round(own.final * most / own.out_of, 2) if own.out_of else 0.0


def write_cell(table, row: int, column: int, points: float) -> bool:
    """Whether a cell changed. Who is excused stays excused."""
    if column >= len(table.rows[row]) or table.text(row, column).upper() == "EX":
        return False
    text = f"{points:.2f}".rstrip("0").rstrip(".")
    text = text.replace(".", ",") if table.decimal_comma else text
    old = table.text(row, column).replace(",", ".")
    try:
        if float(old) == points:
            return False
    except ValueError:
        pass
    table.put(row, column, text)
    return True


def unclear(sheet: Sheet, own: dict[str, Sum], found) -> Iterator[str]:
    """Whose marks are not in the table, and why."""
    waiting = {one for one in found.rows if own[one].waiting}
    if found.missing:
        yield f"Not in {sheet.shown}: {listed(set(found.missing))}."
    if found.several:
        yield f"Several in {sheet.shown} could be these, so left out: {listed(set(found.several))}."
    if waiting:
        yield f"Answers in words wait to be marked, so left out: {listed(waiting)}."
    others = len(sheet.people()) - len(found.rows)
    if others:
        yield f"Rows of {sheet.shown} without marks here, left as they are: {others}."


def title(classroom: Classroom, name: str) -> str:
    """The heading of a set's hand-out, or its name."""
    import nbformat

    path = classroom.folder / "source" / name / f"{name}.ipynb"
    try:
        first = nbformat.read(path, as_version=4).cells[0].source
    except (OSError, ValueError, LookupError):
        return name
    heads = [line[2:].strip() for line in first.splitlines() if line.startswith("# ")]
    return heads[0] if heads else name


def tables(classroom: Classroom, every: dict[str, dict[str, Sum]]) -> Iterator[Path]:
    """marks.csv, with what was reached and taken off; and what each platform takes."""
    everyone = sorted({one for own in every.values() for one in own})
    known = {name: origins(classroom, name) for name in every}
    finals = {
        one: [
            "" if one not in own or own[one].waiting else f"{own[one].final:g}"
            for own in every.values()
        ]
        for one in everyone
    }
    most = [f"{max(one.out_of for one in own.values()):g}" for own in every.values()]
    numbers = {
        one: next((p.number for n in every if (p := learner(one, known[n].get(one))).number), "")
        for one in everyone
    }
    rows = [
        [one, *(cell for own in every.values() for cell in in_full(own.get(one)))]
        for one in everyone
    ]
    head = [f"{name} {what}" for name in every for what in ("reached", "late", "points")]
    yield table(classroom, "marks.csv", [["learner", *head], *rows])
    canvas = [[one, numbers[one], "", one, "", *finals[one]] for one in everyone]
    top = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *every]
    points = ["Points Possible", "", "", "", "", *most]
    yield table(classroom, "canvas.csv", [top, points, *canvas])
    heads = [f"{name} Points Grade <Numeric MaxPoints:{full}>" for name, full in zip(every, most)]
    bright = [[one, *finals[one], "#"] for one in everyone]
    yield table(
        classroom, "brightspace.csv", [["Username", *heads, "End-of-Line Indicator"], *bright]
    )
    moodle = [[one, *finals[one]] for one in everyone]
    yield table(classroom, "moodle.csv", [["username", *every], *moodle])


def in_full(one: Sum | None) -> list[str]:
    if one is None:
        return ["", "", ""]
    return [f"{one.reached:g}", f"{one.penalty:g}", "" if one.waiting else f"{one.final:g}"]


def table(classroom: Classroom, name: str, rows: list[list[str]]) -> Path:
    path = classroom.folder / "export" / name
    write_table(path, rows[0], rows[1:])
    return path


def zip_pages(classroom: Classroom, name: str, learners: list[str]) -> Path:
    """The pages of a set, called as the platform expects them back."""
    known, content = origins(classroom, name), io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in learners:
            page = classroom.folder / "feedback" / one / name / f"{name}.html"
            if page.is_file():
                place = way_back(one, name, known[one].place if one in known else "")
                archive.writestr(zipfile.ZipInfo(place, LONG_AGO), page.read_bytes())
    path = classroom.folder / "export" / f"feedback-{name}.zip"
    write_atomically(path, content.getvalue())
    return path


def way_back(one: str, name: str, place: str) -> str:
    """Where a page goes in the zip: to the name that the platform gave the learner's file."""
    *folders, file = place.split("/")
    for part in [*folders, file]:
        if match := MOODLE.match(part):
            return f"{part}/{name}.html" if part in folders else f"{match[0]}{name}.html"
        if match := CANVAS.match(part):
            return f"{match[0]}{name}.html"
    return f"{one}/{name}.html"
