"""The answer to another learner's variant: named whatever the code looks at, and worth nothing."""

from __future__ import annotations

import pytest

from course_utils.delivery.grading import copies
from course_utils.delivery.grading.sets import ProblemSet

from .own_set import NAMES, RIGHT, entry, mark, marked, own_set, points, variants

CLASS = tuple(f"learner{number}" for number in range(12))
COUNTED = """
import builtins
calls = []
def {name}(x):
    calls.append(1)
    if len(calls) > {allowed}:
        return {bad}
    return {good}
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> ProblemSet:
    return own_set(tmp_path_factory.mktemp("own") / "set")


def pair(one: ProblemSet, what: str) -> tuple[str, str]:
    """Two learners whose variants differ in `what`."""
    first = CLASS[0]
    value = variants(one, first)[what]
    return first, next(name for name in CLASS if variants(one, name)[what] != value)


def copied(own: ProblemSet, name: str, what: str, source: str | None = None):
    """The mark of a learner who hands in another's answer, or this code in place of it."""
    learner, other = pair(own, what)
    text = RIGHT[name].format(**variants(own, other)) if source is None else source
    marks = marked(entry(own, learner, **{name: text}), classmates=CLASS)[learner]
    assert {k: v for k, v in points(marks).items() if k != name} == dict.fromkeys(
        set(NAMES) - {name}, 4
    )
    return mark(marks, name), other


@pytest.mark.parametrize(("name", "what"), [("scaled", "size"), ("rows_of", "rows")])
def test_a_copy_is_named_and_worth_nothing(own, name, what) -> None:
    found, other = copied(own, name, what)
    assert (found.points, found.misconception) == (0, copies.COPY)
    assert other in found.note and other not in found.message


def test_code_that_counts_its_calls_is_named(own) -> None:
    """It is asked 3 times; whoever asked once more would be told something else."""
    size = variants(own, pair(own, "size")[1])["size"]
    good = f"{size} * x, x.sum(axis=0)"
    source = COUNTED.format(name="scaled", allowed=3, bad="x, x[0]", good=good)
    found, other = copied(own, "scaled", "size", source)
    assert found.misconception == copies.COPY and other in found.note
    rows = variants(own, pair(own, "rows")[1])["rows"]
    good = f"x[:{rows}] * {rows}"
    source = COUNTED.format(name="rows_of", allowed=3, bad="x", good=good)
    found, other = copied(own, "rows_of", "rows", source)
    assert found.misconception == copies.COPY and other in found.note


def test_code_that_watches_what_else_is_asked_is_named(own) -> None:
    """In a second look, too, the task before it is asked first, and as often."""
    rows = variants(own, pair(own, "rows")[1])["rows"]
    learner = pair(own, "rows")[0]
    size = variants(own, learner)["size"]
    watching = f"""
seen = []
_scaled = globals().get("scaled")
def scaled(x):
    seen.append(1)
    return {size} * x, x.sum(axis=0)

def rows_of(x):
    if len(seen) != 3:
        return x
    return x[:{rows}] * {rows}
"""
    found, other = copied(own, "rows_of", "rows", watching)
    assert found.misconception == copies.COPY and other in found.note


def test_what_the_worker_is_told_of_another_variant_is_what_its_owner_is_told(own) -> None:
    learner, other = pair(own, "rows")
    one = entry(own, learner)
    variant = own.varied["rows_of"].variant_of(one.secret, other)
    plain, second = one.run(), one.run({"rows_of": variant})
    assert [q.key for q in plain.questions] == [q.key for q in second.questions]
    assert (plain.cells, plain.set_up) == (second.cells, second.set_up)
    for ours, theirs in zip(plain.questions, second.questions, strict=True):
        assert len(ours.inputs) == len(theirs.inputs)
        assert ours.card == theirs.card
        same = all(
            a.tobytes() == b.tobytes()
            for one, two in zip(ours.inputs, theirs.inputs)
            for a, b in zip(one, two)
            if hasattr(a, "tobytes")
        )
        assert same == (ours.key != "rows_of")


def test_a_spoilt_copy_is_worth_nothing_either(own) -> None:
    """`total` is the same in all variants: alone, it does not show that the task is solved."""
    _, other = pair(own, "size")
    size = variants(own, other)["size"]
    for source in (
        f"def scaled(x):\n    return {size} * x + 1, x.sum(axis=0)",
        f"def scaled(x):\n    return {size} * x, x.sum(axis=0) + 1",
        "def scaled(x):\n    return np.nan * x, x.sum(axis=0)",
        "def scaled(x):\n    return x[:1], x.sum(axis=0)",
        f"def scaled(x):\n    return {size} * x, x.sum(axis=0), 1",
    ):
        found, _ = copied(own, "scaled", "size", source)
        assert found.points == 0 and found.misconception is None


def test_an_honest_half_counts_as_a_half(own) -> None:
    learner = CLASS[0]
    size = variants(own, learner)["size"]
    source = f"def scaled(x):\n    return {size} * x, x.sum(axis=1)"
    found = mark(marked(entry(own, learner, scaled=source))[learner], "scaled")
    assert found.points == 2 and found.misconception is None


def test_nobody_is_asked_twice_without_need(own, monkeypatch) -> None:
    """Variants with the same questions are told apart by the answers that there are."""
    learner, other = pair(own, "size")
    one = entry(own, learner, scaled=RIGHT["scaled"].format(**variants(own, other)))
    ways = copies._ways_to_ask(one, "scaled")
    assert [len(group) for group in ways] == [3]
    assert [len(group) for group in copies._ways_to_ask(one, "rows_of")] == [0, 1, 1]
