"""A second run, with all cells of a notebook, for answers that need more than their own cells.

A learner's rule is: what worked in my notebook works when it is marked. So when an answer is
missing from its cell, or a name that it uses is, and another cell defines it, the whole notebook is
run and the answers that came to nothing are asked again. The others keep what they have: nobody
loses a point by it, and nobody gets a second guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from course_utils.delivery.grading.lending import converse
from course_utils.delivery.grading.runs import Question, Run
from course_utils.delivery.grading.sandbox import SandboxError, WorkerLost
from course_utils.feedback.verdict import Failure

NOT_THERE = {"not_filled", "missing", "undefined"}  # kinds of failures
NOTHING = NOT_THERE | {"name", "exception", "nothing", "type", "arguments", "not_a_function"}
UNKNOWN = re.compile(r"name '(\w{1,100})' is not defined")
LOSSES = 5  # workers that a second run may cost


def answers(
    run: Run,
    first: dict[str, Any],
    errors: dict[str, str],
    left: float,
    doubt: Callable[[str], None],
) -> dict[str, Any]:
    """Better answers than the `first` ones, by question; none if no other cell can help.

    Args:
        run: the submission.
        first: what came of its answers' cells alone.
        errors: what those cells stopped with, by name.
        left: seconds of workers that it may take.
        doubt: raises if the loss of a worker, told by its kind, may not be the learner's doing.
    """
    again = [one for one in run.questions if is_nothing(one, first[one.key], run.untouched)]
    lacking = set().union(*(lacks(one, first[one.key], errors) for one in again))
    if not lacking or all(name for name, _ in run.notebook):
        return {}
    stubs = {one.card[0] for one in again if is_stub(first[one.key])} | run.untouched
    second = _Second(run, again, lacking, stubs, left)
    try:
        for _ in range(LOSSES):
            if not second.open or second.left <= 0:
                break
            second.attempt(doubt)
    except SandboxError:
        pass  # what the first run found is as good as before
    return second.found


def failures(answer: Any) -> list[Failure]:
    every = answer if isinstance(answer, list) else [answer]
    return [one for one in every if isinstance(one, Failure) and one.kind != "changed"]


def is_nothing(question: Question, answer: Any, untouched: frozenset[str]) -> bool:
    """Whether the first run gave no answer that could be judged."""
    failed = failures(answer)
    given = failed and all(one.kind in NOTHING for one in failed)
    return bool(given) or question.card[0] in untouched


def lacks(question: Question, answer: Any, errors: dict[str, str]) -> set[str]:
    """The names that an answer would need from other cells."""
    name, failed = question.card[0], failures(answer)
    own = {name} if not failed or any(one.kind in NOT_THERE for one in failed) else set()
    texts = [one.text for one in failed] + [errors.get(name, "")]
    return own.union(*(UNKNOWN.findall(text) for text in texts))


def is_stub(answer: Any) -> bool:
    return any(one.kind == "not_filled" for one in failures(answer))


class _Second:
    """What is still open, and which cells cost a worker."""

    def __init__(
        self,
        run: Run,
        again: list[Question],
        lacking: set[str],
        stubs: set[str],
        left: float,
    ):
        self.run, self.left = run, left
        self.lacking, self.stubs = lacking, stubs
        self.open = {question.key: question for question in again}
        self.found: dict[str, Any] = {}
        self.skip: set[int] = set()

    def attempt(self, doubt: Callable[[str], None]) -> None:
        """Run the notebook and ask what is open, until that is done or the worker is lost."""
        lost = self.open.clear  # what to do if the worker is lost now
        worker = self.run.worker()
        try:
            with worker:
                for source in self.run.set_up:
                    self._ask(worker, _cell("set-up", source, True))
                if not self._is_defined(worker):
                    return self.open.clear()
                self._lend(worker)
                for number, request in enumerate(self._cells()):
                    if number not in self.skip:
                        lost = lambda number=number: self.skip.add(number)  # noqa: E731
                        self._ask(worker, request)
                        self._lend(worker)
                for key, question in list(self.open.items()):
                    lost = lambda key=key: self.open.pop(key)  # noqa: E731
                    self._settle(question, self._ask(worker, self._question(question)))
        except WorkerLost as loss:
            doubt(str(loss))
            lost()
        finally:
            self.left -= worker.used

    def _lend(self, worker: Any) -> None:
        for request in self.run.loan.requests() if self.run.loan else ():
            self._ask(worker, request)

    def _is_defined(self, worker: Any) -> bool:
        sources = [source for name, source in self.run.notebook if not name]
        reply = self._ask(worker, {"do": "defined", "sources": sources})
        names = [one for row in reply if isinstance(row, list) for one in row]
        return not self.lacking.isdisjoint(one for one in names if isinstance(one, str))

    def _cells(self) -> Iterator[dict]:
        """Empty answers, the notebook from top to bottom, then the answers' cells once more."""
        stubs = [cell for cell in self.run.notebook if cell[0] in self.stubs]
        rest = [cell for cell in self.run.notebook if cell[0] not in self.stubs]
        for number, (name, source) in enumerate([*stubs, *rest], 1):
            yield _cell(name or f"cell {number}", source, not name, self.run.limits.seconds / 4)
        for name, source in self.run.cells:
            if name not in self.stubs:
                yield _cell(name, source, False)

    def _question(self, one: Question) -> dict:
        seconds = self.run.limits.seconds
        return {"do": "ask", "card": list(one.card), "questions": one.inputs, "seconds": seconds}

    def _settle(self, question: Question, reply: Any) -> None:
        del self.open[question.key]
        if not isinstance(reply, list) or len(reply) != len(question.inputs):
            return
        if not any(one.kind in NOT_THERE | {"name"} for one in failures(reply)):
            self.found[question.key] = reply

    def _ask(self, worker: Any, request: dict) -> Any:
        limits = self.run.limits
        seconds = min(limits.seconds + limits.grace, self.left - worker.used)
        return converse(worker, request, max(0.0, seconds), self.run.loan)


def _cell(label: str, source: str, lenient: bool, seconds: float = 0.0) -> dict:
    request = {"do": "run", "label": label, "source": source, "lenient": lenient}
    return {**request, "seconds": seconds}
