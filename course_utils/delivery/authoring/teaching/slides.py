"""How many slides a lesson's source has for each section, and the minutes that they state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import jupytext

from course_utils.delivery.authoring.document import SLIDE, Document
from course_utils.delivery.authoring.teaching.sections import IN_OPENING, OPENING, SECTION


class Slides(NamedTuple):
    """Slides of a section: their number, and their minutes together."""

    count: int
    minutes: float


def slides(document: Document) -> dict[str, Slides]:
    """The slides by the section in which they stand; a section without any is left out."""
    found: dict[str, Slides] = {}
    for section, minutes in _slides(document):
        before = found.get(section, Slides(0, 0.0))
        found[section] = Slides(before.count + 1, before.minutes + minutes)
    return found


def _slides(document: Document) -> Iterator[tuple[str, float]]:
    text = document.source.read_text(encoding="utf-8")
    section = OPENING
    for cell in jupytext.reads(text, fmt={"extension": ".py", "format_name": "percent"}).cells:
        if SLIDE in cell.metadata:
            yield cell.metadata.get("section", section), float(cell.metadata.get("minutes", 0))
        elif cell.cell_type == "markdown":
            own = [title for title in SECTION.findall(cell.source) if title not in IN_OPENING]
            section = own[-1] if own else section
