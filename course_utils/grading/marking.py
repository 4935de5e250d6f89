"""What answers are worth. Here, outside of the sandbox, are the references and the judge."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from course_utils.feedback.plain import clean
from course_utils.feedback.problem import Failure
from course_utils.feedback.run import NOT_FILLED
from course_utils.grading.runs import Question, Ran, Run, safely
from course_utils.grading.sandbox import SandboxError
from course_utils.grading.sets import ProblemSet
from course_utils.grading.submission import Submission
from course_utils.grading.variants import Varied, number
from course_utils.parallel import as_finished


@dataclass(frozen=True)
class Mark:
    """What one problem of one submission is worth, and why."""

    problem: str
    points: float
    out_of: float
    message: str
    misconception: str | None = None
    note: str = ""  # for the teacher alone


@dataclass(frozen=True)
class Marks:
    """All marks of one submission.

    `failure` says why there was nothing to mark, `walls` behind which walls the answers ran.
    """

    learner: str
    set: str
    marks: tuple[Mark, ...]
    digest: str = ""
    version: str = ""
    failure: str = ""
    walls: str = ""

    @property
    def points(self) -> float:
        return sum(mark.points for mark in self.marks)

    @property
    def out_of(self) -> float:
        return sum(mark.out_of for mark in self.marks)

    def as_data(self) -> dict:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict) -> Marks:
        """The marks that `as_data` described."""
        return cls(**{**data, "marks": tuple(Mark(**mark) for mark in data["marks"])})


@dataclass(frozen=True)
class Entry:
    """A submission with the set it belongs to and the problems its learner had."""

    learner: str
    submission: Submission
    set: ProblemSet
    secret: bytes

    def own(self, name: str) -> Any:
        """The learner's problem."""
        one = self.set.problems[name]
        if isinstance(one, Varied):
            return one.problem(one.variant_of(self.secret, self.learner))
        return one

    def seed(self, name: str) -> int:
        """Of the random inputs: the same whenever this file is marked, and known to no learner.

        Who hands in another file is asked something else, so nothing that a page of feedback told
        of the first inputs and answers can be handed in as the second answer.
        """
        return number(
            self.secret, "seed", self.set.name, name, self.learner, self.submission.digest
        )

    def run(self) -> Run:
        """What the sandbox gets."""
        questions = [question(self.own(name), name, self.seed(name)) for name in self.set.problems]
        return self._run(questions)

    def run_of_others(self, names: list[str]) -> Run:
        """The same submission, asked what the learners of the other variants were asked."""
        questions = []
        for name in names:
            one = self.set.varied[name]
            for place, variant in enumerate(one.variants()):
                if variant != one.variant_of(self.secret, self.learner):
                    problem = one.problem(variant)
                    questions.append(question(problem, f"{name} {place}", self.seed(name)))
        return self._run(questions)

    def _run(self, questions: list[Question]) -> Run:
        values = self.set.values(self.secret, self.learner)
        cells = [
            (name, source)
            for name in self.set.problems
            for source in self.submission.answers.get(name, ())
        ]
        kit, limits = self.set.kit, self.set.limits
        set_up = self.set.set_up(values)
        return Run(self.learner, set_up, tuple(cells), tuple(questions), kit, limits)


def question(problem: Any, key: str, seed: int) -> Question:
    """What the worker is told of a problem: nothing from which its answer follows."""
    outputs = [output.name for output in getattr(problem, "output_list", ())]
    card = (problem.name, problem.kind, problem.call, list(problem.arguments), outputs)
    return Question(key, card, problem.questions(seed))


def mark_all(
    entries: Iterable[Entry],
    jobs: int = -1,
    cluster: str | None = None,
    classmates: Iterable[str] = (),
    walls: str = "bubblewrap",
) -> Iterator[Marks]:
    """The marks of each submission, as they are ready.

    Args:
        entries: the submissions.
        jobs: sandboxes at the same time, -1 for one on each core.
        cluster: address of a Dask scheduler on whose workers the sandboxes are made instead.
        classmates: learners who may have had the variant to which an answer belongs.
        walls: what keeps the answers in, a key of `walls.WORKERS`.

    Raises:
        SandboxError: if there is no sandbox.
        CourseError: if the cluster cannot be reached.
    """
    by_learner = {entry.learner: entry for entry in entries}
    everyone = sorted({*by_learner, *classmates})
    suspects: dict[str, Marks] = {}
    for ran in perform_all((entry.run() for entry in by_learner.values()), jobs, cluster, walls):
        marks = replace(judge(by_learner[ran.learner], ran), walls=walls)
        if wrong_variants(by_learner[ran.learner], marks):
            suspects[ran.learner] = marks
        else:
            yield marks
    others = [
        by_learner[learner].run_of_others(wrong_variants(by_learner[learner], marks))
        for learner, marks in suspects.items()
    ]
    for ran in perform_all(others, jobs, cluster, walls) if others else ():
        yield name_copies(by_learner[ran.learner], suspects[ran.learner], ran, everyone)


