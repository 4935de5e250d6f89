"""One deck for a whole plan of docs/teach: its slots in order, with exercises, breaks and clocks.

A slot for telling has the slides of its sections. They get the minutes of the slot, shared out as
the slides' own; where their own are more, slides that only repeat words are left out first.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from course_utils.authoring.document import ROOT, AuthoringError
from course_utils.authoring.markup import inline
from course_utils.authoring.sets import Task, problem_sets
from course_utils.authoring.slides.deck import Deck, Slide, decks
from course_utils.authoring.slides.render import section
from course_utils.authoring.slides.week import class_of
from course_utils.authoring.teaching.plans import NAMED, REST, Slot, Week, timetables, weeks

FOLDER = ROOT / "docs" / "teach"
SPARED = ("words", "output", "code", "formula", "figure")  # kinds, those left out first in front
LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
TITLE = re.compile(r"^# (.+)$", re.M)


class Part(NamedTuple):
    """A slot of a plan with what is shown in it: slides with their decks, or tasks of a set."""

    slot: Slot
    slides: tuple[tuple[Deck, Slide], ...]
    tasks: tuple[Task, ...]


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
    return Plan(title, tuple(_part(slot, every, tasks) for slot in slots), text)


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


def _part(slot: Slot, every: Mapping[str, Deck], tasks: Mapping[str, tuple[Task, ...]]) -> Part:
    deck, shown, asked = None, [], []
    for match in NAMED.finditer(slot.what):
        if match["lesson"]:
            deck = every[match["lesson"]]
        elif match["section"]:
            shown += [(deck, s) for s in deck.slides if s.section == match["section"]]
        else:
            asked += [one for one in tasks[deck.number] if one.answer == match["problem"]]
    return Part(slot, fitted(shown, slot.minutes), tuple(asked))


def fitted(shown: list[tuple[Deck, Slide]], minutes: float) -> tuple[tuple[Deck, Slide], ...]:
    """The slides for a slot, whose minutes are together the slot's."""
    kept = list(shown)
    for kind in SPARED:
        for pair in [one for one in reversed(kept) if one[1].kind == kind]:
            if sum(slide.minutes for _, slide in kept) <= minutes:
                break
            kept.remove(pair)
    total = sum(slide.minutes for _, slide in kept) or 1
    return tuple((d, replace(s, minutes=s.minutes * minutes / total)) for d, s in kept)


def sections(one: Plan) -> str:
    """All slides of a plan: a head for each slot, what is shown in it, exercises and breaks."""
    parts, minute = [_title(one)], 0.0
    for part in one.parts:
        timed = part.slides or part.slot.minutes == 0
        parts.append(_head(part, minute, 0 if timed else part.slot.minutes))
        now = minute
        for deck, slide in part.slides:
            parts.append(section(slide, deck, round(now, 1)))
            now += slide.minutes
        minute += part.slot.minutes
    return "\n".join(parts)


def _title(one: Plan) -> str:
    return (
        '<section class="slide title" data-timing="0"><div class="content">'
        f'<p class="course">Carousel</p><h1>{inline(one.title)}</h1></div>'
        f'<aside class="notes"><p>{one.count} slides, {one.minutes} minutes.</p></aside></section>'
    )


def _head(part: Part, minute: float, seconds_of: float) -> str:
    slot = part.slot
    kind = "break" if slot.how in REST else "exercise" if part.tasks else "part"
    clock = "" if slot.how == "live" else f'<p class="timer" data-minutes="{slot.minutes}"></p>'
    return (
        f'<section class="slide {kind}" data-timing="{round(60 * seconds_of)}">'
        f'<p class="when">{_time(slot.start)} · {slot.minutes} minutes, {_how(slot)}</p>'
        f'<h2>{_words(part)}</h2><div class="content">{"".join(_inside(part))}{clock}</div>'
        f'<aside class="notes"><p><b>{slot.minutes} minutes, from minute {minute:g}.</b></p>'
        f"<p>{html.escape(_plain(slot.what))}</p></aside></section>"
    )


def _inside(part: Part) -> Iterator[str]:
    if part.tasks:
        number = next(m["lesson"] for m in NAMED.finditer(part.slot.what) if m["lesson"])
        tasks = [f"<li>{inline(one.title)} <code>{one.answer}</code></li>" for one in part.tasks]
        yield f"<ul>{''.join(tasks)}</ul>"
        yield f'<pre class="command"><code>course lab exercises/{number}</code></pre>'
    elif part.slides:
        names = dict.fromkeys((deck.number, slide.section) for deck, slide in part.slides)
        yield f"<ul>{''.join(f'<li><b>{n}</b> {inline(name)}</li>' for n, name in names)}</ul>"


def _words(part: Part) -> str:
    if part.slot.how in REST:
        return f"Back at {_time(part.slot.start + part.slot.minutes)}"
    if part.tasks:
        return "Your turn"
    if part.slides:
        return inline(part.slides[0][0].title)
    return inline(_plain(part.slot.what).partition(". ")[0])


def _how(slot: Slot) -> str:
    return {"pairs": "in pairs", "live": "together", "alone": "each alone"}.get(slot.how, slot.how)


def _plain(text: str) -> str:
    return LINK.sub(r"\1", text).replace("§ ", "").replace("*", "").replace("`", "")


def _time(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"
