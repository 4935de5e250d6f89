"""The bank: references are right, known mistakes are known by their names, and nothing else is."""

from itertools import permutations

import numpy as np
import pytest

from course_utils.feedback import problems
from course_utils.feedback.reading import all_same, expected, mistaken
from course_utils.feedback.run import collect

PROBLEMS = [problems.get(name) for name in problems.names()]
SINGLE = 500  # checks of right answers in single precision, each on random inputs of its own
DOUBLE = 20  # in double precision the reference is compared with itself
SEEDS = 12  # of the checks in which every mistake has to be known


def verdict(problem, answer, questions):
    answer = answer() if problem.kind == "value" else answer
    return problem.judge(questions, collect(problem, answer, questions, 600))


def rounded(value):
    """As float32 would give it, in lists instead of arrays."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(np.float32).tolist()
    if isinstance(value, tuple | list):
        return type(value)(rounded(one) for one in value)
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    return value


def test_the_bank_is_large_enough() -> None:
    assert sum(len(problem.misconceptions) for problem in PROBLEMS) >= 60
    assert len({problem.name for problem in PROBLEMS}) == len(PROBLEMS)


def single(value):
    """As a network in single precision gets it."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(np.float32)
    return type(value)(map(single, value)) if isinstance(value, tuple | list) else value


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: one.name)
def test_a_right_answer_is_never_named_a_mistake(problem) -> None:
    """All checks are judged as one: that is right only if each of its questions is."""

    def answer(*given):
        return problem.reference(*map(single, given))

    for how, checks in ((answer, SINGLE), (problem.reference, DOUBLE)):
        seeds = range(1, 2 if problem.kind == "value" else 2 * checks, 2)
        questions = [question for seed in seeds for question in problem.questions(seed)]
        found = verdict(problem, how, questions)
        assert (found.correct, found.score, found.misconception) == (True, 1, None), found.message


def test_one_wrong_answer_among_many_checks_is_seen() -> None:
    problem, asked = problems.get("lstm_step"), []

    def answer(*given):
        asked.append(1)
        h, c = problem.reference(*given)
        return h, c + 0.001 * (len(asked) == SINGLE)

    found = verdict(problem, answer, [q for seed in range(SINGLE) for q in problem.questions(seed)])
    assert not found.correct and len(asked) == SINGLE * problem.draws


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: one.name)
def test_float32_and_lists_are_right_too(problem) -> None:
    found = verdict(
        problem, lambda *given: rounded(problem.reference(*given)), problem.questions(3)
    )
    if problem.kind != "value":
        assert found.correct, found.message


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: one.name)
def test_every_mistake_is_known_by_its_name(problem, answered_once) -> None:
    for seed in range(SEEDS):
        questions = problem.questions(seed)
        for mistake in problem.misconceptions:
            found = verdict(problem, mistake.answer, questions)
            assert (found.misconception, found.correct) == (mistake.name, False), seed
            assert mistake.message in found.message


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: one.name)
def test_mistakes_and_reference_differ_pairwise(problem) -> None:
    """By more than an answer may be off: whoever makes one of them is told of no other."""
    for seed in range(SEEDS):
        questions = problem.questions(seed)
        answers = [expected(problem, questions)]
        answers += [mistaken(problem, one, questions) for one in problem.misconceptions]
        for one, other in permutations(answers, 2):
            assert one and other and not all_same(one, other, problem.tolerance), seed


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: one.name)
def test_every_problem_has_what_a_set_needs(problem) -> None:
    assert len(problem.hints) == 3 and all(problem.hints)
    assert problem.points > 0 and problem.minutes > 0 and problem.title and problem.task
