"""The slides of a plan that no lesson has: where we are, exercises with their clock, breaks."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator

from course_utils.delivery.authoring.markup import inline
from course_utils.delivery.authoring.slides.deck import Deck
from course_utils.delivery.authoring.slides.plan import Part, Plan
from course_utils.delivery.authoring.slides.render import clock, lasting, section
from course_utils.delivery.authoring.teaching.plans import NAMED, REST, Slot

LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
WAYS = {"pairs": "in pairs", "live": "together", "alone": "each alone"}
WIDE, HIGH = 1200, 88  # of the strip of a day
MOST = 2  # sections that have a line each
NARROWEST = 38  # slots on which a lesson's number can be read


def sections(one: Plan) -> str:
    """All slides of a plan: a head for each slot, what is shown in it, exercises and breaks."""
    parts = [_title(one)]
    for day in one.days:
        minute = 0.0
        for part in day:
            timed = part.slides or part.slot.minutes == 0
            parts.append(_head(part, day, minute, 0 if timed else part.slot.minutes))
            now = minute
            for deck, slide in part.slides:
                parts.append(section(slide, deck, now))
                now += slide.minutes
            minute += part.slot.minutes
    return "\n".join(parts)


def strip(day: list[Part], now: Part | None = None) -> str:
    """The slots of a day in a row, as wide as long; what is done and what is now stands out.

    The words around it say the same, so it is hidden from screen readers.
    """
    start, end = day[0].slot.start, day[-1].slot.start + day[-1].slot.minutes
    scale, done, boxes = WIDE / max(1, end - start), now is not None, []
    for part in day:
        done = done and part is not now
        kind = "now" if part is now else "done" if done else "rest" if _rest(part.slot) else ""
        x, width = scale * (part.slot.start - start), scale * part.slot.minutes
        boxes.append(f'<rect class="{kind}" x="{x:.1f}" width="{width:.1f}" y="0" height="44"/>')
    boxes += _numbers(day, now, scale)
    ends = f'<text x="0" y="76">{clock(start)}</text>'
    ends += f'<text x="{WIDE}" y="76" text-anchor="end">{clock(end)}</text>'
    drawing = f"{''.join(boxes)}{ends}"
    return f'<svg class="strip" viewBox="0 0 {WIDE} {HIGH}" aria-hidden="true">{drawing}</svg>'


def _numbers(day: list[Part], now: Part | None, scale: float) -> Iterator[str]:
    """The lessons' numbers, each on the first of its slots in a row, where it finds room."""
    for _, some in itertools.groupby(day, lambda part: part.lesson[:2]):
        group = list(some)
        width = scale * sum(part.slot.minutes for part in group)
        if group[0].lesson and width >= NARROWEST:
            x = scale * (group[0].slot.start - day[0].slot.start) + 6
            kind = "now" if group[0] is now else "number"
            yield f'<text class="{kind}" x="{x:.1f}" y="30">{group[0].lesson[:2]}</text>'


def _title(one: Plan) -> str:
    return (
        '<section class="slide title" data-timing="0"><div class="content">'
        f'<p class="course">Carousel</p><h1>{inline(one.title)}</h1>'
        f"{''.join(map(strip, one.days))}</div>"
        f'<aside class="notes"><p>{one.count} slides, {one.minutes} minutes.</p></aside></section>'
    )


def _head(part: Part, day: list[Part], minute: float, minutes: float) -> str:
    slot = part.slot
    kind = "break" if _rest(slot) else "exercise" if part.tasks else "part"
    timer = "" if slot.how == "live" else f'<p class="timer" data-minutes="{slot.minutes}"></p>'
    way = WAYS.get(slot.how, slot.how)
    row = "" if part.tasks else strip(day, part)
    inside = "".join(_inside(part, day))
    return (
        f'<section class="slide {kind}" data-timing="{round(60 * minutes)}">'
        f'<p class="when">{clock(slot.start)} · {slot.minutes} minutes, {way}</p>'
        f'<h2>{_heading(part)}</h2><div class="content">{inside}{timer}</div>{row}'
        f'<aside class="notes"><p><b>{lasting(slot.minutes, minute)}</b></p>'
        f"<p>{html.escape(_plain(slot.what))}</p></aside></section>"
    )


def _heading(part: Part) -> str:
    """When people are back, their turn, the first section, or the first words of the plan."""
    if _rest(part.slot):
        return f"Back at {clock(part.slot.start + part.slot.minutes)}"
    if part.tasks:
        return "Your turn"
    if part.slides:
        return inline(_sections(part)[0])
    return inline(_plain(part.slot.what).partition(". ")[0])


def _inside(part: Part, day: list[Part]) -> Iterator[str]:
    if part.tasks:
        tasks = [f"<li>{inline(one.title)} <code>{one.answer}</code></li>" for one in part.tasks]
        yield f"<ul>{''.join(tasks)}</ul>"
        yield "<p>In the files on the left, one folder up from the lessons:</p>"
        yield f'<pre class="command"><code>exercises/{part.lesson}</code></pre>'
    elif part.slides:
        deck = part.slides[0][0]
        yield f'<p class="lesson"><b>{deck.number}</b> {inline(_question(deck))}</p>'
        more = list(map(inline, _sections(part)[1:]))
        names = [*(more if len(more) <= MOST else [" · ".join(more)]), *_after(part, day)]
        yield f"<ul>{''.join(f'<li>then: {name}</li>' for name in names)}</ul>"
    elif not _rest(part.slot):
        rest = LINK.sub(r"\1", part.slot.what).partition(". ")[2]
        if rest:
            yield f"<p>{inline(rest)}</p>"


def _question(deck: Deck) -> str:
    """What the lesson asks at its beginning."""
    return next((slide.title for slide in deck.slides if slide.kind == "question"), deck.title)


def _after(part: Part, day: list[Part]) -> Iterator[str]:
    """What people do after a slot, and from when, as HTML; nothing at the end of a day."""
    for one in day[day.index(part) + 1 :][:1]:
        what = one.slot.how if _rest(one.slot) else "your turn" if one.tasks else _heading(one)
        yield f"{what}, at {clock(one.slot.start)}"


def _sections(part: Part) -> list[str]:
    """The sections of a slot, in the order of the plan."""
    named = [match["section"] for match in NAMED.finditer(part.slot.what) if match["section"]]
    return [re.sub(r"\\(.)", r"\1", one) for one in named]


def _rest(slot: Slot) -> bool:
    return slot.how in REST


def _plain(text: str) -> str:
    return LINK.sub(r"\1", text).replace("§ ", "").replace("*", "").replace("`", "")
