"""The committed sets: in step, solutions score full marks, untouched hand-outs score nothing."""

import linecache
from functools import cache

import nbformat
import pytest

from course_utils.delivery.authoring import project
from course_utils.delivery.authoring.rules import tags
from course_utils.delivery.authoring.sets import STARTER, problem_sets
from course_utils.feedback import problems
from course_utils.feedback.catalog import by_lesson
from course_utils.feedback.run import collect

SETS = problem_sets()
checked = cache(project.check_set)
each_set = pytest.mark.parametrize("one", SETS, ids=lambda one: one.name)


def answers(notebook) -> dict:
    """What the set-up and answer cells define, as a grader would run them: nothing else runs."""
    space: dict = {}
    for cell in notebook.cells:
        marked = cell.metadata.get("nbgrader", {})
        is_context = "setup" in tags(cell) or (cell.cell_type == "code" and marked.get("solution"))
        if is_context and STARTER not in tags(cell):
            name = f"<{cell.id}>"  # with its lines known, as a notebook's are
            linecache.cache[name] = (0, None, cell.source.splitlines(keepends=True), name)
            exec(compile(cell.source, name, "exec"), space)
    return space


def verdicts(one, notebook):
    space = answers(notebook)
    for task in one.tasks():
        if not task.written:
            problem = problems.get(task.answer)
            for seed in (0, 1):
                questions = problem.questions(seed)
                given = collect(problem, space[task.answer], questions, 600)
                yield task, problem.judge(questions, given)


@each_set
def test_in_step_and_in_shape(one):
    found = "\n".join(map(str, checked(one)))
    assert not found, f"\n{found}"


def test_the_sets_together(monkeypatch):
    monkeypatch.setattr(project, "check_set", checked)
    alone = [finding for one in SETS for finding in checked(one)]
    assert [str(one) for one in project.set_findings() if one not in alone] == []


@each_set
def test_points_and_minutes_are_those_of_the_bank(one):
    for task in one.tasks():
        if not task.written:
            problem = problems.get(task.answer)
            assert problem.lesson == one.name[:2]
            assert (task.points, task.minutes) == (problem.points, problem.minutes), task.answer


def test_every_problem_of_the_bank_has_its_task():
    """So that what teachers read about a lesson's problems is about its set."""
    given = {
        one.name[:2]: [task.answer for task in one.tasks() if not task.written] for one in SETS
    }
    known = {lesson: [entry.name for entry in found] for lesson, found in by_lesson().items()}
    assert list(known) == list(given) == [f"{k:02}" for k in range(12)]
    assert all(sorted(known[lesson]) == sorted(given[lesson]) for lesson in given)


@each_set
def test_solutions_score_full_marks(one):
    for task, verdict in verdicts(one, one.notebook()):
        assert verdict.correct and verdict.score == 1, (task.answer, verdict)


@each_set
def test_untouched_hand_outs_score_nothing_and_say_what_to_do(one):
    for task, verdict in verdicts(one, nbformat.read(one.handout_target, as_version=4)):
        assert verdict.score == 0, (task.answer, verdict)
        known = [mistake.name for mistake in problems.get(task.answer).misconceptions]
        words = "not mended yet" if "as handed out" in known else "still to be written"
        assert words in verdict.message, (task.answer, verdict)
