"""A lesson as a sheet of one or two pages: its question, a figure, its equations, its predictions.

There is room to write: what a learner expects, how sure they are, and notes.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from course_utils.authoring.markup import inline, inlined, markdown, web_fonts
from course_utils.authoring.predictions import asked_in
from course_utils.authoring.rules import prose
from course_utils.authoring.rules_shape import PREDICT, QUESTION
from course_utils.authoring.slides.deck import Deck
from course_utils.authoring.slides.render import figure_html
from course_utils.predictions.notebook import SURE

HERE = Path(__file__).parent
DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.S)
MOST_EQUATIONS, LONGEST = 6, 150  # letters of TeX that fit a line
BLANK = re.compile(r"^## From a blank file\n+(.+?)(?:\n\s*\n|\Z)", re.M | re.S)
WRITING = 6  # lines to plan the program on


def sheet(deck: Deck, vendor: Path) -> str:
    """The page; `vendor` is the folder of fonts and scripts that `vendor()` returns."""
    rules = (HERE / "sheet.css").read_text(encoding="utf-8")
    title = f"{deck.number} · {deck.title}"
    parts = [
        f"<h1>{inline(title)}</h1>",
        f'<div class="question">{markdown(question(deck))}</div>',
        figure(deck),
        _section("Equations", "equations", [f"$${one}$$" for one in equations(deck)]),
        _predictions(deck),
        _blank_file(deck),
        '<section class="notes"><h2>Notes</h2></section>',
    ]
    body = "\n".join(filter(None, parts))
    script = f"<script>{inlined(vendor / 'mathjax/es5/tex-svg.js')}</script>\n"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n<style>{web_fonts(vendor)}\n{rules}</style>\n"
        f"</head>\n<body>\n<main>\n{body}\n</main>\n"
        f"<script>{(HERE / 'handout.js').read_text(encoding='utf-8')}</script>\n{script}"
        "</body>\n</html>\n"
    )


def question(deck: Deck) -> str:
    """What the lesson asks."""
    found = [match[1] for text in _texts(deck) for match in QUESTION.finditer(text)]
    return found[0].strip() if found else deck.title


def figure(deck: Deck) -> str:
    """The first figure that stands on a slide."""
    shown = next((slide for slide in deck.slides if slide.kind == "figure"), None)
    return figure_html(shown) if shown else ""


def equations(deck: Deck) -> list[str]:
    """Displayed formulas of the lesson, then of its slides, that fit a line, each once."""
    texts = [cell.source for cell in deck.notebook.cells if cell.cell_type == "markdown"]
    texts += [slide.body for slide in deck.slides]
    every = (match[1].strip() for text in texts for match in DISPLAY.finditer(text))
    return [one for one in dict.fromkeys(every) if len(one) <= LONGEST][:MOST_EQUATIONS]


def predictions(deck: Deck) -> list[str]:
    """What the lesson asks before its cells are run."""
    found = [match[1] for text in _texts(deck) for match in PREDICT.finditer(text)]
    return [" ".join(one.split()) for one in found]


def blank_file(deck: Deck) -> str:
    """What the lesson asks for at its end: a program from an empty file."""
    found = [match[1] for text in _texts(deck) for match in BLANK.finditer(text)]
    return " ".join(found[0].split()) if found else ""


def _texts(deck: Deck) -> list[str]:
    return [prose(cell) for cell in deck.notebook.cells if cell.cell_type == "markdown"]


def choices(deck: Deck) -> list[tuple[str, ...]]:
    """What there is to choose from in each of the `predictions`; nothing where words are asked."""
    cells = deck.notebook.cells
    asked = [k for k, one in enumerate(cells) if PREDICT.search(one.source)]
    behind = [asked_in(cells[k + 1]) if k + 1 < len(cells) else None for k in asked]
    return [one.choices if one else () for one in behind]


def _predictions(deck: Deck) -> str:
    sure = "".join(f"<span>☐ {words}</span>" for words in SURE)
    items = [
        f'<li>{inline(one)}{_room(some)}<div class="sure">{sure}</div></li>'
        for one, some in zip(predictions(deck), choices(deck))
    ]
    return (
        '<section class="predictions"><h2>Predictions</h2>'
        f"<p>Write yours down before the cell is run, and how sure you are.</p>"
        f"<ol>{''.join(items)}</ol></section>"
    )


def _blank_file(deck: Deck) -> str:
    task = blank_file(deck)
    if not task:
        return ""
    lines = '<div class="line"></div>' * WRITING
    return (
        f'<section class="blank"><h2>From a blank file</h2><p>{inline(task)}</p>{lines}</section>'
    )


def _room(choices: tuple[str, ...]) -> str:
    """Boxes to tick, or a line to write on."""
    boxes = "".join(f"<span>☐ {inline(one)}</span>" for one in choices)
    return f'<div class="boxes">{boxes}</div>' if choices else '<div class="line"></div>'


def _section(title: str, name: str, parts: list[str]) -> str:
    if not parts:
        return ""
    return f'<section class="{name}"><h2>{title}</h2>{"".join(map(markdown, parts))}</section>'
