"""Claims that cannot fail, that are wider than what was run, or hold for their control too."""

import contextlib
import io
import re

import numpy as np
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from trial_lesson import GOOD, lay

from course_utils.claims import claim
from course_utils.delivery.authoring.build import build
from course_utils.delivery.authoring.check import check_notebook
from course_utils.delivery.authoring.document import AuthoringError, documents
from course_utils.delivery.authoring.project import check
from course_utils.delivery.authoring.rules_claims import RULES, kinds

RUN = """\
def run(seed, rate=0.01):
    return 0.9 + seed / 100 if rate == 0.01 else 0.1

accuracies = [run(seed) for seed in range(5)]
others = [run(seed, 1.0) for seed in range(5)]
constant = [0.9, 0.91]
"""
GOOD_CLAIM = """\
claim(
    "Adding 50: the GRU is right in 80 of 100 (rate 0.01, Keras's start, 5 seeds).",
    measured=accuracies, above=0.8, control={"rate 1": others},
)"""


def lesson(code: str, prose: str = "It is so.", printed: str | None = None) -> NotebookNode:
    """A notebook with a cell that runs, one of claims, and what they have printed."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(RUN + (code if printed is None else ""), {"claim": claim, "np": np})
    cells = [new_code_cell(RUN), new_code_cell(code), new_markdown_cell(prose)]
    text = out.getvalue() if printed is None else printed
    cells[1].outputs = [new_output("stream", name="stdout", text=text)]
    return new_notebook(cells=cells)


def found(code: str, name: str = "02_trial", **more: str) -> dict[str, str]:
    """What each rule says of a lesson that makes these claims; too few claims apart."""
    messages = check_notebook(name, lesson(code, **more), RULES)
    return {rule: text for rule, text in messages if "claims; it needs at least" not in text}


def test_a_good_claim_passes() -> None:
    assert found(GOOD_CLAIM) == {}


def measured(text: str = "It is so (5 seeds).", **changes: str) -> str:
    given = {"measured": "accuracies", "above": "0.8", "control": "{'rate 1': others}"} | changes
    parts = ", ".join(f"{name}={value}" for name, value in given.items() if value)
    return f"claim({text!r}, {parts})"


@pytest.mark.parametrize(
    ("code", "rule", "message"),
    [
        ('claim("It is so.", True)', "claims", "names no kind: pass identity="),
        ('claim("It is so.", condition=True)', "claims", "names no kind"),
        # nothing was run
        ('claim("One is one.", identity=True)', "can fail", "rests on nothing that was run"),
        ('claim("One is one.", identity=1 + 1 == 2)', "can fail", "rests on nothing"),
        ('claim("So.", identity=bool(np.all(np.array(constant))))', "can fail", "rests on nothing"),
        ('holds = 2 > 1\nclaim("So.", identity=holds)', "can fail", "rests on nothing"),
        (measured(measured="constant", text="So."), "can fail", "rests on nothing that was run"),
        (measured(control="{'guessing': 0.5}"), "can fail", "has a control that was not run"),
        (measured(control="{'guessing': constant[0] / 2}"), "can fail", "control that was not run"),
        # nothing that could be otherwise
        ('claim("So.", identity=accuracies == accuracies)', "can fail", "with itself"),
        ('claim("So.", identity=np.allclose(others, others))', "can fail", "with itself"),
        (measured(above="max(others)"), "can fail", "takes its threshold from its control"),
        # no control
        (measured(control=""), "can fail", "has no control"),
        # a measurement in the dress of an identity
        (
            'claim("All of 5 seeds are right.", identity=min(accuracies) > 0.8)',
            "can fail",
            "is a measurement, not an identity",
        ),
        # too close, or without a spread
        (measured(measured="accuracies[0]", text="It is so."), "margin", "has a single value"),
        # wider than what was run
        (measured(text="The GRU is right."), "width of claims", "its rate, start, length: it is"),
        (measured(text="It is so (20 seeds)."), "width of claims", "says 20 seeds and has 5"),
        (
            measured(
                text="Adding 50: the GRU is right (rate 0.01, Keras's start).",
                measured="accuracies[:1]",
            ),
            "width of claims",
            "does not say its seeds",
        ),
    ],
)
def test_a_bad_claim_trips_its_rule(code: str, rule: str, message: str) -> None:
    says = found(code)
    assert re.search(message, says.get(rule, "")), says


def test_a_margin_below_one_spread_is_too_small() -> None:
    values = "values = [run(-9), run(20), run(30)]\n"
    three = found(values + measured(measured="values", text="It is so (3 seeds)."))
    two = found(values + measured(measured="values[:2]", text="It is so."))
    assert "margin" not in three, "1.4 spreads"
    assert re.search(r"lies 0\.\d spreads from its threshold, above 0\.8", two["margin"])


def test_an_output_whose_control_holds_is_noticed() -> None:
    """As after an edit by hand: a claim that runs would have stopped."""
    printed = (
        "✓ claim: It is so (5 seeds).\n"
        "       → 0.92 from 5 seeds (0.9 to 0.94), 7.6 spreads above 0.8; control, rate 1: 0.85\n"
    )
    assert (
        "holds for its control too (rate 1: 0.85)" in found(measured(), printed=printed)["margin"]
    )
    share = printed.replace("0.92 from 5 seeds", "5 of 5 seeds").replace("1: 0.85", "1: 5 of 5")
    assert "rate 1: 5 of 5" in found(measured(), printed=share)["margin"]
    low = printed.replace("above 0.8", "below 0.95")
    assert "holds for its control" in found(measured(), printed=low)["margin"]
    assert "margin" not in found(measured(), printed=printed.replace("rate 1: 0.85", "rate 1: 0.1"))


@pytest.mark.parametrize(
    "prose",
    [
        "It is right in 80 of 100 sentences (5 seeds).",
        "So it goes. *It is right* in 80 of\n100 sentences, with 5 seeds. And on.",
    ],
)
def test_a_sentence_that_stands_twice_is_noticed(prose: str) -> None:
    code = measured(text="It is right in 80 of 100 sentences (5 seeds).")
    assert "is claimed too" in found(code, prose=prose)["said once"]
    assert "said once" not in found(code, prose="More than four of five: guessing gives one.")


def test_no_lesson_passes_a_plain_condition() -> None:
    lessons = {one.name: one.text() for one in documents()}
    assert [message for name, text in lessons.items() for message in kinds(name, text)] == []


PLANTED = {
    "trivial": 'claim("One half is less than one.", identity=0.5 < 1)',
    "over-wide": """\
