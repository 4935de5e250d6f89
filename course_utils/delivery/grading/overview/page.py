"""The page: one file that opens offline and prints; learners' text in it is text."""

from __future__ import annotations

from pathlib import Path
from statistics import mean
from typing import NamedTuple

from course_utils.delivery.grading.overview.alike import IN_A_TASK, MOST_LEARNERS, Pair, Shared
from course_utils.delivery.grading.overview.bars import bars
from course_utils.delivery.grading.overview.facts import VERSIONS, Overview
from course_utils.delivery.grading.overview.separation import GOOD, LEARNERS
from course_utils.delivery.grading.visible import on_one_line, visible

HERE = Path(__file__).parent / "template"
FIRST, NAMES, PAIRS = 3, 8, 12  # mistakes to speak of first; names in a line; pairs on the page
LINES, COLUMNS = 60, 400  # of an answer that is shown
STEPS = (
    (48, 1, "h", "hours"),
    (24 * 400, 24, "d", "days"),
)  # up to so many hours; a unit; its name


def html(told: Overview) -> str:
    """The whole page."""
    from jinja2 import Environment, FileSystemLoader

    several = [one for one in told.mistakes if len(one.learners) > 1]
    singles = [one for one in told.mistakes if len(one.learners) == 1]
    few = not several and len(told.learners) < LEARNERS
    first = singles[:FIRST] if few else several[:FIRST]
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        name=lambda text: on_one_line(told.names.get(text, text), 80),
        line=lambda text: on_one_line(text, 600),
        number=number,
        share=share,
        span=span,
    )
    return environment.get_template("overview.html.j2").render(
        told=told,
        style=(HERE / "overview.css").read_text(encoding="utf-8"),
        average=mean(told.sums) if told.sums else 0.0,
        sums=sums(told),
        times=times(told),
        first=first,
        common=several[FIRST:],
        singles=singles[FIRST:] if few else singles,
        names=NAMES,
        pairs=[as_shown(told, pair) for pair in told.pairs[:PAIRS]],
        more=max(len(told.pairs) - PAIRS, 0),
        limits={"versions": VERSIONS, "learners": LEARNERS, "good": GOOD, "most": MOST_LEARNERS},
    )


def number(value: float) -> str:
    """At most two digits behind the point."""
    return f"{round(value, 2):g}"


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def span(hours: float) -> str:
    """A time as people say it."""
    if hours < 1:
        return "less than an hour"
    if hours < 1.5:
        return "an hour"
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.1f} days"


def sums(told: Overview) -> str:
    """How many learners have how many points."""
    width = max(1, round(told.out_of / 10))
    count = int(told.out_of // width) + 1
    counts = [0] * count
    for points in told.sums:
        counts[min(int(points // width), count - 1)] += 1
    whole = width == 1 and all(float(points).is_integer() for points in told.sums)
    labels = [f"{width * k}{'' if whole else '–'}" for k in range(count)]
    said = ", ".join(f"{label} points: {n}" for label, n in zip(labels, counts) if n)
    return bars(labels, counts, f"How many learners have how many points. {said}.")


def times(told: Overview) -> str:
    """How many learners handed in how long after the hand-out; nothing if that is not known."""
    if not told.hours:
        return ""
    last = max(told.hours.values())
    _, unit, letter, word = next((one for one in STEPS if last <= one[0]), STEPS[-1])
    width = max(1, -int(-(last / unit) // 10))
    counts = [0] * (int(last / unit // width) + 1)
    for hours in told.hours.values():
        counts[int(hours / unit // width)] += 1
    labels = [f"{k * width} {letter}" for k in range(len(counts))]
    said = ", ".join(f"{label}: {n}" for label, n in zip(labels, counts) if n)
    return bars(labels, counts, f"How many handed in how many {word} after the hand-out. {said}.")


class Line(NamedTuple):
    """A line of an answer, and whether the other one has it, too."""

    text: str
    common: bool


class Side(NamedTuple):
    """One learner's answer; `cut` lines of it are not shown."""

    learner: str
    lines: list[Line]
    cut: int


class Evidence(NamedTuple):
    """What two answers to one task share, in words, and both of them."""

    title: str
    words: str
    sides: list[Side]


def as_shown(told: Overview, pair: Pair) -> dict:
    """A pair with its answers side by side, the task with the most evidence first."""
    titles = {task.problem: f"Task {task.number} · {task.title}" for task in told.tasks}
    tasks = sorted(pair.shared, key=lambda one: -one.bits)
    kept = [one for one in tasks if one.bits >= IN_A_TASK] or tasks[:1]
    return {
        "pair": pair,
        "tasks": [
            Evidence(
                titles.get(one.problem, one.problem),
                in_words(one),
                [side(told, learner, one) for learner in (pair.one, pair.other)],
            )
            for one in kept
        ],
    }


def in_words(one: Shared) -> str:
    """What is shared: how many statements, and which names, numbers and comments."""
    count = len(one.found("statement"))
    said = [f"{count} statement{'s'[: count != 1]} built alike"] if count else []
    for kind, word in (("name", "names"), ("constant", "numbers or texts"), ("comment", "remarks")):
        if some := one.found(kind):
            shown = ", ".join(on_one_line(text, 60) for text in some[:NAMES])
            said.append(f"the {word} {shown}{' …' if len(some) > NAMES else ''}")
    return "; ".join(said)


def side(told: Overview, learner: str, one: Shared) -> Side:
    """One of the two answers, with the lines that both have."""
    shape = told.shapes[one.problem][learner]
    common = {place for feature in one.features for place in shape.lines.get(feature, ())}
    lines = told.sources[learner][one.problem].split("\n")
    shown = [
        Line(visible(text, COLUMNS), place in common) for place, text in enumerate(lines[:LINES], 1)
    ]
    return Side(learner, shown, max(len(lines) - LINES, 0))
