"""Numbers of a slide drawn as bars: `- name: 12,352`, or a range, `- name: 0.55 to 0.65`."""

from __future__ import annotations

import re
from typing import NamedTuple

from course_utils.delivery.authoring.markup import inline
from course_utils.delivery.authoring.slides.deck import ITEM, Slide
from course_utils.plots.style import ALIASES, CELLS

NUMBER = r"\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?"
ROW = re.compile(
    rf"(?P<name>.+)(?:: |：)(?P<value>(?:(?P<low>{NUMBER}) (?:to|到) )?(?P<high>{NUMBER})(?: .*)?)"
)


class Bar(NamedTuple):
    """A name, the number as it is written, and where the bar begins and ends."""

    name: str
    value: str
    low: float
    high: float


def bars(slide: Slide) -> list[Bar]:
    """The items of a slide that are bars, in order."""
    found = [ROW.fullmatch(item) for item in ITEM.findall(slide.body)]
    return [
        Bar(one["name"], one["value"], _float(one["low"] or "0"), _float(one["high"]))
        for one in found
        if one
    ]


def bars_html(slide: Slide) -> str:
    """The bars as a list; a cell type has its colour, which is said by its name too."""
    rows = bars(slide)
    most = slide.most or max((one.high for one in rows), default=1.0) or 1.0
    return f'<ul class="bars">{"".join(_row(one, slide.least, most) for one in rows)}</ul>'


def _row(one: Bar, least: float, most: float) -> str:
    first = re.split(r"[ ,]", one.name)[0]
    name = ALIASES.get(first, first)
    kind = f" cell-{name}" if name in CELLS else ""
    low, high = (100 * max(0.0, end - least) / (most - least) for end in (one.low, one.high))
    return (
        f'<li><span class="name">{inline(one.name)}</span>'
        f'<span class="track{kind}"><span class="bar" '
        f'style="left:{low:.2f}%;width:{high - low:.2f}%"></span></span>'
        f'<span class="value">{inline(one.value)}</span></li>'
    )


def _float(text: str) -> float:
    return float(text.replace(",", ""))
