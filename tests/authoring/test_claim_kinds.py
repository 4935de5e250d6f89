"""Identities, measurements with their controls, and published statements."""

import re
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook, new_output

from course_utils.claims import ClaimError, claim, whole_lines
from course_utils.claims.measurement import Measurement
from course_utils.claims.printed import FOUND, LINE, as_number, read
from course_utils.delivery.authoring.inventory import notebook_claims
from course_utils.lines import WIDTH
from course_utils.statistics import wilson

TEXT = "The network names the language (3 seeds)."
GOOD, BAD = [0.97, 0.95, 0.99], [0.1, 0.08, 0.3]


def put(**arguments: object) -> str:
    lines: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("builtins.print", lines.append)
        claim(TEXT, **arguments)
    [printed] = lines
    return printed


def found(**arguments: object):
    """What a notebook says that a claim measured."""
    output = new_output("stream", name="stdout", text=f"before\n{put(**arguments)}\nafter\n")
    [one] = notebook_claims("01", new_notebook(cells=[new_code_cell("", outputs=[output])]))
    assert one.text == TEXT
    return one


def test_each_kind_is_read_back() -> None:
    assert found(identity=True).kind == "identity"
    assert found(measured=GOOD, above=0.9, control={"guessing": 0.08}).kind == "measurement"
    said = found(source="Greff 2015", published="none of 8")
    assert (said.kind, said.source, said.published) == ("published", "Greff 2015", "none of 8")
    spirit = found(measured=GOOD, above=0.9, in_the_spirit_of="Greff 2015")
    assert (spirit.spirit, spirit.source) == ("Greff 2015", None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("builtins.print", lambda _: None)
        claim(TEXT, True)  # as lessons do that are not converted yet


def test_a_measurement_shows_value_spread_threshold_margin_and_control() -> None:
    printed = put(measured=GOOD, above=0.9, control={"the wrong gradient": BAD})
    assert printed.splitlines()[1:] == [
        f"{FOUND}0.97 from 3 seeds (0.95 to 0.99), 3.5 spreads above 0.9; control,",
        f"{' ' * len(FOUND)}the wrong gradient: 0.1",
    ]
    one = found(measured=GOOD, above=0.9, control={"the wrong gradient": BAD}).found
    assert one == ("0.97", 3, "seeds", 3.5, "above 0.9", "the wrong gradient", "0.1")


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ({"measured": 0.5, "below": 1}, "0.5, below 1"),
        ({"measured": [1.0, 1.0], "above": 0.9}, "1 from 2 seeds (1 to 1), all equal, above 0.9"),
        (
            {"measured": [1250, 1300, 1400], "above": 500, "over": "networks"},
            "1,300 from 3 networks (1,250 to 1,400), 10.5 spreads above 500",
        ),
        (
            {"measured": [True] * 5, "above": 0.5},
            "5 of 5 seeds (0.566 to 1), 2.2 spreads above 0.5",
        ),
        (
            {"measured": [[0.99, 0.98, 0.97], GOOD], "above": 0.5, "below": 1},
            "0.97 from 3 seeds (0.95 to 0.99), 1.5 spreads within 0.5 to 1, nearest of 2",
        ),
        (
            {"measured": [0.1, 0.2, 0.6], "below": 0.5, "on_average": True},
            "0.3 on average from 3 seeds (0.1 to 0.6), 0.8 spreads below 0.5",
        ),
        (
            {"measured": [100, inf, inf], "above": 50},
            "inf from 3 seeds (100 to inf), 0.0 spreads above 50",
        ),
    ],
)
def test_what_is_shown(arguments: dict, shown: str) -> None:
    printed = put(**arguments)
    assert whole_lines(printed)[0].endswith(f"→ {shown}")
    read(shown)


def test_the_margin_is_in_standard_deviations_over_the_seeds() -> None:
    measured = Measurement.of(GOOD, above=0.9)
    assert measured.margin == pytest.approx((np.median(GOOD) - 0.9) / np.std(GOOD, ddof=1))


def test_a_share_lies_as_far_from_the_ends_of_its_interval_as_the_interval_says() -> None:
    for successes, runs in ((4, 5), (16, 20), (0, 8)):
        low, high = wilson(successes, runs)[1:]
        values = [True] * successes + [False] * (runs - successes)
        for end in {"above": low} if low else {}, {"below": high}:
            if end:
                assert Measurement.of(values, **end).margin == pytest.approx(1.96, abs=1e-3)


