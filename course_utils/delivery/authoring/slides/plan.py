"""One deck for a whole plan of docs/teach: its slots in order, with exercises, breaks and clocks.

A slot for telling has the slides of its sections without those that the plan leaves out. They get
the minutes of the slot, shared out as the slides' own; where their own are more, slides that only
repeat words are left out first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from course_utils.delivery.authoring.document import ROOT, AuthoringError
from course_utils.delivery.authoring.sets import Task, problem_sets
from course_utils.delivery.authoring.slides.deck import Deck, Slide, decks
from course_utils.delivery.authoring.slides.render import clock
from course_utils.delivery.authoring.slides.week import class_of
from course_utils.delivery.authoring.teaching.plans import NAMED, Slot, Week, timetables, weeks

FOLDER = ROOT / "docs" / "teach"
SPARED = ("words", "output", "code", "formula", "figure")  # kinds, those left out first in front
SHOWN = ("figure", "bars", "output", "player", "dial")  # kinds that answer a prediction
TITLE = re.compile(r"^# (.+)$", re.M)
LEFT_OUT = re.compile(r"^- (?P<clock>\d+:\d\d) without (?P<titles>\*.+)$", re.M)
BEGINNING = re.compile(r"\*(.+?)\*")


class Part(NamedTuple):
    """A slot of a plan with what is shown in it: slides with their decks, or tasks of a set.

    `lesson` is the name of the lesson that the slot names last, such as 01_a_recurrent_network.
    """

    slot: Slot
    slides: tuple[tuple[Deck, Slide], ...]
    tasks: tuple[Task, ...]
    lesson: str = ""


class Plan(NamedTuple):
    """A plan's title, its parts in order, and the page that it was read from."""

    title: str
    parts: tuple[Part, ...]
    text: str  # of its page

    @property
    def minutes(self) -> int:
        return sum(part.slot.minutes for part in self.parts)

    @property
    def dial(self) -> bool:
        """Whether a slide has the dial."""
        return any(slide.kind == "dial" for part in self.parts for _, slide in part.slides)

    @property
    def days(self) -> list[list[Part]]:
        """The parts of each day: a new one begins where the clock goes back."""
        found: list[list[Part]] = [[]]
        for part in self.parts:
            if found[-1] and part.slot.start < found[-1][-1].slot.start:
                found.append([])
            found[-1].append(part)
        return found

    @property
    def count(self) -> int:
        """Slides: a title, a head for each part, and what is shown."""
        return 1 + sum(1 + len(part.slides) for part in self.parts)


def plans() -> list[str]:
    """The names of the plans: "3-hours" and so on."""
    return sorted(path.stem.removeprefix("plan-") for path in FOLDER.glob("plan-*.md"))


def plan(name: str, week: int | None = None) -> Plan:
    """The plan of docs/teach/plan-NAME.md, or one week of a plan in weeks.

    Raises AuthoringError if there is no such plan, or no such week of it.
    """
    path = FOLDER / f"plan-{name}.md"
    if not path.is_file():
        raise AuthoringError(f"There is no plan {name!r}; there are {', '.join(plans())}.")
    text = path.read_text(encoding="utf-8")
    title, slots = TITLE.search(text)[1], [s for one in timetables(text) for s in one.slots]
    if known := weeks(text):
        chosen = _week(known, week, name)
        every = _decks(m["lesson"] for m in NAMED.finditer(chosen.taught))
        slots = class_of(chosen, slots, every)
        title = f"{title}, week {week}"
    elif week is not None:
        raise AuthoringError(f"The plan {name} has no weeks: leave out --week.")
    every = _decks(m["lesson"] for s in slots for m in NAMED.finditer(s.what))
    tasks = {one.name[:2]: one.tasks() for one in problem_sets(list(every))} if every else {}
    spared = left_out(text)
    parts = [_part(slot, every, tasks, spared.pop(clock(slot.start), ())) for slot in slots]
    if spared:
        raise AuthoringError(f"{path.name}: no slot begins at {', '.join(spared)}.")
    return Plan(title, tuple(parts), text)


def left_out(text: str) -> dict[str, tuple[str, ...]]:
    """What a plan leaves out, at the time of its slot: slides, by how their titles begin."""
    return {
        one["clock"]: tuple(BEGINNING.findall(one["titles"])) for one in LEFT_OUT.finditer(text)
    }


def without(shown: list[tuple[Deck, Slide]], beginnings: Iterable[str]) -> list[tuple[Deck, Slide]]:
    """The slides but those whose titles begin so.

    Raises AuthoringError for a beginning that is not that of one slide.
    """
    for beginning in beginnings:
        named = [one for one in shown if one[1].title.startswith(beginning)]
        if len(named) != 1:
            raise AuthoringError(f"{len(named)} slides of the slot begin with {beginning!r}.")
        shown = [one for one in shown if one is not named[0]]
    return shown


def _decks(numbers: Iterable[str | None]) -> dict[str, Deck]:
    wanted = sorted({number for number in numbers if number})
    return {deck.number: deck for deck in decks(wanted)} if wanted else {}


def _week(known: list[Week], week: int | None, name: str) -> Week:
    for one in known:
        if one.number == week:
            return one
    raise AuthoringError(
        f"The plan {name} is one of weeks: choose with --week 1 to {known[-1].number}."
    )


def _part(
    slot: Slot,
    every: Mapping[str, Deck],
    tasks: Mapping[str, tuple[Task, ...]],
    spared: Iterable[str],
) -> Part:
    deck, shown, asked = None, [], []
    for match in NAMED.finditer(slot.what):
        if match["lesson"]:
            deck = every[match["lesson"]]
        elif match["section"]:
            shown += [(deck, s) for s in deck.slides if s.section == match["section"]]
        else:
            asked += [one for one in tasks[deck.number] if one.answer == match["problem"]]
    name = deck.document.name if deck else ""
    return Part(slot, fitted(without(shown, spared), slot.minutes), tuple(asked), name)


def fitted(shown: list[tuple[Deck, Slide]], minutes: float) -> tuple[tuple[Deck, Slide], ...]:
    """The slides for a slot, whose minutes are together the slot's.

    The first thing that is shown after a prediction is its answer, and stays; so does the only
    slide of a section.
    """
    kept = list(shown)
    for kind in SPARED:
        for pair in [one for one in reversed(kept) if one[1].kind == kind]:
            if answers(pair[1], [slide for _, slide in shown]):
                continue
            if sum(slide.minutes for _, slide in kept) <= minutes:
                break
            kept.remove(pair)
    total = sum(slide.minutes for _, slide in kept) or 1
    return tuple((d, replace(s, minutes=s.minutes * minutes / total)) for d, s in kept)


def answers(slide: Slide, shown: Sequence[Slide]) -> bool:
    """Whether a slide is the first to show what a prediction asks, or alone in its section."""
    section = [one for one in shown if one.section == slide.section]
    told = [one for one in section if one.kind == "predict" or one.kind in SHOWN]
    at = told.index(slide) if slide in told else 0
    return len(section) == 1 or (at > 0 and told[at - 1].kind == "predict")
