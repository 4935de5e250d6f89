"""A right function in place of a learner's wrong one, for a task that uses it.

The reference stays on this side of the walls. In the worker stands a function that sends its
arguments here and gets numbers back, as often as one task may need them. Its answers are those of
a task that has been marked by then, in another worker, so they are of no use there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.delivery.grading.sandbox import WorkerLost
from course_utils.feedback.plain import to_plain
from course_utils.feedback.verdict import Failure

MOST_CALLS = 3000  # of all lent functions in one exchange with a worker
MOST_NUMBERS = 2000  # of one call: the reference works on this side, where nothing limits it
LARGEST = 10_000  # a whole number may be the length of a loop


@dataclass(frozen=True)
class Loan:
    """Functions to be lent to a worker: the problems that they are the answers of, by name."""

    problems: Mapping[str, Any]

    def requests(self) -> list[dict]:
        """What the worker is told: names, nothing from which an answer follows."""
        return [
            {"do": "lend", "name": name, "arguments": list(problem.arguments)}
            for name, problem in self.problems.items()
        ]

    def answer(self, name: object, given: object) -> Any:
        """What the reference gives: plain data, or a Failure for a call that is none of its own."""
        problem = self.problems.get(name) if isinstance(name, str) else None
        if problem is None or not fits(given, len(problem.arguments)):
            return Failure("arguments", f"{str(name)[:60]} is not called like this.")
        try:
            with np.errstate(all="ignore"):
                return to_plain(problem.reference(*given))
        except Exception:  # whatever it says stays here
            return Failure("exception", f"{name} cannot take these: print their shapes.")


def fits(given: object, count: int) -> bool:
    """Whether these are so many numbers and arrays, and small ones."""
    if not isinstance(given, list) or len(given) != count:
        return False
    sizes = [one.size if isinstance(one, np.ndarray) else 1 for one in given]
    return sum(sizes) <= MOST_NUMBERS and all(map(_is_number, given))


def _is_number(one: object) -> bool:
    if isinstance(one, np.ndarray):
        whole = one.dtype.kind in "iu" and one.ndim == 0
        return one.dtype.kind in "biuf" and not (whole and abs(int(one)) > LARGEST)
    return isinstance(one, float) or (isinstance(one, int) and abs(one) <= LARGEST)


def converse(worker: Any, request: dict, seconds: float, loan: Loan | None) -> Any:
    """The reply to a request; the calls of lent functions that come before it are answered.

    Raises WorkerLost if there is none in time, or not after so many calls.
    """
    begun = worker.used
    reply = worker.ask(request, seconds)
    if loan is None:
        return reply
    for _ in range(MOST_CALLS):
        if not (isinstance(reply, dict) and set(reply) == {"call", "given"}):
            return reply
        value = loan.answer(reply["call"], reply["given"])
        left = max(0.0, seconds - (worker.used - begun))
        reply = worker.ask({"do": "take", "value": value}, left)
    raise WorkerLost("calls")
