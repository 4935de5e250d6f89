"""In a language of brackets every text comes out of a catalog, and no code differs."""

from __future__ import annotations

import ast
import html
import json
import re
from pathlib import Path

import numpy as np
import pytest

from course_utils import language
from course_utils.claims import claim
from course_utils.claims.printed import MARK
from course_utils.delivery.start_page import page
from course_utils.feedback import check, hint, problems, progress
from course_utils.feedback.exercise import Exercise
from course_utils.language import UNTRANSLATED, speaking, translated
from course_utils.place import COURSE
from course_utils.prose import has_words, units
from course_utils.translating import ALT, translate_notebook
from course_utils.workbook import Workbook
from tests.language.conftest import left

NOTEBOOKS = sorted(
    path.relative_to(COURSE).as_posix()
    for folder in ("notebooks", "exercises", "solutions")
    for path in (COURSE / folder).glob("[0-9]*.ipynb")
)


def _read(name: str) -> dict:
    return json.loads((COURSE / name).read_bytes())


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_text_of_a_notebook_is_translated_and_no_cell_of_code(name: str, pseudo: str) -> None:
    before, after = _read(name), _read(name)
    translate_notebook(after, name, pseudo, COURSE)
    for was, cell in zip(before["cells"], after["cells"], strict=True):
        if cell["cell_type"] == "code":
            assert cell["source"] == was["source"]
            _outputs_are_in_brackets(cell)
            continue
        rest = [one.text for one in units(left("".join(cell["source"])))]
        assert not rest, f"{name}: no catalog reaches {rest[0]!r}"
    text = json.dumps(after, ensure_ascii=False)
    assert UNTRANSLATED not in text


def _outputs_are_in_brackets(cell: dict) -> None:
    for output in cell["outputs"]:
        printed = "".join(output.get("text", ""))
        assert MARK not in left(printed).replace(translated(MARK), "")
        shown = "".join(output.get("data", {}).get("text/html", ""))
        for found in ALT.finditer(shown):
            assert not has_words(left(html.unescape(found[2])))


def test_a_workbook_speaks_the_language_and_remembers_it(pseudo: str, tmp_path: Path) -> None:
    book = Workbook(tmp_path / "book", language=pseudo)
    book.lay()
    again = Workbook(tmp_path / "book")
    assert again.language == pseudo
    assert again.lay() == []
    start = page(again)
    rest = [one for one in left(start).splitlines() if has_words(one)]
    assert rest == ["# Carousel"]
    for path in sorted((tmp_path / "book").rglob("[0-9]*.py")):
        was = (COURSE / path.relative_to(tmp_path / "book")).read_text(encoding="utf-8")
        now = path.read_text(encoding="utf-8")
        assert _code_of(now) == _code_of(was)
        assert "⟦" in now


def _code_of(program: str) -> str:
    tree = ast.parse(program)
    for node in ast.walk(tree):
        if ast.get_docstring(node) if isinstance(node, ast.Module | ast.FunctionDef) else False:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def test_the_kernel_of_a_workbook_speaks_its_language(
    pseudo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Workbook(tmp_path / "book", language=pseudo).lay()
    monkeypatch.chdir(tmp_path / "book" / "notebooks")
    assert language.language() == pseudo
    monkeypatch.setenv(language.VARIABLE, "en")
    assert language.language() == "en"


def test_a_claim_is_printed_in_the_language(pseudo: str, capsys: pytest.CaptureFixture) -> None:
    text = "At 40 words RNNs are right in 95 of 100 (rate 0.003, default starts, 3 seeds)."
    with speaking(pseudo):
        values = {"a threshold": ([0.1, 0.2, 0.3], [0.95, 0.97, 0.99])}
        for measured, control in values.values():
            claim(text, measured=measured, below=0.9, control={"LSTM": control})
        claim(text, measured=[[True, True], [True, False]], above=0.2, control={"x": [False]})
    printed = capsys.readouterr().out
    assert not has_words(left(" ".join(printed.split()))), printed


def _wrong_answers(problem: Exercise) -> list[object]:
    """What may come from a learner: a known mistake, and things that are no answer."""
    if problem.kind == "value":
        return [problem.misconceptions[0].answer(), "text", None, ..., {"a": 1}, [1, [2]]]
    first = problem.misconceptions[0].answer

    def returning(value: object) -> object:
        return lambda *given: value

    def stops(*given: object) -> object:
        return np.zeros(3) @ np.zeros(2)

    def changes(*given: object) -> object:
        for one in given:
            if isinstance(one, np.ndarray):
                one += 1
        return first(*given)

    odd = [
        1,
        (1, 2, 3, 4, 5, 6),
        {"a": 1},
        "text",
        np.zeros((2, 3, 4, 5)),
        None,
        print,
    ]
    return [first, stops, changes, 3, ..., lambda: 1, *map(returning, odd)]


@pytest.mark.parametrize("name", problems.names())
def test_what_is_said_of_an_answer_is_translated(
    name: str, pseudo: str, capsys: pytest.CaptureFixture
) -> None:
    problem = problems.get(name)
    with speaking(pseudo):
        for answer in _wrong_answers(problem):
            check(name, answer)
            _is_in_brackets(capsys.readouterr().out, name)
        for level in (1, 2, 3):
            hint(name, level)
            _is_in_brackets(capsys.readouterr().out, name)
        assert problem.misconceptions
        for one in problem.misconceptions:
            assert UNTRANSLATED not in translated(one.message)


def _is_in_brackets(printed: str, name: str) -> None:
    rest = left(" ".join(printed.split()))
    for other in sorted(problems.names(), key=len, reverse=True):
        rest = rest.replace(other, "")
    assert UNTRANSLATED not in printed, printed
    assert not re.search(r"[a-z]{3}", rest.replace(name, "")), printed


def test_progress_is_translated(pseudo: str, capsys: pytest.CaptureFixture) -> None:
    with speaking(pseudo):
        progress()
        check()
        check("no such problem", 1)
        hint()
        hint("rnn_step", 7)
    for line in capsys.readouterr().out.split("\n\n"):
        _is_in_brackets(line, "")
