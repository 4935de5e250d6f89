"""From answers to a verdict: right, a known mistake, or where the first wrong number stands."""

from __future__ import annotations

from itertools import combinations

from course_utils.feedback import wording
from course_utils.feedback.plain import Unreadable, clean
from course_utils.feedback.problem import Failure, Misconception, Problem, Verdict, edited
from course_utils.feedback.reading import (
    Reading,
    all_same,
    expected,
    mistaken,
    read,
)


def judge(problem: Problem, questions: list[tuple], answers: list) -> Verdict:
    """The verdict on one answer for each question. Answers are data, and may be hostile."""
    if type(answers) not in (list, tuple) or len(answers) != len(questions):
        return Verdict(0.0, False, "There is not one answer for each question.")
    for answer in answers:
        if isinstance(answer, Failure) and answer.kind != "changed":
            return Verdict(0.0, False, clean(answer.text))
    changed = next((clean(one.text) for one in answers if isinstance(one, Failure)), None)
    given = [one.answer if isinstance(one, Failure) else one for one in answers]
    rights = expected(problem, questions)
    try:
        readings = [read(problem, one, right) for one, right in zip(given, rights)]
    except Unreadable as why:
        return Verdict(0.0, False, clean(why))
    except RecursionError:
        return Verdict(0.0, False, "Your answer is nested too deeply.")
    return _compare(problem, questions, readings, rights, changed)


def _compare(problem, questions, readings, rights, changed) -> Verdict:
    wrong = [
        output
        for output in problem.output_list
        if not all_same(readings, rights, problem.tolerance, [output.name])
    ]
    score = 1 - len(wrong) / len(problem.output_list)
    if not wrong:
        if changed:
            return Verdict(0.5, False, f"The numbers are right, but {changed}")
        return Verdict(1.0, True, wording.right(problem, questions))
    found = recognise(problem, questions, readings, rights)
    where = wording.where(problem, wrong, readings, rights)
    also = f" And {changed}" if changed else ""
    if not found:
        guess = wording.pattern(problem, wrong, readings, rights)
        return Verdict(score, False, f"{where}{guess}{also}")
    said = " ".join(one.message for one in found)
    if len(found) > 1:
        said = f"Two things at once. {said}"
    return Verdict(score, False, f"{said} {where}{also}", " + ".join(one.name for one in found))


def recognise(
    problem: Problem, questions: list[tuple], readings: list[Reading], rights: list[Reading]
) -> list[Misconception]:
    """The misconception, or the two, that give exactly these wrong answers; [] if none does."""
    answers = {}
    for one in problem.misconceptions:
        answers[one.name] = made = mistaken(problem, one, questions)
        if made and all_same(readings, made, problem.tolerance):
            return [one]
    for pair in combinations(problem.misconceptions, 2):
        made = _of_pair(problem, pair, questions)
        if made and all_same(readings, made, problem.tolerance):
            return list(pair)
    return _by_output(problem, answers, readings, rights)


def _of_pair(problem: Problem, pair, questions) -> list[Reading] | None:
    edits = tuple(edit for one in pair for edit in one.edits)
    if not all(one.edits for one in pair):
        return None
    try:
        both = edited(problem.reference, edits)
    except (ValueError, SyntaxError):
        return None
    return mistaken(problem, Misconception("", "", both), questions)


def _by_output(problem: Problem, answers, readings, rights) -> list[Misconception]:
    """A misconception for each wrong output, if two suffice: each output may have its own."""
    found: list[Misconception] = []
    for output in problem.output_list:
        name = [output.name]
        if all_same(readings, rights, problem.tolerance, name):
            continue
        known = [
            one
            for one in problem.misconceptions
            if (made := answers[one.name])
            and not all_same(made, rights, problem.tolerance, name)
            and all_same(readings, made, problem.tolerance, name)
        ]
        if not known:
            return []
        if not any(one in found for one in known):
            found.append(known[0])
    return found if len(found) <= 2 else []
