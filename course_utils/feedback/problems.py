"""All problems by name."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module

from course_utils import CourseError
from course_utils.feedback.plain import a
from course_utils.feedback.problem import Problem
from course_utils.feedback.reread import PROBLEMS
from course_utils.language import translated

GROUPS = (
    "start",
    "bptt",
    "gradients",
    "lags",
    "rest",
    "inside",
    "lstm",
    "lstm_numbers",
    "lstm_back",
    "lstm_variants",
    "gru",
    "gru_back",
    "convert",
    "fair",
    "keras_start",
    "keras_layers",
    "keras_practice",
    "keras_mend",
    "real",
    "after",
    "sets_start",
    "sets_bugs",
    "sets_measure",
    "sets_last",
)


class UnknownProblem(CourseError, LookupError):
    """There is no such problem; the message names the nearest."""


@cache
def _all() -> dict[str, Problem]:
    groups = [import_module(f"course_utils.feedback.bank.{group}") for group in GROUPS]
    found = [problem for group in groups for problem in group.PROBLEMS]
    place = {name: number for number, name in enumerate(PROBLEMS)}
    return {one.name: one for one in sorted(found, key=lambda one: (one.lesson, place[one.name]))}


def get(name: str) -> Problem:
    """The problem of this name.

    Raises:
        UnknownProblem: if there is none; the message suggests the nearest.
    """
    if isinstance(name, str) and name in _all():
        return _all()[name]
    shown = repr(str(name)[:60]) if isinstance(name, str) else a(type(name).__name__)
    near = get_close_matches(str(name)[:60].lower(), names(), n=1, cutoff=0.5)
    if near:
        said = translated(
            "There is no problem {name}: did you mean {near!r}?", name=shown, near=near[0]
        )
    else:
        said = translated(
            "There is no problem {name}: its name is that of the function or value that you write.",
            name=shown,
        )
    raise UnknownProblem(said)


def names() -> list[str]:
    """The names of all problems, in the order of the problem sets."""
    return list(_all())
