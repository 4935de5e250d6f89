"""What `course release`, `collect`, `grade` and `feedback` do and say."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.progress import track

from course_utils import CourseError
from course_utils.grading import gradebook, handouts, report
from course_utils.grading.classroom import Classroom
from course_utils.grading.converters import require_nbgrader
from course_utils.grading.gather import gather
from course_utils.grading.marking import Entry, Mark, Marks, mark_all
from course_utils.grading.names import as_name
from course_utils.grading.sandbox import SandboxError
from course_utils.grading.sets import ProblemSet, find_set, known_sets, marked
from course_utils.grading.submission import NotReadable, Submission, parse, read_file
from course_utils.grading.walls import choose, get_ready, lacking

console = Console()
MOST_LINES = 300  # about what was left out
WEBASSEMBLY = (
    "Answers run behind the walls of WebAssembly: docs/grading.md, 'Marking anywhere', says what "
    "they hold and what bubblewrap's hold."
)
HEADS = {"learner", "student", "student_id", "id", "user", "username", "name", "email"}


def say(line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def release(names: tuple[str, ...], folder: Path, problems: Path | None, roster: Path | None):
    """Make hand-outs; of a set that varies, one for each learner of the roster."""
    chosen = [find_set(name, problems) for name in names]
    learners = learners_in(roster) if roster else []
    for one in chosen:
        if one.varied and not learners:
            raise CourseError(
                f"{one.name} differs from learner to learner: name the learners with --roster FILE."
            )
    classroom = Classroom(folder).open()
    with classroom.alone():
        for one in chosen:
            with console.status(f"Making the hand-out of {one.name} ..."):
                path = handouts.release(classroom, one)
            if one.varied:
                made = handouts.release_variants(classroom, one, learners)
                say(f"Hand out to each learner their own: {len(made)} in {made[0].parents[1]}/")
            else:
                say(f"Hand out {path}")


def learners_in(roster: Path) -> list[str]:
    """The first column of a table, one learner in each line, under a heading or not."""
    try:
        with open(roster, newline="", encoding="utf-8-sig") as file:
            found = [row[0].strip() for row in csv.reader(file) if row and row[0].strip()]
    except (UnicodeDecodeError, csv.Error):
        raise CourseError(f"{roster} is no table in UTF-8: save it as CSV.") from None
    if found and found[0].lower() in HEADS:
        del found[0]
    learners = list(map(as_name, found))
    if twice := [name for name, count in Counter(learners).items() if count > 1]:
        raise CourseError(
            f"{roster} names {', '.join(twice[:5])} more than once (blanks and signs count as _): "
            "give each learner a name of their own, the same as in submissions."
        )
    if not learners:
        raise CourseError(
            f"{roster} names no learner: it needs one in the first column of each line."
        )
    return learners


def collect(source: Path, folder: Path, problems: Path | None, update: bool) -> None:
    """Copy what was handed in into the class."""
    sets = {name: ids_of(find_set(name, problems)) for name in known_sets(problems)}
    *lines, last = gather(source, Classroom(folder), sets, update)
    for line in lines[:MOST_LINES]:
        say(line)
    if len(lines) > MOST_LINES:
        say(f"... and {len(lines) - MOST_LINES} lines more of this kind.")
    say(last)


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
    walls: str = "auto",
) -> list[Marks]:
    """From a folder of submissions to marks, a table, a CSV and pages of feedback."""
    if jobs == 0 or jobs < -1:
        raise CourseError(f"--jobs is {jobs}; it must be at least 1, or -1 for one on each core.")
    require_nbgrader()
    chosen = [find_set(name, problems).name for name in names]
    walls = choose(walls, cluster)
    classroom = class_with(source, folder, problems, update)
    chosen = chosen or handed_in(classroom, problems)
    if not chosen:
        raise CourseError(
            f"There is no submission of a known set in {classroom.submitted}; it needs "
            "LEARNER/SET/SET.ipynb."
        )
    sets = possible(walls, [find_set(name, problems) for name in chosen])
    every: list[Marks] = []
    try:
        if cluster is None:
            get_ready(walls, console)
        with classroom.alone():
            for one in sets:
                every += grade_set(classroom, one, jobs, cluster, again, walls)
            sums = gradebook.export(classroom)
    except KeyboardInterrupt:
        raise CourseError("Stopped: all marks are kept; the same command goes on.") from None
    say(f"\nSums in {sums}, pages in {classroom.folder / 'feedback'}")
    return every


def possible(walls: str, sets: list[ProblemSet]) -> list[ProblemSet]:
    """The sets that can be marked behind these walls; what is said of the others.

    Raises SandboxError if there are none.
    """
    without = {one.name: lacking(walls, one.kit) for one in sets}
    left_out = [
        f"{name} needs {' and '.join(missing)}, which WebAssembly lacks: mark it on Linux with "
        "bubblewrap."
        for name, missing in without.items()
        if missing
    ]
    if len(left_out) == len(sets):
        raise SandboxError(" ".join(left_out))
    if walls == "webassembly":
        say(WEBASSEMBLY)
    for line in left_out:
        say(line)
    return [one for one in sets if not without[one.name]]


def class_with(source: Path, folder: Path | None, problems: Path | None, update: bool) -> Classroom:
    """The class that holds the submissions of `source`, after they were collected if need be."""
    home = source.parent if source.name == "submitted" else source
    if (home / "submitted").is_dir() and (folder or home).resolve() == home.resolve():
        return Classroom(home).open()
    classroom = Classroom(folder or Path())
    collect(source, classroom.folder, problems, update)
    return classroom


def handed_in(classroom: Classroom, problems: Path | None) -> list[str]:
    there = {path.name for path in classroom.submitted.glob("*/*") if path.is_dir()}
    return [name for name in known_sets(problems) if name in there]


def grade_set(
    classroom: Classroom,
    one: ProblemSet,
    jobs: int,
    cluster: str | None,
    again: bool,
    walls: str = "bubblewrap",
) -> list[Marks]:
    """Mark what is not marked yet, and write everything that follows from it."""
    if not handouts.is_current(classroom, one):
        handouts.release(classroom, one)
    results, entries = sort_out(classroom, one, again)
    waiting = {entry.learner: entry.submission for entry in entries}
    try:
        handed_out = classroom.handed_out(one.name)
        ready = mark_all(entries, jobs, cluster, handed_out, walls) if entries else ()
        what, count = f"Marking {one.name}", len(entries)
        for marks in track(ready, what, count, console=console, disable=not entries):
            classroom.note(marks)
            results[marks.learner] = marks, waiting.pop(marks.learner)
    except KeyboardInterrupt:
        done = len(entries) - len(waiting)
        raise CourseError(
            f"Stopped: {done} of {len(entries)} are marked and kept; the same command goes on."
        ) from None
    ordered = [results[learner] for learner in sorted(results)]
    every = [marks for marks, _ in ordered]
    with console.status("Writing the gradebook and the pages of feedback ..."):
        by_hand = gradebook.enter(classroom, one, ordered)
        failed = gradebook.feedback(classroom, one.name, results)
    report.show(console, one, every, by_hand)
    path = classroom.log(one.name).with_suffix(".csv")
    report.write_csv(path, every)
    for line in [*failed, f"Details in {path}"]:
        say(line)
    return every


def sort_out(
    classroom: Classroom, one: ProblemSet, again: bool
) -> tuple[dict[str, tuple[Marks, Submission | None]], list[Entry]]:
    """What is settled already, by learner, and what is still to be marked."""
    secret, done = classroom.secret(), {} if again else classroom.marked(one.name)
    handed_out = classroom.handed_out(one.name)
    results: dict[str, tuple[Marks, Submission | None]] = {}
    entries = []
    found, said = classroom.submissions(one.name)
    for line in said:
        say(line)
    for learner, path in found:
        try:
            submission = read(path, one)
            if one.varied and learner not in handed_out:
                raise NotReadable(
                    f"No hand-out of {one.name} was made for {learner}: the names in the roster "
                    "and those of the submissions must agree."
                )
        except NotReadable as why:
            results[learner] = nothing(learner, one, str(why)), None
            continue
        before = done.get(learner)
        if before and (before.digest, before.version) == (submission.digest, one.version):
            results[learner] = before, submission
        else:
            entries.append(Entry(learner, submission, one, secret))
    return results, entries


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


def feedback(folder: Path, problems: Path | None, names: tuple[str, ...]) -> None:
    """Write pages and sums again, after marks by hand."""
    classroom = Classroom(folder)
    if not (folder / "gradebook.db").is_file():
        raise CourseError(f"{folder} holds no marks yet: start with `course grade`.")
    chosen = [find_set(name, problems).name for name in names]
    with classroom.alone():
        for name in chosen or [path.name for path in sorted((folder / "release").glob("*"))]:
            learners = [
                path.parent.parent.name
                for path in (folder / "autograded").glob(f"*/{name}/{name}.ipynb")
            ]
            with console.status(f"Writing the pages of {name} ..."):
                failed = gradebook.feedback(classroom, name, learners)
            for line in failed:
                say(line)
            pages = len(learners) - len(failed)
            say(f"{pages} page{'s'[: pages != 1]} of {name} in {folder / 'feedback'}")
        say(f"Sums in {gradebook.export(classroom)}")
