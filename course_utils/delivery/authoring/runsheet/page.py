"""A run sheet as a page: the slots as a table, then what to cut and what stands on the board."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from course_utils.delivery.authoring.markup import inline, inlined, markdown, web_fonts
from course_utils.delivery.authoring.runsheet.guide import (
    Trouble,
    on_the_board,
    plain,
    said,
    when_late,
)
from course_utils.delivery.authoring.runsheet.rows import SECTION, Row
from course_utils.delivery.authoring.slides.render import clock
from course_utils.delivery.authoring.teaching.plans import REST

HERE = Path(__file__).parent
TASK = re.compile(r"`\w+`,? ?")
SET = re.compile(r"^(\d\d) *$")
HEADS = ("from", "min", "slides", "they", "ask, then show", "say", "goes wrong")


def page(title: str, rows: list[Row], plan: str, vendor: Path, points: float, apart: bool) -> str:
    """The page in letters of `points`; `apart`: what follows the table begins on a second page."""
    rules = (HERE / "runsheet.css").read_text(encoding="utf-8").replace("POINTS", f"{points:g}")
    minutes = sum(row.minutes for row in rows)
    rest = sum(row.minutes for row in rows if row.how in REST)
    of_it = f", {rest} of them breaks" if rest else ""
    body = (
        f"<h1>{inline(title)}</h1><p class='sum'>{minutes} minutes{of_it} · slides "
        f"{rows[0].first} to {rows[-1].last} · began at ________</p>"
        f"{table(rows)}<section class='more{' apart' if apart else ''}'>{''.join(_more(plan))}"
        "</section>"
    )
    look = "by-hand" if said(plan) else "made"
    script = ""
    if "\\(" in body or "\\[" in body:
        script = f"<script>{inlined(vendor / 'mathjax/es5/tex-svg.js')}</script>\n"
    start = (HERE.parent / "handout" / "handout.js").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n<style>{web_fonts(vendor)}\n{rules}</style>\n"
        f"</head>\n<body class='{look}'>\n<main>\n{body}\n</main>\n<script>{start}</script>\n"
        f"{script}</body>\n</html>\n"
    )


def table(rows: list[Row]) -> str:
    """The slots, one a row."""
    head = "".join(f'<th scope="col">{name}</th>' for name in HEADS)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, rows))}</tbody></table>"


def numbers(first: int, last: int) -> str:
    """Slides as written on paper: 4, or 4–9."""
    return str(first) if first == last else f"{first}–{last}"


def _row(row: Row) -> str:
    titles = SECTION.findall(row.title)
    what = inline(" · ".join(titles) or SET.sub(r"Set \1", TASK.sub("", row.title)).strip(" ,"))
    people = " ".join(filter(None, [what and f"<b>{what}</b>", inline(row.people)]))
    asked = f"<td>{people}</td><td>{_lines(row.ask)}</td>"
    told = asked if row.ask else f'<td colspan="2">{people}</td>'
    kind = "break" if row.how in REST else row.how
    return (
        f'<tr class="{kind}"><td><b>{clock(row.start)}</b></td><td>{row.minutes}</td>'
        f"<td>{numbers(row.first, row.last)}</td>{told}<td>{_lines(row.say)}</td>"
        f"<td>{_lines(_trouble(one) for one in row.wrong)}</td></tr>"
    )


def _lines(texts: Iterable[str]) -> str:
    return "<br>".join(inline(plain(text)) for text in texts)


def _trouble(one: Trouble) -> str:
    return f"{one.what}: *{one.ask}*" if one.ask else one.what


def _more(plan: str) -> Iterator[str]:
    if late := when_late(plan):
        yield f"<div><h2>If you are late</h2>{markdown(late)}</div>"
    if before := on_the_board(plan):
        yield f"<div><h2>On the board</h2>{markdown(before)}</div>"
    yield '<div class="hands"><h2>Hands, and for next time</h2></div>'
