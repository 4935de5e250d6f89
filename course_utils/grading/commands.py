"""What `course release`, `collect`, `grade` and `feedback` do and say."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.progress import track

from course_utils import CourseError
from course_utils.grading import due_file, gradebook, handouts, report
from course_utils.grading.classroom import Classroom
from course_utils.grading.converters import require_nbgrader
from course_utils.grading.deadlines import ALWAYS_IN_TIME, FILE, Rule, rule_of, sentences
from course_utils.grading.gather import gather
from course_utils.grading.late import reckon
from course_utils.grading.marking import Entry, Mark, Marks, mark_all
from course_utils.grading.names import as_name
from course_utils.grading.regrade import changes, told, write_history
from course_utils.grading.sandbox import probe
from course_utils.grading.sets import ProblemSet, find_set, known_sets, marked
from course_utils.grading.submission import NotReadable, Submission, parse, read_file

console = Console()
MOST_LINES = 300  # about what was left out
HEADS = {"learner", "student", "student_id", "id", "user", "username", "name", "email"}


def say(line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def release(
    names: tuple[str, ...],
    folder: Path,
    problems: Path | None,
    roster: Path | None,
    due: str | None = None,
) -> None:
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
        due_file.write_example(classroom)
        when = due_file.parse_due(classroom, due) if due else None
        for one in chosen:
            with console.status(f"Making the hand-out of {one.name} ..."):
                path = handouts.release(classroom, one)
            if one.varied:
                made = handouts.release_variants(classroom, one, learners)
                say(f"Hand out to each learner their own: {len(made)} in {made[0].parents[1]}/")
            else:
                say(f"Hand out {path}")
            if when:
                due_file.set_due(classroom, one.name, when, list(known_sets(problems)))
                say(f"{one.name} is due {when:%Y-%m-%d %H:%M %Z}: see {classroom.folder / FILE}")


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
) -> list[Marks]:
    """From a folder of submissions to marks, a table, a CSV and pages of feedback."""
    if jobs == 0 or jobs < -1:
        raise CourseError(f"--jobs is {jobs}; it must be at least 1, or -1 for one on each core.")
    require_nbgrader()
    chosen = [find_set(name, problems).name for name in names]
    if cluster is None:
        probe()
    classroom = class_with(source, folder, problems, update)
    chosen = chosen or handed_in(classroom, problems)
    if not chosen:
        raise CourseError(
            f"There is no submission of a known set in {classroom.submitted}; it needs "
            "LEARNER/SET/SET.ipynb."
        )
    every: list[Marks] = []
    rules = {name: rule_of(classroom, name, list(known_sets(problems))) for name in chosen}
    try:
        with classroom.alone():
            for name in chosen:
                one = find_set(name, problems)
                every += grade_set(classroom, one, jobs, cluster, again, rules[name])
            write_history(classroom)
            sums = gradebook.export(classroom)
    except KeyboardInterrupt:
        raise CourseError("Stopped: all marks are kept; the same command goes on.") from None
    say(f"\nSums in {sums}, pages in {classroom.folder / 'feedback'}")
    return every


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
    rule: Rule = ALWAYS_IN_TIME,
) -> list[Marks]:
    """Mark what is not marked yet, and write everything that follows from it."""
    if not handouts.is_current(classroom, one):
        handouts.release(classroom, one)
    results, entries = sort_out(classroom, one, again)
    waiting = {entry.learner: entry.submission for entry in entries}
    before, changed = classroom.marked(one.name), []
    try:
        ready = mark_all(entries, jobs, cluster, classroom.handed_out(one.name)) if entries else ()
        what, count = f"Marking {one.name}", len(entries)
        for marks in track(ready, what, count, console=console, disable=not entries):
            classroom.note(marks)
            changed += changes(before.get(marks.learner), marks)
            results[marks.learner] = marks, waiting.pop(marks.learner)
    except KeyboardInterrupt:
        done = len(entries) - len(waiting)
        raise CourseError(
            f"Stopped: {done} of {len(entries)} are marked and kept; the same command goes on."
        ) from None
    every = write_down(classroom, one, results, rule)
    if changed:
        say("The same files, marked anew:")
    for line in told(changed):
        say(line)
    return every


def write_down(
    classroom: Classroom,
    one: ProblemSet,
    results: dict[str, tuple[Marks, Submission | None]],
    rule: Rule,
) -> list[Marks]:
    """Everything that follows from marks: the gradebook, pages, tables."""
    ordered = [results[learner] for learner in sorted(results)]
    every = [marks for marks, _ in ordered]
    with console.status("Writing the gradebook and the pages of feedback ..."):
        by_hand = gradebook.enter(classroom, one, ordered, rule)
        failed = gradebook.feedback(classroom, one.name, results)
    report.show(console, one, every, by_hand)
    path = classroom.log(one.name).with_suffix(".csv")
    report.write_csv(path, every)
    lates = {learner: hand.late for learner, hand in by_hand.items() if hand.late}
    for line in [*sentences(rule, lates), *failed, f"Details in {path}"]:
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
            rule = rule_of(classroom, name, list(known_sets(problems)))
            with console.status(f"Writing the pages of {name} ..."):
                reckon(classroom, name, rule)
                failed = gradebook.feedback(classroom, name, learners)
            for line in failed:
                say(line)
            pages = len(learners) - len(failed)
            say(f"{pages} page{'s'[: pages != 1]} of {name} in {folder / 'feedback'}")
        say(f"Sums in {gradebook.export(classroom)}")