@pytest.mark.parametrize(
    ("measured", "threshold"),
    [
        ([0.97, 0.95, 0.89], {"above": 0.9}),  # one seed is not
        ([0.97, 0.9], {"above": 0.9}),
        ([0.1, 0.5], {"below": 0.3}),
        ([[0.97, 0.95], [0.97, 0.2]], {"above": 0.9}),  # one condition is not
        ([True, True, False, False], {"above": 0.5}),
        ([4, 7], {"above": 3, "below": 6}),
        ([0.9, np.nan], {"above": 0.5}),
        ([0.1, 0.2, 0.6], {"below": 0.3, "on_average": True}),
    ],
)
def test_what_does_not_hold_stops_the_lesson(measured: list, threshold: dict) -> None:
    with pytest.raises(ClaimError, match=r"does not hold: (?s:.*)Measured:(?s:.*), not"):
        claim(TEXT, measured=measured, **threshold)


def test_an_identity_that_does_not_hold_stops_the_lesson() -> None:
    with pytest.raises(ClaimError, match="does not hold"):
        claim(TEXT, identity=False)


@pytest.mark.parametrize(
    ("measured", "threshold", "control"),
    [
        (GOOD, {"above": 0.9}, GOOD),
        (GOOD, {"above": 0.9}, [0.91, 0.95, 0.2]),  # its middle is enough to say nothing
        (BAD, {"below": 0.5}, 0.4),
        ([True] * 5, {"above": 0.5}, [True, True, True, False]),
        (GOOD, {"above": 0.0}, BAD),  # a threshold that anything passes
    ],
)
def test_a_claim_that_holds_for_its_control_says_nothing(measured, threshold, control) -> None:
    with pytest.raises(ClaimError, match=r"holds for its control too \(guessing: "):
        claim(TEXT, measured=measured, control={"guessing": control}, **threshold)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({}, TypeError, "passes one of identity="),
        ({"identity": True, "measured": GOOD, "above": 0}, TypeError, "passes one of"),
        ({"condition": True, "identity": True}, TypeError, "passes one of"),
        ({"measured": GOOD}, TypeError, "needs its threshold"),
        ({"measured": [], "above": 0}, TypeError, "takes numbers"),
        ({"measured": ["a"], "above": 0}, TypeError, "takes numbers"),
        ({"identity": np.array([True, True])}, TypeError, "use np.all"),
        ({"measured": GOOD, "above": 0.9, "control": BAD}, TypeError, "takes one control"),
        ({"measured": GOOD, "above": 0.9, "control": {}}, TypeError, "takes one control"),
        ({"measured": GOOD, "above": 0.9, "control": {"a: b": BAD}}, ValueError, "needs a name"),
        ({"published": "none of 8"}, ValueError, "needs its source"),
        ({"identity": True, "source": "A", "in_the_spirit_of": "B"}, ValueError, "not both"),
    ],
)
def test_a_claim_that_is_badly_put(arguments: dict, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        claim(TEXT, **arguments)


numbers = st.floats(-1e6, 1e6) | st.floats(0, 1) | st.sampled_from([1e-23, 1e-8, 12345.0])
rows = st.lists(numbers, min_size=1, max_size=5)
names = st.lists(st.text("abc019,.()'-", min_size=1, max_size=12), min_size=1, max_size=6)


@given(rows, names, st.sampled_from(["seeds", "values of u"]), st.booleans())
def test_every_measurement_is_read_back(values: list, words: list, over: str, mean: bool) -> None:
    low, name = min(values) - abs(min(values)) - 1, " ".join(words)
    arguments = {"measured": values, "above": low, "over": over, "on_average": mean}
    printed = put(**arguments, control={name: low - 1})
    [line] = whole_lines(printed)
    one = read(LINE.match(line)["found"])
    assert (one.count, one.control) == (len(values), name)
    assert one.over == (over if len(values) > 1 else "")
    assert as_number(one.controlled) == pytest.approx(low - 1, rel=0.01)
    assert all(len(part) <= WIDTH for part in printed.splitlines())


def test_what_no_claim_prints_is_not_read() -> None:
    with pytest.raises(ValueError, match="is not what a claim prints"):
        read("0.5 or so")


def test_comparing_outputs_leaves_out_what_was_measured(request) -> None:
    """Another processor measures other digits; that the claim holds is compared."""
    config = (request.path.parent / "nbval_sanitize.cfg").read_text(encoding="utf-8")
    pairs = re.findall("^regex: (.*)$\n^replace: (.*)$", config, flags=re.M)  # as nbval does

    def compared(values: list) -> str:
        text = f"x = 1\n{put(measured=values, above=0.5, control={'a control ' * 4 + 'x': 0.1})}\n"
        for pattern, new in pairs:
            text = re.sub(pattern, new, text)
        return text + "y = 2\n"

    assert compared([0.97, 0.95]) == compared([0.9612345, 1.0, 0.99])
    assert "0.9" not in compared([0.97, 0.95]) and TEXT in compared([0.97, 0.95])
