"""Run what a learner wrote, and come back with data or with a sentence, whatever it does."""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.feedback.errors import stopped
from course_utils.feedback.exercise import Exercise
from course_utils.feedback.limit import TimeUp, time_limit
from course_utils.feedback.plain import Unreadable, clean, ended, to_plain
from course_utils.feedback.verdict import Failure
from course_utils.language import to_translate, translated

SECONDS = 10.0
NOT_FILLED = to_translate(
    "is still to be written: replace the dots and run its cell, then this one."
)


def collect(
    problem: Exercise,
    answer: Any,
    questions: list[tuple],
    seconds: float = SECONDS,
    in_notebook: bool = True,
) -> list[Any]:
    """One answer (plain data or Failure) for each question, within ``seconds`` all together.

    ``answer`` is the learner's function, or the value of a "value" problem. ``in_notebook`` is
    False where it runs to be marked: no cell can have been forgotten there. After a failure that
    would come again (not "changed") the remaining questions get the same one.
    """
    if problem.kind == "value":
        return [_value(problem, answer)]
    if wrong := _not_callable(problem, answer, questions[0]):
        return [wrong] * len(questions)
    collected: list[Any] = []
    try:
        with time_limit(seconds) as run:
            for question in questions:
                collected.append(_one(problem, answer, question, run, in_notebook))
                if isinstance(collected[-1], Failure) and collected[-1].kind != "changed":
                    break
    except TimeUp:
        collected.append(
            Failure(
                "time",
                translated(
                    "{name} was not done after {seconds:g} seconds: is there a loop that never "
                    "ends?",
                    name=problem.name,
                    seconds=seconds,
                ),
            )
        )
    return collected + collected[-1:] * (len(questions) - len(collected))


def _not_filled(problem: Exercise) -> Failure:
    return _failure("not_filled", problem.name, translated(NOT_FILLED))


def _failure(kind: str, name: str, why: str) -> Failure:
    return Failure(kind, translated("{name} {why}", name=name, why=why))


def _value(problem: Exercise, value: Any) -> Any:
    if value is ...:
        return _not_filled(problem)
    if value is None:
        return _failure("not_filled", problem.name, translated("is None: give it a value."))
    try:
        return to_plain(value)
    except Unreadable as why:
        return _failure("type", problem.name, ended(str(why)))


def _not_callable(problem: Exercise, answer: Any, question: tuple) -> Failure | None:
    if answer is ...:
        return _not_filled(problem)
    if not callable(answer):
        return Failure(
            "not_a_function",
            translated(
                'check needs the function itself, not its result: check("{name}", {name}), without '
                "brackets behind the second name.",
                name=problem.name,
            ),
        )
    try:
        inspect.signature(answer).bind(*question)
    except TypeError:
        taken = list(inspect.signature(answer).parameters)
        given = {"call": problem.call, "taken": clean(", ".join(taken), 120)}
        said = translated(
            "{call} is what the check calls, with {count} arguments; yours takes ({taken}).",
            count=len(question),
            **given,
        )
        if len(question) == 1:
            said = translated(
                "{call} is what the check calls, with 1 argument; yours takes ({taken}).", **given
            )
        return Failure("arguments", said)
    except ValueError:
        pass  # a built-in without a signature
    return None


def _one(
    problem: Exercise, answer: Callable, question: tuple, run: Callable, in_notebook: bool
) -> Any:
    given = copy.deepcopy(question)
    try:
        with np.errstate(all="ignore"):
            result = run(lambda: answer(*given))
        plain = to_plain(result)
    except (TimeUp, KeyboardInterrupt):
        raise
    except Unreadable as why:
        said = translated("What {name} returns {why}", name=problem.name, why=ended(str(why)))
        return Failure("type", said)
    except NotImplementedError:
        return _not_filled(problem)
    except BaseException as error:
        return _exception(problem, answer, question, error, in_notebook)
    if result is None or plain is ...:
        return _nothing(problem, answer)
    names = [
        name
        for name, before, after in zip(problem.arguments, question, given)
        if not _untouched(before, after)
    ]
    if names:
        text = translated(
            "your function changes its argument {name}, which the caller still needs: work on a "
            "copy, as in {name}.copy().",
            name=names[0],
        )
        return Failure("changed", text, plain)
    return plain


def _nothing(problem: Exercise, answer: Callable) -> Failure:
    if _is_empty(answer):
        return _not_filled(problem)
    said = translated(
        "{name} returns nothing: end it with `return {outputs}`.",
        name=problem.name,
        outputs=", ".join(output.name for output in problem.output_list),
    )
    return Failure("nothing", said)


def _is_empty(answer: Callable) -> bool:
    """Whether the function has dots in place of a statement, or only a docstring."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(answer)))
    except (OSError, TypeError, SyntaxError):
        return False
    constants = [
        node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr | ast.Return | ast.Assign)
        and isinstance(node.value, ast.Constant)
    ]
    body = tree.body[0].body if isinstance(tree.body[0], ast.FunctionDef) else [tree]
    return ... in constants or all(
        isinstance(node, ast.Pass | ast.Expr)
        and not isinstance(getattr(node, "value", 0), ast.Call)
        for node in body
    )


def _exception(
    problem: Exercise, answer: Callable, question: tuple, error: BaseException, in_notebook: bool
) -> Failure:
    if "ellipsis" in str(error):
        return _not_filled(problem)
    given = dict(zip(problem.arguments, question))
    kind = "name" if isinstance(error, NameError) else "exception"
    return Failure(kind, stopped(problem.name, answer, given, error, in_notebook))


def _put_back(before: np.ndarray, after: np.ndarray) -> bool:
    """Whether numbers were nudged and put back: w += e and w -= e round in their last digit."""
    if before.shape != after.shape or before.dtype.kind != "f" or after.dtype != before.dtype:
        return False
    return bool(np.allclose(before, after, rtol=1e-12, atol=1e-14))


def _untouched(before: Any, after: Any) -> bool:
    if isinstance(before, np.ndarray):
        same_bytes = before.shape == after.shape and before.tobytes() == after.tobytes()
        return same_bytes or _put_back(before, after)
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_untouched, before, after))
    if isinstance(before, dict):
        return list(before) == list(after) and all(_untouched(before[k], after[k]) for k in before)
    with contextlib.suppress(Exception):
        return bool(before == after)
    return False
