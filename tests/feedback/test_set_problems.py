"""The problems of the sets: the reference is right, each mistake scores 0 by its own name."""

import pytest

from course_utils.feedback.bank import sets_bugs, sets_measure, sets_start
from course_utils.feedback.run import collect

PROBLEMS = [*sets_start.PROBLEMS, *sets_bugs.PROBLEMS, *sets_measure.PROBLEMS]


def verdict(problem, answer, seed):
    questions = problem.questions(seed)
    answer = answer() if problem.kind == "value" else answer
    return problem.judge(questions, collect(problem, answer, questions, 600))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: one.name)
def test_reference_and_mistakes(problem, seed):
    assert verdict(problem, problem.reference, seed).score == 1
    for mistake in problem.misconceptions:
        found = verdict(problem, mistake.answer, seed)
        assert (found.misconception, found.score) == (mistake.name, 0)
