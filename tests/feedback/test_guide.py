"""docs/feedback.md: its examples run and print what it says, and its tables are true."""

import re
from pathlib import Path

import numpy as np
import pytest

from course_utils import lines
from course_utils.feedback import catalog, check, problems, record
from course_utils.feedback.run import collect

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "feedback.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
ROWS = re.findall(r"^\| [^|]+ \| `(\w+)` \| ([^|]+) \|$", GUIDE, re.MULTILINE)


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(record, "_here", {})


def run(number, tmp_path):
    """Run a block as a file, so that its lines can be read, and give what it defines."""
    path = tmp_path / "block.py"
    path.write_text(BLOCKS[number][1])
    space = {"__name__": "block"}
    exec(compile(path.read_text(), str(path), "exec"), space)
    return space


def test_the_example_prints_what_the_guide_says(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setattr(lines, "WIDTH", 76)  # a page of the site is narrower than JupyterLab
    assert [kind for kind, _ in BLOCKS] == ["python", "text", "python"]
    run(0, tmp_path)
    assert capsys.readouterr().out == BLOCKS[1][1]


def test_the_example_of_a_problem_works(tmp_path) -> None:
    (problem,) = run(2, tmp_path)["PROBLEMS"]
    questions = problem.questions(0)
    for mistake in problem.misconceptions:
        found = problem.judge(questions, collect(problem, mistake.answer, questions, 600))
        assert found.misconception == mistake.name
    assert problem.judge(questions, collect(problem, problem.reference, questions, 600)).correct


def test_numbers_of_the_bank_are_those_that_texts_tell() -> None:
    every = [problems.get(name) for name in problems.names()]
    mistakes = sum(len(one.misconceptions) for one in every)
    answers = sum(1 + len(one.misconceptions) for one in every if one.kind != "keras")
    readme, grading, sets = (
        (ROOT / path).read_text(encoding="utf-8")
        for path in ("README.md", "docs/grading.md", "docs/exercises.md")
    )
    assert f"names the mistake if it is one of the {mistakes} that it knows" in readme
    assert (
        f"All references and mistakes of the bank, {answers} answers (not those in Keras)"
        in grading
    )
    set_04 = (ROOT / "solutions" / "src" / "04_the_lstm_gate_by_gate.py").read_text("utf-8")
    (example,) = re.findall(r"`(\*\*Points\.\*\* .+?)`", sets)
    assert f"# {example}\n" in set_04
    sources = (ROOT / "solutions" / "src").glob("*.py")
    tasks = sum(path.read_text("utf-8").count("# ## Task ") for path in sources)
    assert f"A problem set goes with each lesson, {tasks} tasks in all" in readme


def test_the_well_known_mistakes_are_where_the_guide_says() -> None:
    assert len(ROWS) > 25
    for name, mistake in ROWS:
        assert mistake in {one.name for one in problems.get(name).misconceptions}, (name, mistake)


def outside(x, h_prev, W, U, b):
    return (h_prev + np.tanh(x @ W + h_prev @ U + b)).T / 2


def texts(x, h_prev, W, U, b):
    return "h"


def infinite(x, h_prev, W, U, b):
    return np.exp(1000 * np.abs(x @ W + h_prev @ U + b) + 800)


def in_place(x, h_prev, W, U, b):
    b += 0.5
    return (h_prev + np.tanh(x @ W + h_prev @ U + b - 0.5)) / 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (outside, "that is (B, n), batch and units. It is right but for being transposed."),
        (texts, "h is a text."),
        (infinite, "Look for an overflow in exp"),
        (in_place, "The numbers are right, but your function changes its argument b"),
    ],
)
def test_what_the_guide_says_of_code_that_fails(answer, said, capsys) -> None:
    check("rnn_step", answer)
    assert said in " ".join(capsys.readouterr().out.split())
    assert record.best()["rnn_step"] == (0.5 if answer is in_place else 0)


def test_the_readme_counts_what_the_bank_holds() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    entries = [entry for some in catalog.by_lesson().values() for entry in some]
    assert f"one of the {sum(len(entry.mistakes) for entry in entries)} that it knows" in text
