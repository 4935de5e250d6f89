"""What `course release`, `collect`, `grade` and `feedback` do and say."""

from __future__ import annotations

import csv
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from course_utils import CourseError
from course_utils.grading import gradebook
from course_utils.grading.classroom import Classroom, as_name
from course_utils.grading.gather import gather
from course_utils.grading.marking import Entry, Mark, Marks, mark_all
from course_utils.grading.sandbox import probe
from course_utils.grading.sets import ProblemSet, find_set, known_sets, marked
from course_utils.grading.submission import NotReadable, Submission, parse, read_file

console = Console()


def release(names: tuple[str, ...], folder: Path, problems: Path | None, roster: Path | None):
    """Make hand-outs; with a roster, one for each learner."""
    classroom = Classroom(folder).open()
    for name in names:
        one = find_set(name, problems)
        if one.varied and roster is None:
            raise CourseError(
                f"{one.name} differs from learner to learner: name the learners with --roster FILE."
            )
        path = gradebook.release(classroom, one)
        console.print(f"Hand out {path}")
        if roster:
            count = gradebook.release_variants(classroom, one, learners_in(roster))
            console.print(f"{count} hand-outs of their own in {path.parent}")


def learners_in(roster: Path) -> list[str]:
    """The first column of a table, one learner in each line."""
    with open(roster, newline="", encoding="utf-8-sig") as file:
        return [as_name(row[0]) for row in csv.reader(file) if row and row[0].strip()]


def collect(source: Path, folder: Path, problems: Path | None, update: bool) -> None:
    """Copy what was handed in into the class."""
    sets = {name: ids_of(find_set(name, problems)) for name in known_sets(problems)}
    for line in gather(source, Classroom(folder).open(), sets, update):
        console.print(line, markup=False, highlight=False)


def ids_of(one: ProblemSet) -> set[str]:
    cells = [marked(cell) for cell in one.notebook["cells"]]
    return {cell["grade_id"] for cell in cells if cell.get("solution")}


def grade(
    source: Path,
    folder: Path | None,
    problems: Path | None = None,
    names: tuple[str, ...] = (),
    jobs: int = -1,
    cluster: str | None = None,
    again: bool = False,
    update: bool = False,
) -> list[Marks]:
    """From a folder of submissions to marks, a table, a CSV and pages of feedback."""
    if jobs == 0 or jobs < -1:
        raise CourseError(f"--jobs is {jobs}; it must be at least 1, or -1 for one on each core.")
    gradebook.require_nbgrader()
    if cluster is None:
        probe()
    if (source / "submitted").is_dir() or source.name == "submitted":
        folder = folder or (source if (source / "submitted").is_dir() else source.parent)
        classroom = Classroom(folder).open()
    else:
        classroom = Classroom(folder or Path.cwd()).open()
        collect(source, classroom.folder, problems, update)
    chosen = [find_set(name, problems).name for name in names] or handed_in(classroom, problems)
    if not chosen:
        raise CourseError(f"There are no submissions of a known set in {classroom.submitted}.")
    every: list[Marks] = []
    for name in chosen:
        every += grade_set(classroom, find_set(name, problems), jobs, cluster, again)
    console.print(f"Sums in {gradebook.export(classroom)}", soft_wrap=True)
    return every


def handed_in(classroom: Classroom, problems: Path | None) -> list[str]:
    there = {path.name for path in classroom.submitted.glob("*/*") if path.is_dir()}
    return [name for name in known_sets(problems) if name in there]


