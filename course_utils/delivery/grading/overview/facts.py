"""What there is to say of a class and a set: plain data, of which page and tables are made."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

import numpy as np

from course_utils.delivery.grading.marks import Mark, Marks
from course_utils.delivery.grading.overview.alike import Answers, Pair
from course_utils.delivery.grading.overview.separation import Separation, separations
from course_utils.delivery.grading.sets import ProblemSet, marked, text_of
from course_utils.feedback.reread import Place, place_of

VERSIONS = 3  # handed in without a point more than the first: stuck
STOPPED = re.compile(r" stops( in .*)? with | was (stopped|not done after)")  # and gave no number
HEADING = re.compile(r"^## +(.+?)(?: *\([^()]*\))? *$", re.MULTILINE)


@dataclass(frozen=True)
class Task:
    """One task: how many learners solved it, in part, not, and did not begin; of how many."""

    number: int
    problem: str
    title: str
    out_of: float
    solved: int
    partly: int
    wrong: int
    empty: int
    mean: float
    separation: Separation
    hours: float | None  # median from hand-out to hand-in of those who solved it

    @property
    def learners(self) -> int:
        return self.solved + self.partly + self.wrong + self.empty


@dataclass(frozen=True)
class Mistake:
    """A known mistake of several learners, with the sentence about it and where to read again."""

    problem: str
    title: str
    name: str
    message: str
    place: Place | None
    learners: tuple[str, ...]


@dataclass(frozen=True)
class Stuck:
    """Somebody who may be glad of a word, and why."""

    learner: str
    why: str


@dataclass(frozen=True)
class Overview:
    """Everything about one set and one class."""

    name: str
    title: str
    learners: tuple[str, ...]
    tasks: tuple[Task, ...]
    mistakes: tuple[Mistake, ...]
    unnamed: Mapping[str, int]  # wrong answers without a known mistake, by problem
    stopped: Mapping[str, int]  # those that stop with an error, or never end
    stuck: tuple[Stuck, ...]
    pairs: tuple[Pair, ...]
    sums: tuple[float, ...]
    out_of: float
    in_words: bool  # whether some answers are, which no code marks
    handed_out: datetime | None
    hours: Mapping[str, float]  # from hand-out to hand-in, by learner
    sources: Mapping[str, Mapping[str, str]] = field(repr=False)  # by learner and problem
    shapes: Answers = field(repr=False)
    names: Mapping[str, str] = field(default_factory=dict)  # those on the platform, if others


def overview(
    one: ProblemSet,
    every: Sequence[Marks],
    sources: Mapping[str, Mapping[str, str]],
    empty: Mapping[str, set[str]],
    versions: Mapping[str, Sequence[Marks]],
    shapes: Answers,
    pairs: Sequence[Pair],
    handed_out: datetime | None,
    handed_in: Mapping[str, datetime | None],
) -> Overview:
    """What the marks say.

    Args:
        one: the set.
        every: the marks, one for each learner.
        sources: each learner's answers, by problem.
        empty: the problems that each learner left as they were handed out.
        versions: what each learner had in every version that was marked, the first one first.
        shapes: what each answer is made of.
        pairs: answers that have much in common.
        handed_out: when the set was handed out, if that is known.
        handed_in: when each learner's answers came, if that is known.
    """
    times = [when for when in handed_in.values() if when]
    known = handed_out if handed_out and times and handed_out <= min(times) else None
    hours = {
        learner: (when - known).total_seconds() / 3600
        for learner, when in handed_in.items()
        if known and when
    }
    titles = titles_of(one)
    return Overview(
        one.name,
        title_of(one),
        tuple(marks.learner for marks in every),
        tuple(tasks(one, every, titles, empty, hours)),
        tuple(mistakes(one, every, titles)),
        *unnamed(every, empty),
        tuple(stuck(every, empty, versions)),
        tuple(pairs),
        tuple(marks.points for marks in every),
        sum(map(one.points, one.problems)),
        has_words(one),
        known,
        hours,
        sources,
        shapes,
    )


def has_words(one: ProblemSet) -> bool:
    """Whether a human marks some of the set's answers."""
    cells = [cell for cell in one.notebook["cells"] if cell["cell_type"] == "markdown"]
    return any(marked(cell).get("solution") for cell in cells)


