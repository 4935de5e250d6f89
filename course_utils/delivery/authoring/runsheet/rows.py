"""The rows of a run sheet: each slot of a plan with its slides, and what is done and said in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from course_utils.delivery.authoring.runsheet.guide import Trouble, beliefs, mistakes, plain
from course_utils.delivery.authoring.slides.deck import Slide
from course_utils.delivery.authoring.slides.plan import Part, Plan
from course_utils.delivery.authoring.slides.render import clock
from course_utils.delivery.authoring.teaching.plans import REST

ASKED, SPOKEN = 2, 2  # questions and statements of a slot that find room
TIMES = {1: "once", 2: "twice"}
SECTION = re.compile(r"§ \*([^*]+)\*")
KINDS_ASKED = ("predict", "question")


class Row(NamedTuple):
    """A slot on paper. Times are minutes; `first` and `last` are slides of the plan's deck."""

    start: int
    minutes: int
    how: str
    first: int
    last: int
    title: str
    people: str
    ask: tuple[str, ...]
    say: tuple[str, ...]
    wrong: tuple[Trouble, ...]


def rows(plan: Plan, by_hand: Mapping[str, tuple[str, str]]) -> list[Row]:
    """The rows of a plan's deck, in order.

    by_hand: {time: (say, goes wrong)}, which comes before what is found in the lessons' pages.
    """
    found, at, known = [], 2, set()  # slide 1 is the title
    for part in plan.parts:
        row = _row(part, at, known)
        say, wrong = by_hand.get(clock(part.slot.start), ("", ""))
        if say or wrong:
            row = row._replace(
                say=(say,) if say else (), wrong=(Trouble(wrong, ""),) if wrong else ()
            )
        found.append(row)
        at = row.last + 1
    return found


def days(plan: Plan, by_hand: Mapping[str, tuple[str, str]]) -> list[list[Row]]:
    """The same, day by day."""
    left = iter(rows(plan, by_hand))
    return [[next(left) for _ in day] for day in plan.days]


def _row(part: Part, at: int, known: set[str]) -> Row:
    slot = part.slot
    slides = [slide for _, slide in part.slides]
    asked = [slide for slide in slides if slide.kind in KINDS_ASKED]
    told = [s.title for s in slides if s.kind not in KINDS_ASKED]
    return Row(
        slot.start,
        slot.minutes,
        slot.how,
        at,
        at + len(slides),
        plain(slot.what),
        _people(part, asked),
        tuple(map(_asked, [s for s in asked if s.kind == "predict"][:ASKED])),
        tuple(told[-SPOKEN:]),
        tuple(_wrong(part, known)),
    )


def _people(part: Part, asked: list[Slide]) -> str:
    slot, tasks = part.slot, ", ".join(f"`{task.answer}`" for task in part.tasks)
    if slot.how in REST:
        return f"{slot.how}; back at {clock(slot.start + slot.minutes)}"
    if tasks:
        how = "in pairs" if slot.how == "pairs" else slot.how
        return f"{how}: {tasks}, until `check` has spoken"
    hands = sum(slide.kind == "predict" for slide in asked)
    if hands:
        return f"predict {TIMES.get(hands, f'{hands} times')}, hands up"
    return {"live": "look; one says it back", "pairs": "in pairs", "alone": "alone"}.get(
        slot.how, ""
    )


def _asked(slide: Slide) -> str:
    answer = re.split(r"(?<=[.;:]) ", " ".join(slide.answer.split()))[0].rstrip(".;:")
    return f"{slide.title} *{answer}.*" if answer else slide.title


def _wrong(part: Part, known: set[str]) -> Iterator[Trouble]:
    """For exercises their mistakes, for the first slot of a lesson what people believe."""
    numbers = dict.fromkeys(re.findall(r"\[(\d\d)\]", part.slot.what))
    if part.tasks:
        names = [task.answer for task in part.tasks]
        found = [one for number in numbers for one in mistakes(number, names)]
    else:
        found = [one for number in numbers if number not in known for one in beliefs(number)]
        known.update(numbers)
    yield from found[:3]
