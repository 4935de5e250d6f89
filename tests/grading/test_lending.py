"""A task that uses another's function is marked with a right one; the reference stays outside."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from course_utils.delivery.grading import lending
from course_utils.delivery.grading.lending import Loan, converse
from course_utils.delivery.grading.sandbox import Limits, WorkerLost
from course_utils.delivery.grading.sets import ProblemSet
from course_utils.feedback import problems
from course_utils.feedback.verdict import Failure

from .own_set import entry, mark, marked, own_set, points

WRONG = "def helper(x, power):\n    return np.abs(x) ** power"
BRIEF = Limits(seconds=2.0, grace=1.0, total=60.0, patience=100.0)
FULL = {"scaled": 4, "rows_of": 4, "helper": 4, "user": 4, "times": 4}
NO_SUM = "def user(x):\n    return helper(x, 2), helper(x, 3)"
ONE_OF_TWO = "def user(x):\n    return helper(x, 2)[:, 0], 0 * x[:, 0]"


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> ProblemSet:
    return own_set(tmp_path_factory.mktemp("own") / "set")


@pytest.fixture(scope="module")
def batch(own):
    """Many submissions at once, by what they try."""
    submissions = {
        "right": {},
        "wrong helper": {"helper": WRONG},
        "no helper": {"helper": ""},
        "helper stops": {"helper": "raise SystemExit"},
        "helper never ends": {"helper": "def helper(x, power):\n    while True: pass"},
        "helper is a number": {"helper": "helper = 3"},
        "by name": {
            "helper": WRONG,
            "user": "def user(x):\n    return [helper(power=p, x=x).sum(axis=1) for p in (2, 3)]",
        },
        "wrong loop": {
            "helper": WRONG,
            "user": "def user(x):\n    return helper(x, 2), helper(x, 3)",
        },
        "half a loop": {
            "helper": WRONG,
            "user": "def user(x):\n    return helper(x, 2).sum(axis=1), helper(x, 4).sum(axis=1)",
        },
        "no loop": {"helper": WRONG, "user": "", "times": ""},
        "right helper, wrong loop": {"user": NO_SUM},
        "without it": {"helper": WRONG, "user": "def user(x):\n    return x[:, 0], x[:, 1]"},
        "own names": {
            "helper": WRONG + "\nmine = helper",
            "user": "def user(x):\n    return mine(x, 2).sum(axis=1), mine(x, 3).sum(axis=1)",
        },
        "defined again": {
            "helper": WRONG,
            "user": f"{WRONG}\n{ONE_OF_TWO}",
        },
        "made for each other": {
            "helper": "def helper(x, power):\n    return 2 * np.sign(x) * np.abs(x) ** power",
            "user": "def user(x):\n    return helper(x, 2).sum(axis=1) / 2, helper(x, 3)",
        },
        "many calls": {
            "helper": WRONG,
            "user": "def user(x):\n    for _ in range(10**6):\n        y = helper(x, 2)\n"
            "    return y.sum(axis=1), helper(x, 3).sum(axis=1)",
        },
    }
    entries = [entry(own, name, **changed) for name, changed in submissions.items()]
    with pytest.MonkeyPatch.context() as patch:  # what never ends is asked three times
        patch.setattr(ProblemSet, "limits", BRIEF)
        return marked(*entries)


@pytest.mark.parametrize(
    ("learner", "changed"),
    [
        ("right", {}),
        ("wrong helper", {"helper": 0}),
        ("no helper", {"helper": 0}),
        ("helper stops", {"helper": 0}),
        ("helper never ends", {"helper": 0}),
        ("helper is a number", {"helper": 0}),
        ("by name", {"helper": 0}),
        ("wrong loop", {"helper": 0, "user": 0}),
        ("half a loop", {"helper": 0, "user": 2}),
        ("no loop", {"helper": 0, "user": 0, "times": 0}),
        ("right helper, wrong loop", {"user": 0}),
        ("without it", {"helper": 0, "user": 0}),
        ("own names", {"helper": 0, "user": 2}),  # helper(x, 2) of this one is right by chance
        ("defined again", {"helper": 0, "user": 0}),
        ("made for each other", {"helper": 0, "user": 2}),
        ("many calls", {"helper": 0, "user": 0}),
    ],
)
def test_each_mistake_costs_once(batch, learner, changed) -> None:
    found = points(batch[learner])
    if learner == "own names":
        changed = changed | {"user": found["user"]}
        assert found["user"] < 4
    assert found == FULL | changed


def test_what_is_said(batch) -> None:
    assert mark(batch["wrong helper"], "user").message == (
        "user is right, helper is not: with a right one in its place a and b are right."
    )
    assert mark(batch["wrong helper"], "times").message.startswith("times is right, helper is not")
    half = mark(batch["half a loop"], "user").message
    assert half.startswith("With the right helper in place of yours: ") and "b" in half
    assert "helper is not" not in mark(batch["right helper, wrong loop"], "user").message


ATTACKS = {  # what a task may try with a lent function to find out more than its answers
    "its code": "float(str(helper.__code__.co_consts).count('sign'))",
    "its closure": "float(sum('sign' in str(c.cell_contents) for c in helper.__closure__))",
    "its text": "float('sign' in __import__('inspect').getsource(helper))",
    "all there is": "repr(__import__('gc').get_objects()).count(' '.join(WORDS))",
}


def found(own, look: str, before: str = "") -> bool:
    """Whether a task that looks around while it is asked finds something."""
    user = (
        f"{before}\nWORDS = 'only', 'the', 'teacher', 'has', 'this'\ndef user(x):\n    try:\n"
        f"        found = {look}\n"
        "    except Exception:\n        found = 0.0\n"
        "    return 77.125 * (found > 0) + 0 * x[:, 0], helper(x, 3).sum(axis=1)"
    )
    marks = marked(entry(own, "ada", helper=WRONG, user=user))["ada"]
    assert points(marks) == FULL | {"helper": 0, "user": 2}  # it was asked with a right one
    return "77.1" in mark(marks, "user").message


def test_the_reference_is_not_in_the_worker(own) -> None:
    assert not any(found(own, look) for look in ATTACKS.values())
    assert found(own, ATTACKS["all there is"], "kept = {1: 'only the teacher has this'}")


def test_nothing_of_the_second_run_counts_for_the_function_itself(own) -> None:
    """It keeps what it was told, and finds it in no other worker."""
    hoard = (
        "import json, os\n"
        "def helper(x, power):\n"
        "    for place in ('/tmp/h', '/dev/shm/h', 'h'):\n"
        "        try:\n            return json.load(open(place))\n"
        "        except OSError: pass\n"
        "    return 0 * x\n"
    )
    user = (
        "def user(x):\n"
        "    y = helper(x, 2)\n"
        "    for place in ('/tmp/h', '/dev/shm/h', 'h'):\n"
        "        try:\n            json.dump(y.tolist(), open(place, 'w'))\n"
        "        except OSError: pass\n"
        "    return y.sum(axis=1), helper(x, 3).sum(axis=1)"
    )
    marks = marked(entry(own, "ada", helper=hoard, user=user))["ada"]
    assert points(marks) == FULL | {"helper": 0}


class Replies:
    """A worker that says what it is told to say, and keeps what it is asked."""

    used = 0.0

    def __init__(self, *replies):
        self.replies, self.asked = list(replies), []

    def ask(self, request, seconds):
        self.asked.append(request)
        return self.replies.pop(0)


def call(name, *given):
    return {"call": name, "given": list(given)}


def test_only_what_is_lent_is_answered() -> None:
    step = problems.get("rnn_step")
    question = step.questions(0)[0]
    loan = Loan({"rnn_step": step})
    right = loan.answer("rnn_step", list(question))
    np.testing.assert_array_equal(right, step.reference(*question))
    for name, given in (
        ("lstm_step", list(question)),
        (["rnn_step"], list(question)),
        (None, []),
        ("rnn_step", []),
        ("rnn_step", tuple(question)),
        ("rnn_step", "abcde"),
        ("rnn_step", [*question, 1]),
        ("rnn_step", ["x", *question[1:]]),
        ("rnn_step", [{}, *question[1:]]),
        ("rnn_step", [np.zeros(3000), *question[1:]]),
        ("rnn_step", [np.zeros((2, 2), complex), *question[1:]]),
        ("rnn_step", [10**9, *question[1:]]),
        ("rnn_step", [np.array(10**9), *question[1:]]),
        ("rnn_step", [np.zeros((7, 9)), *question[1:]]),
    ):
        refused = loan.answer(name, given)
        assert isinstance(refused, Failure), (name, given)
        assert "matmul" not in refused.text and "line" not in refused.text


def test_a_call_is_small_whatever_the_reference_takes() -> None:
    """Outside, nothing limits what the reference does with a long array or a large number."""
    loan = Loan({"any": SimpleNamespace(arguments=("x", "n"), reference=lambda x, n: 1.0)})
    assert loan.answer("any", [np.zeros(1990), 10_000]) == 1.0
    for x, n in (
        (np.zeros(2001), 1),
        (np.zeros(1500), np.zeros(600)),
        (np.zeros(3), 10_001),
        (np.zeros(3), -10_001),
        (np.zeros(3), np.array(10**9)),
        (np.zeros(3), "text"),
        (np.zeros(3), [1, 2]),
    ):
        assert isinstance(loan.answer("any", [x, n]), Failure)


def test_calls_are_answered_in_a_run_with_a_loan_alone() -> None:
    step = problems.get("rnn_step")
    question = step.questions(0)[0]
    worker = Replies(call("rnn_step", *question), [1.0])
    assert converse(worker, {"do": "ask"}, 60, Loan({"rnn_step": step})) == [1.0]
    assert [one["do"] for one in worker.asked] == ["ask", "take"]
    worker = Replies(call("rnn_step", *question), [1.0])
    assert converse(worker, {"do": "ask"}, 60, None) == call("rnn_step", *question)
    assert [one["do"] for one in worker.asked] == ["ask"]


def test_calls_are_counted(monkeypatch) -> None:
    monkeypatch.setattr(lending, "MOST_CALLS", 5)
    step = problems.get("rnn_step")
    one = call("rnn_step", *step.questions(0)[0])
    worker = Replies(*[one] * 9)
    with pytest.raises(WorkerLost):
        converse(worker, {"do": "ask"}, 60, Loan({"rnn_step": step}))
    assert len(worker.asked) == 6


def test_what_goes_to_other_machines_holds_no_reference(own) -> None:
    run = entry(own, "ada", helper=WRONG).run()
    assert run.loan is None
    requests = Loan({"helper": own.problems["helper"]}).requests()
    assert requests == [{"do": "lend", "name": "helper", "arguments": ["x", "power"]}]