def perform_all(
    runs: Iterable[Run], jobs: int, cluster: str | None, walls: str = "bubblewrap"
) -> Iterator[Ran]:
    """What came of each run, as they finish: sandboxes wait in threads here, or on a cluster."""
    calls = ((replace(run, walls=walls),) for run in runs)
    for ran in as_finished(safely, calls, jobs=jobs, cluster=cluster, threads=True):
        if isinstance(ran, str):
            raise SandboxError(ran)
        yield ran


def judge(entry: Entry, ran: Ran) -> Marks:
    """The marks for what came out of the sandbox."""
    marks = []
    for name in entry.set.problems:
        mark = judge_one(entry, name, ran.answers.get(name))
        copies = len(entry.submission.answers.get(name, ()))
        if copies > 1:
            said = f" Its cell was there {copies} times; the last one that ran counted."
            mark = replace(mark, message=mark.message + said)
        absent = [one for one in ran.absent.get(name, ()) if not in_set_up(entry, one)]
        if mark.points < mark.out_of and absent:
            said = f" When answers are marked there is no {', '.join(absent)}: do without."
            mark = replace(mark, message=mark.message + clean(said, 300))
        if mark.points < mark.out_of and "NameError" in mark.message:
            said = " Only the cells of answers are marked: what an answer needs belongs into one."
            mark = replace(mark, message=mark.message + said)
        marks.append(mark)
    digest, version = entry.submission.digest, entry.set.version
    return Marks(entry.learner, entry.set.name, tuple(marks), digest, version)


def in_set_up(entry: Entry, module: str) -> bool:
    """Whether the teacher's own set-up cell imports it: no learner is to be blamed for that."""
    values = entry.set.values(entry.secret, entry.learner)
    return any(module in source for source in entry.set.set_up(values))


def judge_one(entry: Entry, name: str, answers: Any) -> Mark:
    """The mark of one problem. A judge that fails on strange data gives no marks, and says so."""
    problem, out_of = entry.own(name), entry.set.points(name)
    questions = problem.questions(entry.seed(name))
    if isinstance(answers, Failure):
        answers = [answers] * len(questions)
    if isinstance(answers, list) and all(map(untouched, answers)):
        return Mark(name, 0.0, out_of, f"{name} is still to be written.")
    try:
        with np.errstate(all="ignore"):
            verdict = problem.judge(questions, answers)
        score = float(verdict.score)
    except Exception as error:
        note = clean(f"the judge of {name} failed: {type(error).__name__}: {error}", 200)
        note = " ".join(note.split())  # one line on the teacher's screen
        return Mark(name, 0.0, out_of, "This answer could not be judged.", None, note)
    score = min(max(score, 0.0), 1.0) if math.isfinite(score) else 0.0
    points = round(score * out_of, 2)
    return Mark(name, points, out_of, clean(verdict.message, 1500), verdict.misconception)


def untouched(answer: Any) -> bool:
    return isinstance(answer, Failure) and answer.kind == "not_filled" and NOT_FILLED in answer.text


def wrong_variants(entry: Entry, marks: Marks) -> list[str]:
    """The varied problems of which the learner handed in something, and it is not right."""
    wrong = {mark.problem for mark in marks.marks if mark.points < mark.out_of}
    return [n for n in entry.set.varied if n in wrong and n in entry.submission.answers]


def name_copies(entry: Entry, marks: Marks, ran: Ran, everyone: list[str]) -> Marks:
    """The same marks, but an answer that is right for another variant is called that: no points."""
    new = []
    for mark in marks.marks:
        found = copied_from(entry, mark.problem, ran) if mark.points < mark.out_of else None
        if found is not None:
            one = entry.set.varied[mark.problem]
            had = [name for name in everyone if one.variant_of(entry.secret, name) == found]
            own = one.describe(one.variant_of(entry.secret, entry.learner))
            message = f"This is the answer to another learner's variant; yours has {own}."
            note = (
                f"{mark.problem} answers the variant {one.describe(found)}, which was given to "
                f"{', '.join(had) or 'nobody here'}."
            )
            mark = Mark(mark.problem, 0.0, mark.out_of, message, "another learner's variant", note)
        new.append(mark)
    return replace(marks, marks=tuple(new))


def copied_from(entry: Entry, name: str, ran: Ran) -> tuple | None:
    """The variant to which this is the right answer, if there is one."""
    if name not in entry.set.varied:
        return None
    one = entry.set.varied[name]
    for place, variant in enumerate(one.variants()):
        answers = ran.answers.get(f"{name} {place}")
        if not isinstance(answers, list):
            continue
        problem = one.problem(variant)
        try:
            with np.errstate(all="ignore"):
                verdict = problem.judge(problem.questions(entry.seed(name)), answers)
        except Exception:  # strange data: it is no right answer
            continue
        if verdict.correct:
            return variant
    return None
