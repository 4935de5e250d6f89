"""One source gives solutions that run and a hand-out that nbgrader accepts; both stay in step."""

import re
import sys

import nbformat
import pytest
from trial_lesson import lay
from trial_set import GOOD, lay_set

from course_utils.delivery.authoring import project, sets
from course_utils.delivery.authoring.build import write
from course_utils.delivery.authoring.document import ROOT, AuthoringError
from course_utils.delivery.authoring.project import check_set, set_findings, sort
from course_utils.delivery.authoring.rules_sets import RULES


def quiet(line: str) -> None:
    pass


@pytest.fixture(scope="session")
def built_set(tmp_path_factory):
    one = lay_set(tmp_path_factory.mktemp("course"))
    sets.build_sets(root=one.root, report=quiet)
    return one


@pytest.fixture
def trial(built_set, tmp_path):
    """A copy to spoil."""
    one = lay_set(tmp_path)
    one.target.write_bytes(built_set.target.read_bytes())
    one.handout_target.parent.mkdir()
    one.handout_target.write_bytes(built_set.handout_target.read_bytes())
    return one


def handed(one):
    return nbformat.read(one.handout_target, as_version=4)


def marked(notebook):
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    }


def test_a_good_set_is_in_step(built_set):
    assert set_findings(root=built_set.root) == []