claim(
    "The LSTM learns it.",
    measured=np.tanh(powers[2:5]),
    above=0.5,
    control={"0": np.tanh(powers[:1] - 1)},
)""",
    "no control": 'claim("It grows.", measured=powers[3:6] + 0, above=1)',
}


def test_planted_claims_fail_course_check(tmp_path) -> None:
    planted = "\n".join(PLANTED.values())
    lay(tmp_path, GOOD.replace("print(powers)\n", f"print(powers)\n{planted}\n"))
    build(root=tmp_path, report=lambda line: None)
    with pytest.raises(AuthoringError) as caught:
        check(root=tmp_path)
    said = str(caught.value)
    assert "'One half is less than one.' rests on nothing that was run" in said
    assert "'The LSTM learns it.' speaks of a cell, and does not say its rate, start" in said
    assert "'It grows.' has no control" in said


def test_a_planted_claim_whose_control_holds_stops_the_build_and_fails_course_check(tmp_path):
    planted = 'claim("It grows.", measured=powers[3:6], above=1, control={"less": powers[2:4]})'
    lay(tmp_path, GOOD.replace("print(powers)\n", f"print(powers)\n{planted}\n"))
    with pytest.raises(AuthoringError, match=r"holds for its control too \(less: 6 from 2"):
        build(root=tmp_path, report=lambda line: None)
    with pytest.raises(AuthoringError, match="in step"):
        check(root=tmp_path)
