"""How a submission is run: worker after worker, until every question has an answer or a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course_utils.delivery.grading import elsewhere
from course_utils.delivery.grading.lending import converse
from course_utils.delivery.grading.runs import Question, Ran, Run
from course_utils.delivery.grading.sandbox import THREADS, SandboxError, WorkerLost
from course_utils.feedback.plain import ended
from course_utils.feedback.verdict import Failure

BUSY = "the machine was too busy or had too little memory for its sandbox"
NOBODY = "load", "start"  # losses of a worker that say nothing of the code in it


class Unlucky(Exception):
    """A run that has to be repeated: what happened may not be the learner's doing."""


def perform(run: Run) -> Ran:
    """Run a submission. After a cell or a question that cost a worker, a new one does the rest.

    Raises SandboxError if there is no sandbox on this machine.
    """
    session = _Session(run)
    try:
        while session.open:
            session.attempt()
        left = run.limits.total - session.used
        found = elsewhere.answers(run, session.answers, session.errors, left, doubt(run))
    except Unlucky as why:
        return Ran(run.learner, {}, {}, session.used, lost=str(why))
    answers = session.answers | found
    return Ran(run.learner, answers, session.absent, session.used, elsewhere=frozenset(found))


def doubt(run: Run) -> Callable[[str], None]:
    """What raises Unlucky if the loss of a worker, told by its kind, is no verdict.

    Who is short of memory or of processes may suffer from a neighbour: that a worker ended
    by itself is known when there is no neighbour.
    """

    def think_twice(kind: str) -> None:
        if kind in NOBODY or (kind == "end" and not run.alone):
            raise Unlucky(BUSY)

    return think_twice


def safely(run: Run) -> Ran:
    """`perform`, with a SandboxError as a run that is lost: others may go on elsewhere."""
    try:
        return perform(run)
    except SandboxError as error:
        return Ran(run.learner, {}, {}, lost=str(error), impossible=True)


class _Session:
    """The workers of one submission, one after the other."""

    def __init__(self, run: Run):
        self.run, self.used, self.doubt = run, 0.0, doubt(run)
        self.open = {question.key: question for question in run.questions}
        self.answers: dict[str, Any] = {}
        self.absent: dict[str, tuple[str, ...]] = {}
        self.skip: set[int] = set()
        self.errors: dict[str, str] = {}

    def attempt(self) -> None:
        worker = self.run.worker()
        try:
            with worker:
                self._go_through(worker)
        except WorkerLost as lost:
            raise Unlucky(BUSY) from lost  # it did not start
        finally:
            self.used += worker.used

    def _go_through(self, worker: Any) -> None:
        for source in self.run.set_up:
            self._set_up(worker, source)
        if not self._lend(worker):
            return
        for number, (name, source) in enumerate(self.run.cells):
            if number in self.skip:
                continue
            request = {"do": "run", "label": name, "source": source, "lenient": False}
            reply = self._ask(worker, request, name, lambda n=number: self.skip.add(n))
            if reply is None:
                return
            self._note(name, reply)
            if not self._lend(worker):
                return
        for question in list(self.open.values()):
            request = {
                "do": "ask",
                "card": list(question.card),
                "questions": question.inputs,
                "seconds": self.run.limits.seconds,
                "absent": True,
            }
            reply = self._ask(worker, request, question.key, lambda: None)
            if reply is None:
                return
            self._close(question, reply)

    def _lend(self, worker: Any) -> bool:
        """Put what is lent in its place: before all cells, and after each, which may define it.

        False if the worker is lost; nothing comes of this run then.
        """
        try:
            for request in self.run.loan.requests() if self.run.loan else ():
                worker.ask(request, self.run.limits.seconds)
        except WorkerLost as lost:
            self.doubt(str(lost))
            self.answers |= {key: Failure(str(lost), "") for key in self.open}
            self.open.clear()
            return False
        return True

    def _set_up(self, worker: Any, source: str) -> None:
        request = {"do": "run", "label": "set-up", "source": source, "lenient": True}
        try:
            worker.ask(request, self.run.limits.seconds)
        except WorkerLost as lost:
            self.doubt(str(lost))
            raise SandboxError("The set-up cell of the teacher's notebook cannot be run.") from None

    def _ask(self, worker: Any, request: dict, key: str, forget: Callable) -> Any:
        """The reply; None if the worker is lost, which is then the answer."""
        limits = self.run.limits
        left = limits.total - self.used - worker.used
        seconds = max(0.0, min(limits.seconds + limits.grace, left))
        try:
            return converse(worker, request, seconds, self.run.loan)
        except WorkerLost as lost:
            kind = str(lost)
            self.doubt(kind)
            forget()
            over = self.used + worker.used >= limits.total
            for name in list(self.open) if over else [key]:
                if name in self.open:
                    self.answers[name] = Failure(kind, self._sentence(kind, name))
                    del self.open[name]
            return None

    def _note(self, name: str, reply: Any) -> None:
        error = reply.get("error") if isinstance(reply, dict) else None
        if isinstance(error, str):
            self.errors[name] = error[:400]

    def _close(self, question: Question, reply: Any) -> None:
        name = question.card[0]
        if isinstance(reply, dict):
            absent, reply = reply.get("absent"), reply.get("answers")
            if isinstance(absent, list):
                told = tuple(one[:80] for one in absent[:20] if isinstance(one, str))
                self.absent[question.key] = told
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
            return Failure("undefined", f"The cell of {name} stops with {ended(self.errors[name])}")
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
        if kind == "threads":
            return f"{name} was stopped: it started more than {THREADS} threads."
        return f"What {name} gives back is too large, or no numbers."
