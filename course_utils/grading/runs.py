"""A submission's cells and questions to a sandbox, and its answers back: data in, data out.

This is what is sent to other processes and machines. It knows no reference and no other learner.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from course_utils.feedback.problem import Failure
from course_utils.grading import walls
from course_utils.grading.sandbox import Kit, Limits, SandboxError, WorkerLost


@dataclass(frozen=True)
class Question:
    """What one problem asks: `card` is all the worker knows of it (see `worker.Card`)."""

    key: str  # the problem's name, and its variant if it is not the learner's own
    card: tuple
    inputs: list[tuple]


@dataclass(frozen=True)
class Run:
    """One submission to be run."""

    learner: str
    set_up: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]
    kit: Kit
    limits: Limits
    walls: str = "bubblewrap"  # or another key of `walls.WORKERS`


@dataclass(frozen=True)
class Ran:
    """What came of it: for each question a list of answers or one Failure."""

    learner: str
    answers: dict[str, Any]
    absent: dict[str, tuple[str, ...]]  # modules that a cell wanted and that are not there
    seconds: float


def perform(run: Run) -> Ran:
    """Run a submission. After a cell or a question that cost a worker, a new one does the rest.

    Raises SandboxError if there is no sandbox on this machine.
    """
    start = time.monotonic()
    session = _Session(run, start + run.limits.total)
    while session.open:
        session.attempt()
    return Ran(run.learner, session.answers, session.absent, time.monotonic() - start)


def safely(run: Run) -> Ran | str:
    """`perform`, with a SandboxError as its sentence: it came from a worker of a cluster."""
    try:
        return perform(run)
    except SandboxError as error:
        return str(error)


class _Session:
    """The workers of one submission, one after the other."""

    def __init__(self, run: Run, end: float):
        self.run, self.end = run, end
        self.open = {question.key: question for question in run.questions}
        self.answers: dict[str, Any] = {}
        self.absent: dict[str, tuple[str, ...]] = {}
        self.skip: set[int] = set()
        self.errors: dict[str, str] = {}

    def attempt(self) -> None:
        limits = self.run.limits
        with walls.worker(self.run.walls, self.run.kit, limits) as worker:
            for source in self.run.set_up:
                self._set_up(worker, source)
            for number, (name, source) in enumerate(self.run.cells):
                if number in self.skip:
                    continue
                request = {"do": "run", "label": name, "source": source, "lenient": False}
                reply = self._ask(worker, request, name, lambda n=number: self.skip.add(n))
                if reply is None:
                    return
                self._note(name, reply)
            for question in list(self.open.values()):
                request = {
                    "do": "ask",
                    "card": list(question.card),
                    "questions": question.inputs,
                    "seconds": limits.seconds,
                }
                reply = self._ask(worker, request, question.key, lambda: None)
                if reply is None:
                    return
                self._close(question, reply)

    def _set_up(self, worker: Any, source: str) -> None:
        request = {"do": "run", "label": "set-up", "source": source, "lenient": True}
        try:
            worker.ask(request, self.run.limits.seconds)
        except WorkerLost:
            raise SandboxError("The set-up cell of the teacher's notebook cannot be run.") from None

    def _ask(self, worker: Any, request: dict, key: str, forget: Callable) -> Any:
        """The reply; None if the worker is lost, which is then the answer."""
        limits = self.run.limits
        left = self.end - time.monotonic()
        try:
            return worker.ask(request, max(0.0, min(limits.seconds + limits.grace, left)))
        except WorkerLost as lost:
            forget()
            for name in [key] if time.monotonic() < self.end else list(self.open):
                if name in self.open:
                    self.answers[name] = Failure(str(lost), self._sentence(str(lost), name))
                    del self.open[name]
            return None

    def _note(self, name: str, reply: Any) -> None:
        if not isinstance(reply, dict):
            return
        error, absent = reply.get("error"), reply.get("absent")
        if isinstance(error, str):
            self.errors[name] = error[:400]
        if isinstance(absent, list):
            self.absent[name] = tuple(one[:80] for one in absent[:20] if isinstance(one, str))

    def _close(self, question: Question, reply: Any) -> None:
        name = question.card[0]
        if isinstance(reply, Failure) and reply.kind == "not_filled" and not reply.text:
            reply = self._undefined(name)
        good = isinstance(reply, list) and len(reply) == len(question.inputs)
        if not good and not isinstance(reply, Failure):
            reply = Failure("protocol", self._sentence("protocol", name))
        self.answers[question.key] = reply
        del self.open[question.key]

    def _undefined(self, name: str) -> Failure:
        if all(name != one for one, _ in self.run.cells):
            return Failure(
                "missing",
                f"The cell for {name} is not in your notebook: take it from a fresh copy, as "
                "the grader knows an answer by its cell.",
            )
        if name in self.errors:
            return Failure("exception", f"The cell of {name} stops with {self.errors[name]}.")
        return Failure("not_filled", f"The cell of {name} does not define {name}.")

    def _sentence(self, kind: str, key: str) -> str:
        name, limits = key.split(" ")[0], self.run.limits
        if kind == "time":
            return f"{name} was stopped after {limits.seconds:g} seconds: does a loop never end?"
        if kind == "end":
            return (
                f"{name} ended its process: it took more than {limits.memory / 2**30:g} GB, or "
                "more than its time, or called exit."
            )
        return f"What {name} gives back is too large, or no numbers."
