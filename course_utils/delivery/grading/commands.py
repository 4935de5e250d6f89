"""What `course release`, `collect`, `grade` and `feedback` do and say."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import track

from course_utils import CourseError
from course_utils.delivery.grading import due_file, gradebook, handouts, report
from course_utils.delivery.grading.called import called
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.converters import require_nbgrader
from course_utils.delivery.grading.deadlines import ALWAYS_IN_TIME, FILE, Rule, rule_of, sentences
from course_utils.delivery.grading.entry import Entry
from course_utils.delivery.grading.gather import gather
from course_utils.delivery.grading.late import reckon
from course_utils.delivery.grading.marking import mark_all
from course_utils.delivery.grading.marks import Mark, Marks, Unmarked
from course_utils.delivery.grading.material import material_of
from course_utils.delivery.grading.overview import make as overview
from course_utils.delivery.grading.overview.moments import note_hand_out
from course_utils.delivery.grading.reading import read, solved_by_the_course
from course_utils.delivery.grading.register import Register
from course_utils.delivery.grading.regrade import changes, told, write_history
from course_utils.delivery.grading.roster import Roster, read_roster
from course_utils.delivery.grading.sandbox import SandboxError
from course_utils.delivery.grading.sets import ProblemSet, find_set, known_sets
from course_utils.delivery.grading.submission import NotReadable, Submission
from course_utils.delivery.grading.walls import choose, get_ready, lacking

console = Console()
MOST_LINES = 300  # about what was left out
WEBASSEMBLY = (
    "Answers run behind the walls of WebAssembly: docs/grading.md, 'Marking anywhere', says what "
    "they hold and what bubblewrap's hold."
)


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
    require_nbgrader()
    chosen = [find_set(name, problems) for name in names]
    learners = read_roster(roster).rows if roster else []
    for one in chosen:
        if one.varied and not learners:
            raise CourseError(
                f"{one.name} differs from learner to learner: name the learners with --roster FILE."
            )
    when = due_file.parse_due(Classroom(folder), due) if due else None  # before anything is made
    classroom = Classroom(folder).open()
    with classroom.alone():
        due_file.write_example(classroom)
        for one in chosen:
            with console.status(f"Making the hand-out of {one.name} ..."):
                path = handouts.release(classroom, one)
                note_hand_out(classroom, one.name)
            if one.varied:
                made = handouts.release_variants(classroom, one, learners)
                say(f"Hand out to each learner their own: {len(made)} in {made[0].parents[1]}/")
            else:
                say(f"Hand out {path}")
            if when:
                due_file.set_due(classroom, one.name, when, list(known_sets(problems)))
                say(f"{one.name} is due {when:%Y-%m-%d %H:%M %Z}: see {classroom.folder / FILE}")


def collect(
    source: Path,
    folder: Path,
    problems: Path | None,
    update: bool,
    layout: str | None = None,
    roster: Path | None = None,
) -> None:
    """Copy what was handed in into the class."""
    sets = {name: material_of(find_set(name, problems)) for name in known_sets(problems)}
    people = read_roster(roster) if roster else None
    *lines, last = gather(source, Classroom(folder), sets, update, layout, people)
    for line in lines[:MOST_LINES]:
        say(line)
    if len(lines) > MOST_LINES:
        say(f"... and {len(lines) - MOST_LINES} lines more of this kind.")
    say(last)


def grade(
    source: Path,
    folder: Path | None,
    problems: Path | None = None,
    names: tuple[str, ...] = (),
    jobs: int = -1,
    cluster: str | None = None,
    again: bool = False,
    update: bool = False,
    layout: str | None = None,
    roster: Path | None = None,
    walls: str = "auto",
) -> list[Marks]:
    """From a folder of submissions to marks, a table, a CSV and pages of feedback."""
    if jobs == 0 or jobs < -1:
        raise CourseError(f"--jobs is {jobs}; it must be at least 1, or -1 for one on each core.")
    require_nbgrader()
    chosen = [find_set(name, problems).name for name in names]
    walls = choose(walls, cluster)
    classroom = class_with(source, folder, problems, update, layout, roster)
    chosen = chosen or handed_in(classroom, problems)
    if not chosen:
        raise CourseError(
            f"There is no submission of a known set in {classroom.submitted}; it needs "
            "LEARNER/SET/SET.ipynb."
        )
    sets = possible(walls, [find_set(name, problems) for name in chosen])
    every: list[Marks] = []
    rules = {name: rule_of(classroom, name, list(known_sets(problems))) for name in chosen}
    try:
        if cluster is None:
            get_ready(walls, console)
        with classroom.alone():
            for one in sets:
                every += grade_set(classroom, one, jobs, cluster, again, rules[one.name], walls)
            write_history(classroom)
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


def class_with(
    source: Path,
    folder: Path | None,
    problems: Path | None,
    update: bool,
    layout: str | None = None,
    roster: Path | None = None,
) -> Classroom:
    """The class that holds the submissions of `source`, after they were collected if need be."""
    home = source.parent if source.name == "submitted" else source
    if (home / "submitted").is_dir() and (folder or home).resolve() == home.resolve():
        classroom = Classroom(home).open()
        if roster:
            expect(classroom, read_roster(roster))
        return classroom
    classroom = Classroom(folder or Path())
    collect(source, classroom.folder, problems, update, layout, roster)
    return classroom


def expect(classroom: Classroom, roster: Roster) -> None:
    """Note who is in the roster, and name those who are not."""
    register = Register.load(classroom.folder)
    register.expected = roster.rows
    strangers = [row for row in register.rows if row not in roster.rows]
    if strangers:
        say(f"Not in the roster: {', '.join(strangers[:20])}{' ...' * (len(strangers) > 20)}.")
    with classroom.alone():
        register.save(classroom.folder)


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
    walls: str = "bubblewrap",
) -> list[Marks]:
    """Mark what is not marked yet, and write everything that follows from it."""
    if not handouts.is_current(classroom, one):
        handouts.release(classroom, one)
    results, entries = sort_out(classroom, one, again)
    waiting = {entry.learner: entry.submission for entry in entries}
    unmarked: list[str] = []
    before, changed = classroom.marked(one.name), []
    try:
        handed_out = classroom.handed_out(one.name)
        ready = mark_all(entries, jobs, cluster, handed_out, walls) if entries else ()
        what, count = f"Marking {one.name}", len(entries)
        for marks in track(ready, what, count, console=console, disable=not entries):
            if isinstance(marks, Unmarked):
                unmarked.append(str(marks))
                continue
            classroom.note(marks)
            changed += changes(before.get(marks.learner), marks)
            results[marks.learner] = marks, waiting.pop(marks.learner)
    except KeyboardInterrupt:
        done = len(entries) - len(waiting)
        raise CourseError(
            f"Stopped: {done} of {len(entries)} are marked and kept; the same command goes on."
        ) from None
    every = write_down(classroom, one, results, rule)
    for line in unmarked:
        say(line)
    if changed:
        say("The same files, marked anew:")
    for line in told(sorted(changed, key=lambda change: change.learner)):
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
    report.show(console, one, every, by_hand, called(classroom.folder))
    path = classroom.log(one.name).with_suffix(".csv")
    report.write_csv(path, every)
    glance = overview.write(classroom, one, ordered)
    lates = {learner: hand.late for learner, hand in by_hand.items() if hand.late}
    people = Register.load(classroom.folder).people
    for line in [*sentences(rule, lates, people), *failed, f"Details in {path}"]:
        say(line)
    say(f"The class at a glance: {glance}")
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
    for learner, _ in found:
        try:
            submission = read(classroom.submitted, learner, one)
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
    absent = Register.load(classroom.folder).missing(one.name, [learner for learner, _ in found])
    results |= {learner: (nothing(learner, one, why), None) for learner, why in absent.items()}
    settled = {learner: own for learner, (_, own) in results.items() if own}
    fresh = {entry.learner: entry.submission for entry in entries}
    if line := solved_by_the_course(one, settled | fresh):
        say(line)
    return results, entries


def nothing(learner: str, one: ProblemSet, why: str) -> Marks:
    marks = tuple(Mark(name, 0.0, one.points(name), why) for name in one.problems)
    return Marks(learner, one.name, marks, failure=why)


def feedback(folder: Path, problems: Path | None, names: tuple[str, ...]) -> None:
    """Write pages and sums again, after marks by hand."""
    classroom = Classroom(folder)
    if not (folder / "gradebook.db").is_file():
        raise CourseError(f"{folder} holds no marks yet: start with `course grade`.")
    chosen = [find_set(name, problems).name for name in names]
    people = Register.load(folder).people
    with classroom.alone():
        for name in chosen or [path.name for path in sorted((folder / "release").glob("*"))]:
            learners = [
                path.parent.parent.name
                for path in (folder / "autograded").glob(f"*/{name}/{name}.ipynb")
            ]
            rule = rule_of(classroom, name, list(known_sets(problems)))
            with console.status(f"Writing the pages of {name} ..."):
                rule, lates = reckon(classroom, name, rule)
                failed = gradebook.feedback(classroom, name, learners)
            for line in [*sentences(rule, lates, people), *failed]:
                say(line)
            pages = len(learners) - len(failed)
            say(f"{pages} page{'s'[: pages != 1]} of {name} in {folder / 'feedback'}")
        say(f"Sums in {gradebook.export(classroom)}")