def test_solutions_are_executed_and_hand_outs_are_not(built_set):
    outputs = [cell.outputs for cell in built_set.notebook().cells if cell.cell_type == "code"]
    assert "double is right" in outputs[2][0].text and "All done" in outputs[-1][0].text
    cells = [cell for cell in handed(built_set).cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


def test_a_hand_out_gives_nothing_away(built_set):
    text = built_set.handout_target.read_text(encoding="utf-8")
    for secret in (
        "2 * x",
        "SOLUTION",
        "solution-only",
        "Two times",
        "It is eight",
        "more of what",
    ):
        assert secret not in text
    cells = marked(handed(built_set))
    assert cells["double"].source.endswith('"""Twice x."""\n    ...  # your code here')
    assert cells["eight"].source == "eight = (\n    ...  # your code here\n)"
    assert cells["useful"].source == sets.TO_EXPLAIN
    assert cells["halve"].source.endswith("return x - 2") and "starter" not in text


def test_an_untouched_hand_out_runs(built_set):
    space: dict = {}
    for cell in handed(built_set).cells:
        if cell.cell_type == "code" and not cell.source.startswith(("check(", "progress(")):
            exec(cell.source, space)
    assert space["eight"] is ... and space["double"](1) is None and space["halve"](4) == 2


def test_nbgrader_knows_what_is_graded(built_set):
    for notebook in (built_set.notebook(), handed(built_set)):
        cells = marked(notebook)
        kinds = {
            name: (m.grade, m.solution, m.locked, m.get("points"))
            for name, cell in cells.items()
            for m in [cell.metadata.nbgrader]
        }
        assert kinds == {
            "setup": (False, False, True, None),
            "double": (False, True, False, None),
            "double-check": (True, False, True, 3),
            "eight": (False, True, False, None),
            "eight-check": (True, False, True, 1),
            "halve": (False, True, False, None),
            "halve-check": (True, False, True, 1),
            "useful": (True, True, False, 2),
        }
    assert not cells["double-check"].metadata.editable and not cells["double"].metadata.deletable
    assert all(cell.metadata.nbgrader.checksum for cell in cells.values())


def test_tasks_say_what_a_grader_needs(built_set):
    every = built_set.tasks()
    assert [tuple(one) for one in every] == [
        (1, "Write it", 3, 5, "double", False),
        (2, "Predict it", 1, 5, "eight", False),
        (3, "Mend it", 1, 5, "halve", False),
        (4, "Defend it", 2, 5, "useful", True),
    ]
    assert sets.tasks(handed(built_set)) == every


def test_two_builds_are_the_same_bytes(trial):
    before = trial.target.read_bytes(), trial.handout_target.read_bytes()
    trial.handout_target.unlink()
    lines = []
    sets.build_sets(force=True, root=trial.root, report=lines.append)
    assert (trial.target.read_bytes(), trial.handout_target.read_bytes()) == before
    assert lines[0] == "exercises/01_trial.ipynb  written"
    lines.clear()
    assert sets.build_sets(root=trial.root, report=lines.append) == []
    assert lines == ["01_trial  up to date"]


def test_hand_outs_are_written_although_a_solution_fails(trial):
    lay_set(trial.root, GOOD.replace("y = 2 * x", "y = 2 * z"))
    trial.handout_target.unlink()
    with pytest.raises(AuthoringError, match="NameError: name 'z'"):
        sets.build_sets(root=trial.root, report=quiet)
    assert trial.handout_target.exists()


def test_a_hand_out_edited_by_hand_is_noticed(trial):
    notebook = handed(trial)
    notebook.cells[0].source += " More."
    write(trial.handout_target, notebook)
    [found] = check_set(trial)
    assert (found.lesson, found.rule) == ("exercises/01_trial", "in step")


def test_solutions_edited_by_hand_are_noticed(trial):
    notebook = trial.notebook()
    notebook.cells[3].source = notebook.cells[3].source.replace("2 * x", "x + x")
    write(trial.target, notebook)
    [found] = check_set(trial)
    assert (
        found.lesson == "solutions/01_trial" and "solutions/src/01_trial.py only" in found.message
    )


def test_strays_are_noticed(trial):
    for folder in ("solutions", "exercises"):
        (trial.root / folder / "02_gone.ipynb").write_bytes(trial.target.read_bytes())
    places = [one.lesson for one in set_findings(root=trial.root)]
    assert places == ["solutions/02_gone", "exercises/02_gone"]


@pytest.mark.parametrize(
    ("old", "new", "rule", "words"),
    [
        ("# # 01 ·", "# # 02 ·", "title", "begin with the title"),
        ("01_trial.ipynb", "02_trial.ipynb", "head", "link to its lesson"),
        ("7 in 4 tasks", "8 in 4 tasks", "head", "7 in 4 tasks; about 20 minutes"),
        ("(3 points, 5 minutes)", "(3 points)", "tasks", "not of the form"),
        ("## Task 2", "## Task 5", "tasks", "not numbered"),
        ("\nprogress()", "\nprint()", "tasks", "last code cell is progress()"),
        ('tags=["setup"]', "", "set-up", "set-up cell"),
        ('    """Twice x."""\n', "", "answers", "docstring"),
        ("def double(x)", "def twice(x)", "answers", "nothing called double"),
        ('answer="eight"', 'answer="nine"', "answers", "nothing called nine"),
        ('check("eight", eight)', 'check("eight", 8)', "answers", 'one cell check("eight", eight)'),
        (' answer="useful"', "", "answers", "task 4: 0 answer cells"),
        ("    ### END SOLUTION\n)", ")", "answers", "one region"),
        ('[markdown] tags=["solution-only"]\n# It is', "[markdown]\n# It", "answers", "task 2"),
    ],
)  # fmt: skip
def test_every_rule_is_tripped(tmp_path, old, new, rule, words):
    assert old in GOOD
    one = lay_set(tmp_path, GOOD.replace(old, new))
    found = list(RULES[rule](one.name, one.text()))
    assert any(words in message for message in found), found


@pytest.mark.parametrize("old", ["    ### END SOLUTION\n)", '# %% answer="double"'])
def test_what_nbgrader_refuses_is_one_sentence(tmp_path, old):
    one = lay_set(tmp_path, GOOD.replace(old, "# %%" if "%%" in old else ")"))
    with pytest.raises(AuthoringError, match=r"solutions/src/01_trial.py: nbgrader says: "):
        sets.handout(one)


def test_without_nbgrader_one_sentence_says_what_to_do(built_set, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader.preprocessors", None)
    with pytest.raises(AuthoringError, match=r'`make setup` or `pip install -e "\.\[teach\]"`'):
        sets.handout(built_set)


def test_a_number_means_the_lesson_and_its_set(trial):
    lay(trial.root)
    lay(trial.root, name="02_second")
    assert sort(["01", "02"], trial.root) == (["01", "02"], ["01"])
    assert sort(["solutions/01"], trial.root) == ([], ["solutions/01"])
    assert sort(["exercises/01_trial.ipynb", "notebooks/01"], trial.root) == (
        ["notebooks/01"],
        ["exercises/01_trial.ipynb"],
    )
    with pytest.raises(AuthoringError, match=r"no lesson '03' .*01_trial, 02_second"):
        sort(["03"], trial.root)


def test_lessons_and_sets_are_checked_together(trial):
    lines = []
    project.check(root=trial.root, report=lines.append)
    assert lines == ["1 problem set is in step and keeps the rules."]
    (trial.root / "exercises" / "07_stray.ipynb").write_text("{}")
    with pytest.raises(AuthoringError, match="exercises/07_stray"):
        project.check(root=trial.root)


BANK = {"double": (3, 5), "eight": (1, 5), "halve": (1, 5)}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"halve": None}, r"task 3: the bank has no problem 'halve'; add it to .*/bank, or corr"),
        ({"halve": (2, 5)}, r"task 3: .* 'halve' are \(1, 5\) in .* and \(2, 5\) in .* the same"),
    ],
)
def test_problems_are_those_of_the_bank(trial, change, words):
    project.check(bank=BANK, root=trial.root, report=quiet)
    bank = {name: known for name, known in {**BANK, **change}.items() if known}
    with pytest.raises(
        AuthoringError, match=rf"^solutions/01_trial \[bank\] {words}.*\.$"
    ) as caught:
        project.check(bank=bank, root=trial.root)
    assert "solutions/src/01_trial.py" in str(caught.value)


def test_everything_is_built_and_every_failure_named(trial):
    lay(trial.root, "# %%\n1 / 0\n")
    lay_set(trial.root, GOOD.replace("2 * x", "2 / 0"))
    with pytest.raises(AuthoringError) as caught:
        project.build(root=trial.root, report=quiet)
    assert "notebooks/src/01_trial.py" in str(caught.value)
    assert "solutions/src/01_trial.py" in str(caught.value)


@pytest.mark.parametrize("one", sets.problem_sets(), ids=lambda one: one.target.stem)
def test_a_lesson_says_how_many_tasks_its_set_has(one: sets.ProblemSet) -> None:
    lesson = (ROOT / "notebooks" / "src" / one.source.name).read_text(encoding="utf-8")
    assert re.findall(r"ipynb\) has (\d+) tasks", lesson) == [str(len(one.tasks()))]
