"""An error is told in the same words in the notebook and in the marks: by the learner's line."""

import csv
import itertools
import linecache
from pathlib import Path

import pytest

from course_utils.delivery.grading import commands
from course_utils.delivery.grading.entry import question
from course_utils.delivery.grading.sandbox import Kit, Limits, Worker
from course_utils.feedback import problems
from course_utils.feedback.run import collect
from course_utils.feedback.verdict import Failure

from .classes import SET, handed_in, lay, source

HEAD = "def rnn_step(x, h_prev, W, U, b):\n    h = x @ W + h_prev @ U + b\n    "
LINES = {  # a line that stops inside of NumPy, or of the standard library
    "stack": "return np.stack([h, h[0]])",
    "concatenate": "return np.concatenate([h, h[0]])",
    "split": "return np.split(h, 7, axis=1)[0]",
    "mean": "return h.mean(axis=5)",
    "np.mean": "return np.mean(h, axis=5)",
    "moveaxis": "return np.moveaxis(h, 0, 4)",
    "take_along_axis": "return np.take_along_axis(h, np.zeros(3), axis=1)",
    "inv": "return np.linalg.inv(h)",
    "solve": "return np.linalg.solve(np.zeros((2, 2)), h[:2, 0])",
    "norm": "return np.linalg.norm(h, ord='other', axis=0)",
    "matmul": "return h @ x",
    "reshape": "return h.reshape(7, 7)",
    "einsum": "return np.einsum('ij,ij->i', h, x)",
    "pad": "return np.pad(h, ((1, 1), (1, 1), (1, 1)))",
    "broadcast_to": "return np.broadcast_to(h, (1, 1, 1))",
    "squeeze": "return h.squeeze(axis=0) if len(h) > 1 else h.squeeze(1)",
    "interp": "return np.interp(h, [1, 2], [1])",
    "choice": "return np.random.default_rng(0).choice(3, 9, replace=False)",
    "index": "return h[:, 99]",
    "a comprehension": "return np.stack([h[:, k + 99] for k in range(3)])",
    "a generator": "return sum(h[:, k + 99] for k in range(3))",
    "a lambda": "return max([h], key=lambda one: one[99])",
    "functools": "from functools import reduce; return reduce(lambda a, k: a[99], [h, h])",
    "json": "import json; return json.loads('{')",
    "statistics": "import statistics; return statistics.mean([])",
    "a dict": "return {'a': h}['b']",
    "name": "return np.tanh(hh)",
    "name of a module": "return math.tanh(h)",
    "name of an argument": "return np.tanh(h + h_prevv)",
}
count = itertools.count()


@pytest.fixture(scope="module")
def worker():
    with Worker(Kit(modules=("numpy",)), Limits(seconds=60)) as one:
        yield one


def in_notebook(code: str, seed: int = 0) -> str:
    """What `check` says of the code of a cell, as a kernel runs it."""
    file = f"/tmp/ipykernel_{next(count)}/1.py"
    linecache.cache[file] = (len(code), None, code.splitlines(True), file)
    scope: dict = {}
    exec(compile(code, file, "exec"), scope)
    problem = problems.get("rnn_step")
    questions = problem.questions(seed)
    answers = collect(problem, scope["rnn_step"], questions, 60)
    return problem.judge(questions, answers).message


def in_marks(worker: Worker, code: str, seed: int = 0) -> str:
    problem = problems.get("rnn_step")
    asked = question(problem, "rnn_step", seed)
    cell = {"do": "run", "label": "rnn_step", "source": code, "lenient": False}
    worker.ask(cell, 90)
    ask = {"do": "ask", "card": list(asked.card), "questions": asked.inputs, "seconds": 60}
    answers = worker.ask(ask, 90)
    answers = [answers] * len(asked.inputs) if isinstance(answers, Failure) else answers
    return problem.judge(asked.inputs, answers).message


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_the_line_is_the_learners_in_the_notebook_and_in_the_marks(worker, line: str) -> None:
    code = f"import numpy as np\n\n{HEAD}{line}\n"
    said = in_notebook(code)
    assert said.startswith("rnn_step stops in line 3") and f"(`{line}`)" in said
    assert "<listcomp>" not in said and "<genexpr>" not in said
    assert in_marks(worker, code) == said.replace(" Has the cell that defines it been run?", "")


def test_a_helper_is_named_with_the_line_that_calls_it(worker) -> None:
    code = (
        "import numpy as np\n"
        "def squash(a, W):\n    return np.tanh(a @ W)\n\n"
        "def rnn_step(x, h_prev, W, U, b):\n    a = x @ W\n    return squash(a, b[:1]) + b\n"
    )
    said = in_notebook(code)
    assert said == in_marks(worker, code)
    assert "in line 3 (`return squash(a, b[:1]) + b`), in line 2 of squash (`return np" in said
    problem = problems.get("rnn_step")
    x, h, W, U, b = (one.shape for one in problem.questions(0)[0])
    assert f"It was called with x {x}, h_prev {h}, W {W}, U {U} and b {b}." in said
    assert f"In squash: a {(x[0], W[1])} and W (1,)." in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("return np.tanh(h_prevv)", "Did you mean `h_prev`?"),
        ("return np.tanh(H_prev)", "Did you mean `h_prev`?"),
        ("states = h\n    return state", "Did you mean `states`?"),
        ("return math.pi * h", "`import math` is missing."),
        ("return maxx(h)", "Did you mean `max`?"),
        ("return np.tanh(quantity)", "Has the cell that defines it been run?"),
    ],
)
def test_a_name_that_is_not_there(line: str, said: str) -> None:
    assert in_notebook(f"import numpy as np\n{HEAD}{line}\n").endswith(said)


def test_pages_and_tables_carry_the_learners_line(tmp_path: Path) -> None:
    stack = "def rnn_step(x, h_prev, W, U, b):\n    return np.stack([x, h_prev, b])"
    lay(tmp_path, {"ada": handed_in(source(stack))})
    commands.grade(tmp_path, None)
    words = "stops in line 2 (`return np.stack([x, h_prev, b])`) with ValueError"
    page = tmp_path / "feedback" / "ada" / SET / f"{SET}.html"
    text = page.read_text(encoding="utf-8").replace("<code>", "`").replace("</code>", "`")
    assert words in text
    with open(tmp_path / "marks" / f"{SET}.csv", encoding="utf-8", newline="") as file:
        assert any(words in cell for row in csv.DictReader(file) for cell in row.values())