def grade_set(
    classroom: Classroom, one: ProblemSet, jobs: int, cluster: str | None, again: bool
) -> list[Marks]:
    """Mark what is not marked yet, and write everything that follows from it."""
    if not (classroom.folder / "release" / one.name).is_dir():
        gradebook.release(classroom, one)
    secret, done = classroom.secret(), {} if again else classroom.marked(one.name)
    results: dict[str, tuple[Marks, Submission | None]] = {}
    entries = []
    for learner, path in submissions(classroom, one.name):
        try:
            submission = read(path, one)
        except NotReadable as why:
            results[learner] = nothing(learner, one, str(why)), None
            continue
        before = done.get(learner)
        if before and (before.digest, before.version) == (submission.digest, one.version):
            results[learner] = before, submission
        else:
            entries.append(Entry(learner, submission, one, secret))
    waiting = {entry.learner: entry.submission for entry in entries}
    for marks in track(
        mark_all(entries, jobs, cluster), one.name, total=len(entries), console=console
    ):
        classroom.note(marks)
        results[marks.learner] = marks, waiting[marks.learner]
    ordered = [results[learner] for learner in sorted(results)]
    gradebook.enter(classroom, one, ordered)
    gradebook.feedback(classroom, one.name, results)
    every = [marks for marks, _ in ordered]
    show(one, every)
    console.print(f"Marks in {write_table(classroom, one, every)}", soft_wrap=True)
    return every


def submissions(classroom: Classroom, name: str) -> list[tuple[str, Path]]:
    """Learners and the folders with their notebooks; neither may be a link."""
    found = []
    for folder in sorted(classroom.submitted.iterdir()):
        own = folder / name
        linked = own.is_symlink() or folder.is_symlink()
        if own.is_dir() and not linked and folder.name == as_name(folder.name):
            found.append((folder.name, own))
    return found


def read(folder: Path, one: ProblemSet) -> Submission:
    """The notebook in a folder: the one with the set's name, or the one with its cells."""
    answers = set(one.problems)
    written = {
        marked(cell)["grade_id"]
        for cell in one.notebook["cells"]
        if cell["cell_type"] == "markdown" and marked(cell).get("solution")
    }
    paths = sorted(folder.glob("*.ipynb"), key=lambda path: (path.stem != one.name, path.name))
    why = NotReadable(f"There is no notebook of {one.name}.")
    for path in paths[:20]:
        try:
            submission = parse(read_file(path), answers, written)
        except NotReadable as error:
            why = error
            continue
        if submission.answers or submission.written:
            return submission
        why = NotReadable(f"The notebook has none of the answer cells of {one.name}.")
    raise why


def nothing(learner: str, one: ProblemSet, why: str) -> Marks:
    marks = tuple(Mark(name, 0.0, one.points(name), why) for name in one.problems)
    return Marks(learner, one.name, marks, failure=why)


def show(one: ProblemSet, every: list[Marks]) -> None:
    """The marks as a table on the screen."""
    table = Table("learner", *one.problems, "sum", title=one.name, title_justify="left")
    for marks in every:
        cells = [f"{mark.points:g}/{mark.out_of:g}" for mark in marks.marks]
        table.add_row(marks.learner, *cells, f"{marks.points:g}/{marks.out_of:g}")
    console.print(table)
    for marks in every:
        for said in [marks.failure, *(mark.note for mark in marks.marks)]:
            if said:
                console.print(f"{marks.learner}: {said}", markup=False, highlight=False)


def write_table(classroom: Classroom, one: ProblemSet, every: list[Marks]) -> Path:
    """marks/SET.csv: a line for each learner and problem."""
    path = classroom.log(one.name).with_suffix(".csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        head = ["learner", "set", "problem", "points", "out_of", "misconception", "message", "note"]
        writer.writerow(head)
        for marks in every:
            for m in marks.marks:
                row = [m.problem, m.points, m.out_of, m.misconception or "", m.message, m.note]
                writer.writerow([marks.learner, marks.set, *map(cell_of_table, row)])
    return path


def cell_of_table(value: object) -> object:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value


def feedback(folder: Path, problems: Path | None, names: tuple[str, ...]) -> None:
    """Write pages and sums again, after marks by hand."""
    classroom = Classroom(folder).open()
    chosen = [find_set(name, problems).name for name in names]
    for name in chosen or [p.name for p in sorted((classroom.folder / "release").glob("*"))]:
        learners = [
            path.parent.parent.name
            for path in (classroom.folder / "autograded").glob(f"*/{name}/{name}.ipynb")
        ]
        gradebook.feedback(classroom, name, learners)
        console.print(f"{len(learners)} pages of {name} in {classroom.folder / 'feedback'}")
    console.print(f"Sums in {gradebook.export(classroom)}", soft_wrap=True)
