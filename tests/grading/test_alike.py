"""Answers that have much in common: copies are found, and those who wrote alone are left alone."""

import random
import subprocess
import sys

import pytest

from course_utils.delivery.grading.overview import known, shapes
from course_utils.delivery.grading.overview.alike import MOST_LEARNERS, pairs
from course_utils.delivery.grading.sets import find_set

from .writers import disguised, writer

NAMES = ["lstm_step", "lstm_forward", "lstm_params"]
ONE = find_set("04")
CRASHES = """import json, os, sys
for line in sys.stdin:
    if "CRASH" in json.loads(line):
        os.abort()
    print(json.dumps({"whole": "", "statements": [], "names": {}, "constants": {}, "comments": {}}))
    sys.stdout.flush()
"""
DEEP = {
    "brackets": "(" * 19_000,
    "signs": "x = " + "-" * 19_000 + "1",
    "sum": "+".join(["x"] * 9_000),
    "dots": "a" + ".b" * 9_000,
    "calls": "a" + "()" * 9_000,
    "lambdas": "lambda: " * 2_400 + "0",
    "nots": "not " * 4_900 + "1",
    "f-strings": "f'{" * 3_000,
    "number": "x = " + "9" * 19_000,
    "branches": "if x: pass\n" + "elif x: pass\n" * 1_500,
    "loops": "[x " + "for x in y " * 1_500 + "]",
    "choice": "x if y else " * 1_500 + "z",
    "powers": "**".join("a" * 9_000),
    "null": "x = 1\0",
    "surrogate": "x = '\ud800'",
    "blanks": " " * 19_000 + "x",
    "huge": "x = 1\n" * 100_000,
}


@pytest.fixture(scope="module")
def seen():
    sources = known.sources(ONE)
    found = shapes.shapes(text for name in NAMES for text in sources[name])
    return {name: [found[text] for text in sources[name] if text in found] for name in NAMES}


def pairs_in(answers: list[dict[str, str]], seen):
    """The pairs of a class, its learners called 0, 1, 2 ..."""
    found = shapes.shapes(text for own in answers for text in own.values())
    by_problem = {
        name: {k: found[own[name]] for k, own in enumerate(answers) if own.get(name) in found}
        for name in NAMES
    }
    return pairs(by_problem, seen)


def test_a_copy_is_found_under_other_names_too() -> None:
    text = writer(1)["lstm_step"]
    found = shapes.shapes([text, disguised(text)])
    built = [
        {feature for feature in found[one].lines if feature[0] == "statement"}
        for one in (text, disguised(text))
    ]
    assert built[0] <= built[1] and text not in disguised(text)


@pytest.mark.parametrize("learners", [3, 23, 60])
def test_a_copied_file_is_found(learners: int, seen) -> None:
    answers = [writer(seed) for seed in range(learners)]
    answers[1] = dict(answers[0])
    found = pairs_in(answers, seen)
    assert (found[0].one, found[0].other, found[0].kind) == (0, 1, "text")
    assert any(one.problem == "lstm_step" for one in found[0].shared)


def test_copies_with_other_names_are_found_more_often_than_not(seen) -> None:
    hits = 0
    for first in range(20):
        answers = [writer(seed) for seed in range(1000 + 10 * first, 1010 + 10 * first)]
        answers[1] = {name: disguised(text, first) for name, text in answers[0].items()}
        hits += any((one.one, one.other) == (0, 1) for one in pairs_in(answers, seen))
    assert hits >= 10


def test_those_who_write_alone_are_hardly_ever_a_pair(seen) -> None:
    chance = {"text": 0, "structure": 0}
    for first in range(10):
        for pair in pairs_in([writer(seed) for seed in range(23 * first, 23 * first + 23)], seen):
            chance[pair.kind] += 1
    assert chance["text"] <= 1 and chance["structure"] <= 8  # of 2530 pairs


def test_large_classes_get_no_weak_pairs(seen) -> None:
    answers = [writer(seed) for seed in range(MOST_LEARNERS + 1)]
    answers[1] = {name: disguised(text) for name, text in answers[0].items()}
    assert all(one.kind == "text" for one in pairs_in(answers, seen))


def test_the_one_natural_answer_makes_no_pair(seen) -> None:
    """All write what lesson, solution and reference have, or make the same known mistakes."""
    texts = {name: list(known.answers(ONE.problem(name, None))) for name in NAMES}
    rng = random.Random(1)
    for learners in (2, 3, 23):
        assert not pairs_in([{name: texts[name][0] for name in NAMES}] * learners, seen)
        wrong = [
            {name: texts[name][min(k % 3, len(texts[name]) - 1)] for name in NAMES}
            for k in range(learners)
        ]
        assert not pairs_in(wrong, seen)
        mixed = [{name: rng.choice(texts[name]) for name in NAMES} for _ in range(learners)]
        assert not pairs_in(mixed, seen)


def test_without_what_is_known_the_natural_answer_would_be_a_pair() -> None:
    text = {name: next(iter(known.answers(ONE.problem(name, None)))) for name in NAMES}
    other = [writer(seed) for seed in range(20)]
    assert pairs_in([text, text, *other], {})


@pytest.mark.parametrize("kind", DEEP)
def test_no_code_stops_the_others(kind: str) -> None:
    good = writer(3)["lstm_step"]
    found = shapes.shapes([DEEP[kind], good])
    assert good in found


def test_a_crash_costs_one_answer(tmp_path, monkeypatch) -> None:
    program = tmp_path / "shape.py"
    program.write_text(CRASHES)
    monkeypatch.setattr(shapes, "PROGRAM", program)
    found = shapes.shapes(["a", "CRASH 1", "b", "CRASH 2", "CRASH 3", "c"])
    assert sorted(found) == ["a", "b", "c"]


def test_nothing_of_an_answer_is_run(tmp_path) -> None:
    trap = tmp_path / "trap"
    code = f"open({str(trap)!r}, 'w').close()\n\ndef f(): pass\n"
    assert code in shapes.shapes([code]) and not trap.exists()


def test_the_process_knows_the_standard_library_alone(tmp_path) -> None:
    (tmp_path / "ast.py").write_text("raise SystemExit('trapped')")
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(shapes.PROGRAM)],
        input=b'"x = 1"\n',
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    assert b"statements" in done.stdout
