"""What answers are worth. Here, outside of the sandbox, are the references and the judge."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from course_utils.feedback.plain import clean
from course_utils.feedback.problem import Failure
from course_utils.grading import copies
from course_utils.grading.lending import Loan
from course_utils.grading.remarks import remarks, untouched
from course_utils.grading.review import review
from course_utils.grading.runs import Question, Ran, Run, safely
from course_utils.grading.sandbox import SandboxError
from course_utils.grading.sets import ProblemSet, marked, text_of
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
class Unmarked:
    """A submission that could not be run, and why; nothing is known of its worth."""

    learner: str
    why: str

    def __str__(self) -> str:
        why = self.why.rstrip(".")
        return f"{self.learner} is not marked: {why}. The same command tries again."


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

    def run(
        self,
        variants: Mapping[str, tuple] | None = None,
        only: Iterable[str] = (),
        loan: Loan | None = None,
    ) -> Run:
        """What the sandbox gets.

        Args:
            variants: ask some problems in the variants of others.
            only: ask these problems alone.
            loan: functions in place of the learner's.
        """
        names = [name for name in self.set.problems if not only or name in only]
        given = variants or {}
        questions = tuple(self.question(name, given.get(name)) for name in names)
        values = self.set.values(self.secret, self.learner)
        cells = [
            (name, source)
            for name in self.set.problems
            for source in self.submission.answers.get(name, ())
        ]
        kit, limits = self.set.kit, self.set.limits
        set_up = self.set.set_up(values)
        notebook, untouched = self._notebook(), self._untouched(values)
        answers = (tuple(cells), questions)
        return Run(self.learner, set_up, *answers, kit, limits, notebook, untouched, loan)

    def _notebook(self) -> tuple[tuple[str, str], ...]:
        """The learner's cells of code, without those that came with the hand-out."""
        every = [cell for cell in self.set.notebook["cells"] if not marked(cell).get("solution")]
        given = {bare(text_of(cell)) for cell in every if cell["cell_type"] == "code"}
        return tuple(
            cell for cell in self.submission.cells if cell[0] or bare(cell[1]) not in given
        )

    def _untouched(self, values: dict) -> frozenset[str]:
        """The problems whose code to be mended is as it was handed out."""
        return frozenset(
            name
            for name, text in self.set.given(values).items()
            if {bare(one) for one in self.submission.answers.get(name, ())} == {bare(text)}
        )

    def question(self, name: str, variant: tuple | None = None) -> Question:
        """What the worker is told of a problem, the learner's own or in another variant.

        Nothing from which its answer follows.
        """
        problem = self.own(name) if variant is None else self.set.problem(name, variant)
        return question(problem, name, self.seed(name))

    def mark(self, name: str, answers: Any) -> Mark:
        """The mark of one problem for these answers to its question."""
        return judge_one(self, name, answers)

    def uses(self, name: str) -> tuple[str, ...]:
        """The problems of the set whose functions an answer to this one may call."""
        used = getattr(self.own(name), "uses", ())
        return tuple(one for one in used if one in self.set.problems)


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
) -> Iterator[Marks | Unmarked]:
    """The marks of each submission, as they are ready; those that could not be run come last.

    Args:
        entries: the submissions.
        jobs: sandboxes at the same time, -1 for one on each core.
        cluster: address of a Dask scheduler on whose workers the sandboxes are made instead.
        classmates: learners who may have had the variant to which an answer belongs.
        walls: what keeps the answers in, a key of `walls.WORKERS`.

    Raises:
        SandboxError: if there is no sandbox for anybody.
        CourseError: if the cluster cannot be reached.
    """
    by_learner = {entry.learner: entry for entry in entries}
    everyone = sorted({*by_learner, *classmates})
    reviews: dict[str, Generator[Run, Ran, Marks]] = {}
    done = perform_all((entry.run() for entry in by_learner.values()), jobs, cluster, walls)
    while True:
        following = []
        for ran in done:
            if ran.lost:
                yield Unmarked(ran.learner, ran.lost)
                continue
            begun = ran.learner in reviews
            if not begun:
                entry = by_learner[ran.learner]
                marks = replace(judge(entry, ran), walls=walls)
                reviews[ran.learner] = review(entry, marks, ran, everyone)
            try:
                following.append(reviews[ran.learner].send(ran if begun else None))
            except StopIteration as end:
                yield end.value
        if not following:
            return
        done = perform_again(following, jobs, cluster, walls)