def title_of(one: ProblemSet) -> str:
    """The set's own title."""
    text = text_of(one.notebook["cells"][0]) if one.notebook["cells"] else ""
    return next((line[2:] for line in text.splitlines() if line[:2] == "# "), one.name)


def titles_of(one: ProblemSet) -> dict[str, str]:
    """The heading above each answer; the problem's name where there is none."""
    found, heading = {}, ""
    for cell in one.notebook["cells"]:
        if cell["cell_type"] == "markdown" and (match := HEADING.search(text_of(cell))):
            heading = match[1]
        name = marked(cell).get("grade_id")
        if name in one.problems and name not in found:
            found[name] = re.sub(r"^Task \d+ · ", "", heading) or name
    return found


def tasks(one, every: Sequence[Marks], titles, empty, hours) -> list[Task]:
    points = np.array([[mark.points for mark in marks.marks] for marks in every])
    found = []
    for k, separation in enumerate(separations(points) if len(every) else ()):
        column = [marks.marks[k] for marks in every]
        name = column[0].problem
        solved = [m.learner for m in every if is_solved(m.marks[k])]
        partly = sum(0 < mark.points < mark.out_of for mark in column)
        none = sum(
            mark.points == 0 and (name in empty.get(marks.learner, ()) or bool(marks.failure))
            for marks, mark in zip(every, column)
        )
        times = [hours[learner] for learner in solved if learner in hours]
        wrong = len(column) - len(solved) - partly - none
        counts = (len(solved), partly, wrong, none)
        mean, time = float(points[:, k].mean()), median(times) if times else None
        out_of = one.points(name)
        found.append(
            Task(k + 1, name, titles.get(name, name), out_of, *counts, mean, separation, time)
        )
    return found


def is_solved(mark: Mark) -> bool:
    return mark.points >= mark.out_of


def mistakes(one: ProblemSet, every: Sequence[Marks], titles: Mapping[str, str]) -> list[Mistake]:
    """Known mistakes, the most frequent first; of equally many the one in the hardest task."""
    shares: Counter[str] = Counter()
    for mark in (mark for marks in every for mark in marks.marks):
        shares[mark.problem] += mark.points / mark.out_of
    made: dict[tuple[str, str], list[str]] = defaultdict(list)
    for marks in every:
        for mark in marks.marks:
            for name in (mark.misconception or "").split(" + "):
                if name:
                    made[mark.problem, name].append(marks.learner)
    found = []
    for (problem, name), learners in made.items():
        plain = getattr(one.problem(problem, None), "misconceptions", ())
        message = next((each.message for each in plain if each.name == name), "")
        if message:
            place = place_of(problem, name)
            title = titles.get(problem, problem)
            found.append(Mistake(problem, title, name, message, place, tuple(learners)))
    return sorted(found, key=lambda one: (-len(one.learners), shares[one.problem], one.name))


def unnamed(
    every: Sequence[Marks], empty: Mapping[str, set[str]]
) -> tuple[dict[str, int], dict[str, int]]:
    """How many answers to each problem are wrong in a way that has no name, and how many stop."""
    found: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    for marks in every:
        for mark in marks.marks:
            begun = not marks.failure and mark.problem not in empty.get(marks.learner, ())
            if begun and not (is_solved(mark) or mark.misconception):
                found[bool(STOPPED.search(mark.message))][mark.problem] += 1
    return found[False], found[True]


def stuck(every: Sequence[Marks], empty, versions) -> list[Stuck]:
    """Who may be glad of a word: nothing read, filled in or solved, or no progress."""
    found = []
    for marks in every:
        blank = [m.problem for m in marks.marks if m.problem in empty.get(marks.learner, ())]
        before = versions.get(marks.learner, ())
        tried = len(marks.marks) - len(blank)
        if marks.failure:
            why = f"nothing could be marked: {marks.failure}"
        elif not tried:
            why = "handed the empty hand-out in: perhaps the file that was not worked in"
        elif len(before) >= VERSIONS and marks.points <= before[0].points < marks.out_of:
            why = f"{len(before)} versions, and no point more than in the first"
        elif not any(map(is_solved, marks.marks)):
            why = f"tried {tried} of {len(marks.marks)} tasks and solved none so far"
        else:
            continue
        found.append(Stuck(marks.learner, why))
    return found
