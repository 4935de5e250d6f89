"""check, hint and progress: what a notebook uses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from course_utils.feedback import problems, record, shown
from course_utils.feedback.problems import UnknownProblem
from course_utils.feedback.run import SECONDS, collect
from course_utils.feedback.standin import praise, with_right_ones
from course_utils.feedback.verdict import Verdict
from course_utils.language import translated
from course_utils.lines import filled, wrapped

SEED = 0
TIE = "\N{NO-BREAK SPACE}"  # no line ends here
NOTHING = object()  # dots, ..., are what an answer is before it is written


def check(
    name: str | None = None,
    answer: Any = NOTHING,
    seed: int | None = None,
    seconds: float = SECONDS,
) -> None:
    """Run ``answer``, your function (or value), on random inputs and show what is to be said.

    The inputs are the same each time, so the verdict is too; another ``seed`` draws others.
    ``seconds`` is how long the function may take.
    """
    if not isinstance(name, str):
        print(wrapped(_how("check", name, ", {0}")))
    elif answer is NOTHING and name in problems.names():
        said = translated('Hand your function over, too: check("{name}", {name}).', name=name)
        if problems.get(name).kind == "value":
            said = translated('Hand your answer over, too: check("{name}", {name}).', name=name)
        print(wrapped(said))
    elif verdict := verdict_on(name, answer, seed, seconds):
        if verdict.attempted:
            record.note(name, verdict.score)
        shown.show(name, verdict.message, verdict.correct, answer)


def verdict_on(
    name: str, answer: Any, seed: int | None = None, seconds: float = SECONDS
) -> Verdict | None:
    """The verdict that `check` prints; None, and a sentence, if there is no such problem."""
    try:
        problem = problems.get(name)
    except UnknownProblem as unknown:
        print(wrapped(str(unknown)))
        return None
    questions = problem.questions(SEED if seed is None else seed)
    verdict = problem.judge(questions, collect(problem, answer, questions, seconds))
    if verdict.correct or not verdict.attempted:
        return verdict
    better = with_right_ones(problem, answer, questions, seconds)
    if better and better.correct:
        return replace(better, message=praise(problem, problem.uses))
    return verdict


def hint(name: str | None = None, level: int = 1) -> None:
    """Print a hint: 1 is a nudge, 2 says more, 3 is nearly the answer."""
    if not isinstance(name, str):
        more = translated(" Three levels say more and more: 1, 2, 3.")
        print(wrapped(_how("hint", name) + more))
        return
    try:
        problem = problems.get(name)
    except UnknownProblem as unknown:
        print(wrapped(str(unknown)))
        return
    count = len(problem.hints)
    if level not in range(1, count + 1):
        print(translated("There are {count} hints: level is 1 to {count}.", count=count))
        return
    more = ""
    if level < count:
        more = translated(' hint("{name}", {level}) says more.', name=name, level=level + 1)
    lead = translated("Hint {level} of {count}: ", level=level, count=count)
    print(wrapped(f"{translated(problem.hints[level - 1])}{more}", lead))


def progress() -> None:
    """Print what is done and what is left, in the lessons whose problems were begun."""
    known = record.best()
    every = [problems.get(name) for name in problems.names()]
    begun = dict.fromkeys(one.lesson for one in every if one.name in known)
    if not begun:
        print(translated("Nothing is done yet: a task in an exercise is where it begins."))
        return
    counted = [one for one in every if one.lesson in begun]
    for lesson in begun:
        marks = [_mark(known, one.name) + TIE + one.name for one in counted if one.lesson == lesson]
        print(filled("  ".join(marks), f"{lesson}  ").replace(TIE, " "))
    points = sum(known.get(one.name, 0) * one.points for one in counted)
    right = sum(known.get(one.name) == 1 for one in counted)
    print(
        translated(
            "{right} of {tasks} right, {points:g} of {most} points.",
            right=right,
            tasks=len(counted),
            points=points,
            most=sum(one.points for one in counted),
        )
    )


def _how(call: str, given: object, rest: str = "") -> str:
    """How a call is written, for who left the name of the task out or gave something else."""
    known = record.best()
    named = getattr(given, "__name__", "")
    todo = [one for one in problems.names() if known.get(one, 0) < 1] or problems.names()
    begun = [one for one in todo if one in known] or todo
    name = named if named in problems.names() else begun[0]
    return translated(
        "Say which task, in quotation marks: {call}.", call=f'{call}("{name}"{rest.format(name)})'
    )


def _mark(known: dict[str, float], name: str) -> str:
    if name not in known:
        return "·"
    return {1: "✓", 0: "✗"}.get(known[name], "½")
