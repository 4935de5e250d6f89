"""A class of a semester as slots: those of every class, the sections of its week among them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from course_utils.delivery.authoring.slides.deck import Deck
from course_utils.delivery.authoring.teaching.plans import NAMED, Slot, Week

TAUGHT = "The sections of the week"  # how the slot begins that they take


def class_of(week: Week, every: list[Slot], decks: Mapping[str, Deck]) -> list[Slot]:
    """The slots of the class of a week, each section of it one of them.

    They share the minutes of the slot that says TAUGHT, as their slides do, in whole minutes.
    """
    found = []
    for slot in every:
        if not slot.what.startswith(TAUGHT):
            found.append(slot)
            continue
        named = _sections(week.taught)
        weights = [sum(s.minutes for s in decks[n].slides if s.section == t) for n, t in named]
        now = slot.start
        for (number, title), minutes in zip(named, shared(slot.minutes, weights), strict=True):
            found.append(Slot(now, minutes, "live", f"[{number}]({number}.md) § *{title}*"))
            now += minutes
    return found


def shared(minutes: int, weights: list[float]) -> list[int]:
    """`minutes` as whole minutes in the proportion of `weights`; each has one at least."""
    rest, total = minutes - len(weights), sum(weights) or 1
    exact = [rest * weight / total for weight in weights]
    whole = [int(one) for one in exact]
    late = sorted(range(len(exact)), key=lambda k: whole[k] - exact[k])
    for k in late[: rest - sum(whole)]:
        whole[k] += 1
    return [1 + one for one in whole]


def _sections(text: str) -> list[tuple[str, str]]:
    """The sections that a row names, each with the number of its lesson."""
    found, number = [], ""
    for match in NAMED.finditer(text):
        if match["lesson"]:
            number = match["lesson"]
        elif match["section"]:
            found.append((number, re.sub(r"\\(.)", r"\1", match["section"])))
    return found
