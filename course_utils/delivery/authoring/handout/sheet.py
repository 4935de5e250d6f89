"""A lesson as a sheet of one or two pages: its question, a figure, its equations, its predictions.

The predictions are those of the slides, in their words and their order, for they are asked in a
class; the figure is one that answers none of them. There is room to write: what a learner expects,
how sure they are, and notes.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from course_utils.delivery.authoring.handout.page import with_licence
from course_utils.delivery.authoring.markup import inline, inlined, markdown, web_fonts
from course_utils.delivery.authoring.rules import prose
from course_utils.delivery.authoring.rules_shape import QUESTION
from course_utils.delivery.authoring.slides.deck import ITEM, Deck, Slide
from course_utils.delivery.authoring.slides.render import LETTERS, figure_html
from course_utils.language import tag, translated
from course_utils.predictions.notebook import SURE

HERE = Path(__file__).parent
DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.S)
MOST_EQUATIONS, LONGEST = 6, 150  # letters of TeX that fit a line
STEP_BACK = re.compile(r"\\partial (\w)_t\}\{\\partial \1_\{t-1\}\}")  # what a lesson asks for
BLANK = re.compile(r"^## From a blank file\n+(.+?)(?:\n\s*\n|\Z)", re.M | re.S)
BELOW = "the program below"  # it is not on paper
WRITING = 6  # lines to plan the program on


def sheet(deck: Deck, vendor: Path) -> str:
    """The page; `vendor` is the folder of fonts and scripts that `vendor()` returns."""
    rules = with_licence((HERE / "sheet.css").read_text(encoding="utf-8"))
    title = f"{deck.number} · {deck.title}"
    parts = [
        f"<h1>{inline(title)}</h1>",
        f'<div class="question">{markdown(question(deck))}</div>',
        figure(deck),
        _section(translated("Equations"), "equations", [f"$${one}$$" for one in equations(deck)]),
        _predictions(deck),
        _blank_file(deck),
        f'<section class="notes"><h2>{translated("Notes")}</h2></section>',
    ]
    body = "\n".join(filter(None, parts))
    script = f"<script>{inlined(vendor / 'mathjax/es5/tex-svg.js')}</script>\n"
    return (
        '<!doctype html>\n<html lang="' + tag() + '">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n<style>{web_fonts(vendor)}\n{rules}</style>\n"
        f"</head>\n<body>\n<main>\n{body}\n</main>\n"
        f"<script>{(HERE / 'handout.js').read_text(encoding='utf-8')}</script>\n{script}"
        "</body>\n</html>\n"
    )


def question(deck: Deck) -> str:
    """What the lesson asks: in the words of its slides, which need no page around them."""
    on_slides = next((slide.title for slide in deck.slides if slide.kind == "question"), "")
    if on_slides.endswith(("?", "？")):
        return on_slides
    asked = [match for text in _texts(deck) for match in QUESTION.finditer(text)]
    if not asked:
        return deck.title
    if deck.english is None:
        return asked[0][1].strip()
    said = translated(" ".join(asked[0][0].split()))
    return re.sub(r"^\*\*[^*]+\*\*\s*", "", said)


def figure(deck: Deck) -> str:
    """The figure of the slide that says `sheet="figure"`; no figure where none does."""
    shown = next((slide for slide in deck.slides if slide.sheet), None)
    return figure_html(shown) if shown else ""


def equations(deck: Deck) -> list[str]:
    """Displayed formulas of the lesson, then of its slides, that fit a line, each once.

    What comes back in a step is left out: it is what they answer.
    """
    texts = [cell.source for cell in deck.notebook.cells if cell.cell_type == "markdown"]
    texts += [slide.body for slide in deck.slides]
    every = (match[1].strip() for text in texts for match in DISPLAY.finditer(text))
    fit = [one for one in every if len(one) <= LONGEST]
    new = [one for k, one in enumerate(fit) if not any(one in told for told in fit[:k])]
    return [one for one in new[:MOST_EQUATIONS] if not STEP_BACK.search(one)]


def predictions(deck: Deck) -> list[Slide]:
    """The slides that ask before something is shown."""
    return [slide for slide in deck.slides if slide.kind == "predict"]


def blank_file(deck: Deck) -> str:
    """What the lesson asks for at its end: a program from an empty file."""
    found = [match[1] for text in _texts(deck) for match in BLANK.finditer(text)]
    task = " ".join(found[0].split()) if found else ""
    if deck.english is not None:
        return translated(task)
    return task.replace(BELOW, "the lesson's program")


def _texts(deck: Deck) -> list[str]:
    cells = (deck.english or deck).notebook.cells
    return [prose(cell) for cell in cells if cell.cell_type == "markdown"]


def _predictions(deck: Deck) -> str:
    sure = "".join(f"<span>☐ {translated(words)}</span>" for words in SURE)
    items = [
        f'<li>{inline(one.title)}{_given(one)}{_boxes(one)}<div class="sure">{sure}</div></li>'
        for one in predictions(deck)
    ]
    how = translated(
        "The questions of the slides, in their order. Write down what you expect before hands go "
        "up, and how sure you are."
    )
    return (
        f'<section class="predictions"><h2>{translated("Predictions")}</h2><p>{how}</p>'
        f"<ol>{''.join(items)}</ol></section>"
    )


def _blank_file(deck: Deck) -> str:
    task = blank_file(deck)
    if not task:
        return ""
    lines = '<div class="line"></div>' * WRITING
    return (
        f'<section class="blank"><h2>{translated("From a blank file")}</h2>'
        f"<p>{inline(task)}</p>{lines}</section>"
    )


def _given(slide: Slide) -> str:
    """What the slide says beside its question and the choices."""
    text = ITEM.sub("", slide.body).strip()
    return f'<div class="given">{markdown(text)}</div>' if text else ""


def _boxes(slide: Slide) -> str:
    """What there is to choose from, with the letters of the slide."""
    boxes = "".join(
        f"<span>☐ <b>{letter}</b> {inline(one)}</span>"
        for letter, one in zip(LETTERS, ITEM.findall(slide.body))
    )
    return f'<div class="boxes">{boxes}</div>'


def _section(title: str, name: str, parts: list[str]) -> str:
    if not parts:
        return ""
    return f'<section class="{name}"><h2>{title}</h2>{"".join(map(markdown, parts))}</section>'
