"""What is said about a mistake that nobody has described: where it shows, and how it looks."""

import numpy as np
import pytest

from course_utils.feedback import problems
from course_utils.feedback.run import collect


def message(name, change, seed=0):
    """What is said of the right answer, changed."""
    problem = problems.get(name)
    questions = problem.questions(seed)

    def answer(*given):
        return change(problem.reference(*given))

    found = problem.judge(questions, collect(problem, answer, questions, 600))
    assert found.misconception is None and found.attempted
    return found.message


def at_steps(*steps):
    def change(h):
        h[:, [step for step in steps if step < h.shape[1]], 1] += 0.3
        return h

    return change


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((0, 1, 2, 3), "From the first step on: h[0, 0, 1] is "),
        ((2, 3), "Right until step 2 of 4, wrong from step 3 on: h[0, 2, 1] is "),
        ((1,), "Only step 2 of 4 is wrong: h[0, 1, 1] is "),
        ((0, 3), "Wrong at steps 1 and 4 of 4: h[0, 0, 1] is "),
    ],
)
def test_the_steps_that_are_wrong(steps, said) -> None:
    draw = problems.get("rnn_forward").questions
    seed = next(k for k in range(99) if draw(k)[0][0].shape[1] == 4)
    found = message("rnn_forward", at_steps(*steps), seed)
    assert found.startswith(said) and "by up to 0.3)" in found


def one_number(h):
    h[-1, -1, 0] = 7
    return h


def nan_at_the_end(h):
    h[:, -1] = np.nan
    return h


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("rnn_step", np.negative, "h has the wrong sign, otherwise it is right."),
        ("rnn_step", np.zeros_like, "Your h is zero everywhere."),
        ("rnn_step", lambda h: 1.5 * h, "All of h is 1.5 times what it should be."),
        ("rnn_step", lambda h: 1.001 * h, "That is close: look for a small constant,"),
        ("rnn_step", lambda h: h + 0.001, "That is close: look for a small constant,"),
        ("rnn_step", np.transpose, "It is right but for being transposed."),
        ("spectral_radius", lambda r: r + 1, "radius is "),
        ("spectral_radius", lambda r: r * (0.6 + 0.8j), "a complex number: np.abs gives its size."),
        ("lstm_step", lambda pair: pair[::-1], "You return h where c belongs, and the other way"),
        ("gru_params", lambda count: count + 1, ", for m = "),
        ("rnn_forward", one_number, "is 7; it should be "),
        ("rnn_forward", nan_at_the_end, "is nan; it should be "),
        ("rnn_forward", nan_at_the_end, "Look for an overflow in exp"),
        ("mend_rnn_loop", lambda h: h[:, ::-1], "is right but runs backwards in time."),
        ("gru_step", lambda h: h * 1j, "h holds complex numbers, not numbers."),
        ("whole_windows", lambda two: (two[0][:2], two[1]), "train has 2 windows; it needs "),
        ("whole_windows", lambda two: (two[0][:2], two[1]), "test is right."),
        ("name_perplexity", lambda one: [one, one], "it has to be a single number."),
        ("attention_read", lambda y: y[:1], "that is (B, k)."),
        ("lstm_forward", lambda two: (two[0], two[1][0]), "that is (B, n), batch and units."),
        ("lstm_forward", lambda two: two[0], "it has to be 2 things: h, c."),
    ],
)
def test_how_the_error_looks(name, change, said) -> None:
    assert said in message(name, change)


def test_a_dict_with_the_names_of_lesson_02_will_do() -> None:
    problem = problems.get("bptt")
    questions = problem.questions(3)
    short = [dict(zip(("x", "W", "U", "b", "h0"), problem.reference(*one))) for one in questions]
    assert problem.judge(questions, short).correct


def test_a_complex_number_without_imaginary_part_is_one() -> None:
    problem = problems.get("spectral_radius")
    questions = problem.questions(3)
    answers = [np.complex128(problem.reference(*one)) for one in questions]
    assert problem.judge(questions, answers).correct


def test_what_is_nudged_and_put_back_is_unchanged() -> None:
    def nudged(w, x, e):
        slopes = np.zeros_like(w)
        for k in range(len(w)):
            sides = []
            for way in (e, -2 * e):
                w[k] += way
                sides.append(np.sum(np.tanh(x @ w) ** 2))
            w[k] += e
            slopes[k] = (sides[0] - sides[1]) / (2 * e)
        return slopes

    problem = problems.get("gradient_check")
    questions = problem.questions(3)
    assert problem.judge(questions, collect(problem, nudged, questions, 600)).score == 1


def test_a_dict_with_the_names_of_the_outputs_will_do() -> None:
    step = problems.get("lstm_step")
    questions = step.questions(0)

    def named(*given):
        h, c = step.reference(*given)
        return {"c": c, "h": h}

    assert step.judge(questions, collect(step, named, questions, 600)).correct
    said = message("lstm_step", lambda pair: {"h": pair[0], "C": pair[1]})
    assert said == "Your dict has no c; it has h and C."
