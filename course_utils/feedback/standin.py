"""One mistake counts once: a task that uses another's function is judged with a right one, too."""

from __future__ import annotations

from typing import Any

from course_utils.feedback import problems
from course_utils.feedback.plain import listed
from course_utils.feedback.problem import Problem
from course_utils.feedback.run import collect
from course_utils.feedback.verdict import Verdict
from course_utils.language import to_translate, translated


def with_right_ones(
    problem: Problem, answer: Any, questions: list[tuple], seconds: float
) -> Verdict | None:
    """The verdict on a learner's function with the right functions in place of those it uses.

    They stand there only while it is asked. None if it uses none, or is no function.
    """
    scope = getattr(answer, "__globals__", None)
    if not problem.uses or not isinstance(scope, dict):
        return None
    kept = {name: scope[name] for name in problem.uses if name in scope}
    scope.update({name: problems.get(name).reference for name in problem.uses})
    try:
        return problem.judge(questions, collect(problem, answer, questions, seconds))
    finally:
        for name in problem.uses:
            scope.pop(name, None)
        scope.update(kept)


ONE = to_translate("{name} is right, {wrong} is not: with a right one in its place {rest}")
MORE = to_translate("{name} is right, {wrong} are not: with right ones in its place {rest}")


def praise(problem: Problem, wrong: tuple[str, ...]) -> str:
    """What is said of an answer that is right but for the functions it uses."""
    outputs = listed(output.name for output in problem.output_list)
    several = len(problem.output_list) > 1
    rest = translated("{names} are right." if several else "{names} is right.", names=outputs)
    said = ONE if len(wrong) == 1 else MORE
    return translated(said, name=problem.name, wrong=listed(wrong), rest=rest)