def perform_all(
    runs: Iterable[Run], jobs: int, cluster: str | None, walls: str = "bubblewrap"
) -> Iterator[Ran]:
    """What came of each run, as they finish: sandboxes wait in threads here, or on a cluster.

    A run that is lost is repeated when all others are done, with no other beside it. If it is lost
    then, too, it is told as it is.

    Raises SandboxError if no run found a sandbox anywhere.
    """
    waiting: dict[str, Run] = {}
    lost, possible = [], False

    def calls() -> Iterator[tuple[Run]]:
        for run in runs:
            waiting[run.learner] = replace(run, walls=walls)
            yield (waiting[run.learner],)

    for ran in as_finished(safely, calls(), jobs=jobs, cluster=cluster, threads=True):
        possible |= not ran.lost
        run = waiting.pop(ran.learner)
        if ran.lost:
            lost.append(run.by_itself())
        else:
            yield ran
    for run in lost:
        for ran in as_finished(safely, [(run,)], jobs=1, cluster=cluster, threads=True):
            if ran.impossible and not possible:
                raise SandboxError(ran.lost)
            possible |= not ran.lost
            yield ran


def perform_again(
    runs: list[Run], jobs: int, cluster: str | None, walls: str = "bubblewrap"
) -> Iterator[Ran]:
    """The same for later runs. One with a loan stays on this machine, as the references do.

    If this machine has no sandbox, and the cluster has, nothing comes of it.
    """
    here = {run.learner: run for run in runs if run.loan}
    away = [run for run in runs if not run.loan]
    if away:
        yield from perform_all(away, jobs, cluster, walls)
    try:
        for ran in perform_all(list(here.values()), jobs, None, walls) if here else ():
            del here[ran.learner]
            yield ran
    except SandboxError:
        if cluster is None:
            raise
        yield from (Ran(learner, {}, {}, 0.0) for learner in here)


def judge(entry: Entry, ran: Ran) -> Marks:
    """The marks for what came out of the sandbox."""
    marks = []
    for name in entry.set.problems:
        mark = judge_one(entry, name, ran.answers.get(name))
        said = " ".join(remarks(entry, name, ran, mark))
        if said:
            mark = replace(mark, message=f"{mark.message} {clean(said, 600)}")
        marks.append(mark)
    digest, version = entry.submission.digest, entry.set.version
    return Marks(entry.learner, entry.set.name, tuple(marks), digest, version)


def judge_one(entry: Entry, name: str, answers: Any) -> Mark:
    """The mark of one problem. A judge that fails on strange data gives no marks, and says so."""
    problem, out_of = entry.own(name), entry.set.points(name)
    questions = problem.questions(entry.seed(name))
    if isinstance(answers, Failure):
        answers = [answers] * len(questions)
    if untouched(answers):
        return Mark(name, 0.0, out_of, f"{name} is still to be written.")
    try:
        with np.errstate(all="ignore"):
            verdict = problem.judge(questions, answers)
        score = float(verdict.score)
        if name in entry.set.varied:
            variant = entry.set.varied[name].variant_of(entry.secret, entry.learner)
            score = copies.worth(entry.set.varied[name], variant, questions, verdict)
    except Exception as error:
        note = clean(f"the judge of {name} failed: {type(error).__name__}: {error}", 200)
        note = " ".join(note.split())  # one line on the teacher's screen
        return Mark(name, 0.0, out_of, "This answer could not be judged.", None, note)
    score = min(max(score, 0.0), 1.0) if math.isfinite(score) else 0.0
    points = round(score * out_of, 2)
    return Mark(name, points, out_of, clean(verdict.message, 1500), verdict.misconception)


def bare(source: str) -> str:
    """Code without its blanks: what an editor may change."""
    return "".join(source.split())
