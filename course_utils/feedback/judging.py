"""From answers to a verdict: right, a known mistake, or where the first wrong number stands.

What is said depends on the mistakes that are known, what it is worth does not: that is the share of
outputs that are right for all questions, and half of it if the function changed its inputs. So no
answer is worth more for an output that is spoilt.
"""

from __future__ import annotations

from course_utils.feedback import wording
from course_utils.feedback.exercise import Exercise
from course_utils.feedback.plain import Unreadable, clean
from course_utils.feedback.reading import all_same, expected, read
from course_utils.feedback.recognition import recognise
from course_utils.feedback.verdict import Failure, Verdict
from course_utils.language import translated

CHANGED = 0.5  # of the points, for a function that changes its inputs


def judge(problem: Exercise, questions: list[tuple], answers: list) -> Verdict:
    """The verdict on one answer for each question. Answers are data, and may be hostile."""
    if type(answers) not in (list, tuple) or len(answers) != len(questions):
        return Verdict(0.0, False, translated("There is not one answer for each question."))
    for answer in answers:
        if isinstance(answer, Failure) and answer.kind != "changed":
            attempted = answer.kind != "not_filled"
            return Verdict(0.0, False, clean(answer.text), attempted=attempted)
    changed = next((clean(one.text) for one in answers if isinstance(one, Failure)), None)
    given = [one.answer if isinstance(one, Failure) else one for one in answers]
    rights = expected(problem, questions)
    try:
        readings = [read(problem, one, right) for one, right in zip(given, rights)]
    except Unreadable as why:
        return Verdict(0.0, False, clean(why))
    except RecursionError:
        return Verdict(0.0, False, translated("Your answer is nested too deeply."))
    return _compare(problem, questions, readings, rights, changed)


def _compare(problem, questions, readings, rights, changed) -> Verdict:
    wrong = [
        output
        for output in problem.output_list
        if not all_same(readings, rights, problem.tolerance, [output.name])
    ]
    right = tuple(output.name for output in problem.output_list if output not in wrong)
    score = len(right) / len(problem.output_list) * (CHANGED if changed else 1)
    if not wrong:
        if changed:
            said = translated("The numbers are right, but {changed}", changed=changed)
            return Verdict(score, False, said, right=right)
        return Verdict(score, True, wording.right(problem, questions), right=right)
    wrong.sort(key=lambda output: output.name != problem.look)
    found = recognise(problem, questions, readings, wrong)
    said = wording.known(found, wrong)
    where = wording.where(problem, wrong, readings, rights, found.unexplained, questions)
    guess = "" if found.mistakes else wording.pattern(problem, wrong, readings, rights)
    also = translated(" And {changed}", changed=changed) if changed else ""
    names = " + ".join(one.name for one in found.mistakes) or None
    return Verdict(score, False, f"{said}{where}{guess}{also}", names, right=right)
