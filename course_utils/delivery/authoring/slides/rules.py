"""What a slide must be: one statement, few words, the lesson's own numbers, notes and minutes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from course_utils.delivery.authoring.document import SLIDE, AuthoringError, Document
from course_utils.delivery.authoring.rules import FENCE, MATHS, output_texts
from course_utils.delivery.authoring.slides.bars import bars
from course_utils.delivery.authoring.slides.deck import ITEM, Deck, Slide, excerpt, figure, read
from course_utils.delivery.authoring.slides.render import letter_size

MOST_WORDS = 40  # on a slide, formulas and code not counted
LONGEST_TITLE = 16  # words
MOST_LINES = 8  # of code or output
SMALLEST = 22  # pixels of the letters of code
FEWEST_SLIDES, MOST_SLIDES = 12, 24
NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?")
INLINE = re.compile(r"\$[^$]*\$")


def findings(deck: Deck) -> list[str]:
    """Everything that is wrong with a deck, each with the line of the source; empty if nothing."""
    known = numbers("\n".join(_lesson(deck)))
    found = [f"{deck.document.name}: {message}" for message in _whole(deck)]
    for slide in deck.slides:
        place = f"{deck.document.shown(deck.document.source)}, line {slide.line}"
        found += [f"{place}: {message}" for message in _one(slide, known)]
    return found


def problems(document: Document) -> list[str]:
    """Everything that is wrong with the slides of a lesson; empty if it has none."""
    if all(SLIDE not in cell.metadata for _, cell in document.source_cells()):
        return []
    try:
        return findings(read(document))
    except AuthoringError as error:
        return [str(error).rstrip(".")]


def words(slide: Slide) -> int:
    """The words an audience reads on a slide; a formula in a line is one word."""
    text = prose_of(f"{slide.title}\n{slide.body}\n{slide.answer}")
    return len(re.findall(r"[\w’'.,%/-]*\w[\w’'.,%/-]*", text))


def prose_of(text: str) -> str:
    """Without displayed formulas, code and the marks of Markdown."""
    return re.sub(r"[*_`>#✓]", "", INLINE.sub("x", MATHS.sub("", FENCE.sub("", text))))


def numbers(text: str) -> set[str]:
    """The numbers in a text, as they are written, but without commas."""
    return {found.replace(",", "") for found in NUMBER.findall(text)}


def _whole(deck: Deck) -> Iterator[str]:
    if not FEWEST_SLIDES <= len(deck.slides) <= MOST_SLIDES:
        yield f"{len(deck.slides)} slides; a deck has {FEWEST_SLIDES} to {MOST_SLIDES}"
    kinds = [slide.kind for slide in deck.slides]
    if kinds and kinds[0] != "question":
        yield 'a deck begins with the lesson\'s question, slide="question"'
    if kinds.count("predict") < 2:
        yield 'a deck asks the audience at least twice, slide="predict"'
    if kinds.count("figure") < 3:
        yield 'a deck shows at least three figures, slide="figure"'
    for before, slide in zip(deck.slides, deck.slides[1:]):
        if slide.sheet and (slide.kind != "figure" or before.kind == "predict"):
            yield f"{slide.title!r} is no figure for the sheet: it answers what is asked before it"
    titles = [slide.title for slide in deck.slides]
    for title in sorted({title for title in titles if titles.count(title) > 1}):
        yield f"the title {title!r} stands on {titles.count(title)} slides"


def _one(slide: Slide, known: set[str]) -> Iterator[str]:
    count, title = words(slide), len(slide.title.split())
    if count > MOST_WORDS:
        yield f"{count} words; at most {MOST_WORDS}"
    if not 3 <= title <= LONGEST_TITLE:
        yield f"its title has {title} words; it is a statement of 3 to {LONGEST_TITLE}"
    if slide.title == slide.section:
        yield "its title is that of the section: let it say what is to be seen"
    asks = "?" in slide.title or (slide.kind == "question" and "?" in slide.body)
    if asks != (slide.kind in ("question", "predict")):
        yield "a title asks on a question or a prediction, and nowhere else"
    if slide.kind == "predict" and (len(ITEM.findall(slide.body)) < 2 or not slide.answer):
        yield "a prediction has two or more choices, `- ...`, and `Answer: ...`"
    if slide.kind == "bars" and not 2 <= len(bars(slide)) <= 5:
        yield "bars are two to five, each `- name: number` or `- name: number to number`"
    if slide.kind == "formula" and "$$" not in slide.body:
        yield "a slide of a formula has one, `$$...$$`"
    if len(slide.notes) < 40:
        yield "after `Notes:` it says what the speaker says and asks"
    if not 0 < slide.minutes <= 8:
        yield f"minutes={slide.minutes:g}; a slide takes more than 0 and at most 8"
    if slide.kind in ("code", "output"):
        yield from _lines(slide)
    if slide.crop and not slide.alt:
        yield "what shows a part of a figure needs its own alt"
    if slide.kind == "figure" and len(slide.alt or figure(slide.cell).alt) < 20:
        yield "its figure has no alt text"
    shown = f"{slide.title}\n{slide.body}\n{slide.answer}\n{slide.alt}"
    for number in sorted(numbers(shown) - known):
        yield f"the number {number} is nowhere in the lesson"


def _lines(slide: Slide) -> Iterator[str]:
    lines = excerpt(slide)
    if not 0 < len(lines) <= MOST_LINES:
        yield f"it shows {len(lines)} lines; choose 1 to {MOST_LINES} by lines="
    elif (size := letter_size(lines)) < SMALLEST:
        yield f"its longest line has letters of {size:g} pixels; at least {SMALLEST}"


def _lesson(deck: Deck) -> Iterator[str]:
    """Every text of the lesson that a number can come from: prose, code and outputs."""
    for cell in deck.notebook.cells:
        yield cell.source
        yield from output_texts(cell)
