"""Slides as HTML sections for reveal.js."""

from __future__ import annotations

import re
from collections.abc import Callable

from course_utils.delivery.authoring.markup import code, inline, markdown, plain
from course_utils.delivery.authoring.slides.bars import bars_html
from course_utils.delivery.authoring.slides.deck import DRAWINGS, ITEM, Deck, Slide, excerpt, player
from course_utils.delivery.authoring.slides.pictures import figure_html
from course_utils.dial.recording import experiment_html
from course_utils.language import translated

LARGEST, PRE_WIDTH, LETTER = 38, 1104, 0.635  # pixels, pixels, width of a letter by its size
QUESTION = "#4f2d75"  # the ground of a question, in light and in dark
LETTERS = "ABCDEFGH"  # of what there is to choose from
CLAIM = re.compile(r"<p>✓ (.+?)</p>", re.S)


def sections(deck: Deck) -> str:
    """All slides of a deck, the title first and the way to the lesson last."""
    parts, minute = [title_slide(deck)], 0.0
    for slide in deck.slides:
        parts.append(section(slide, deck, minute))
        minute += slide.minutes
    return "\n".join([*parts, last_slide(deck)])


def section(slide: Slide, deck: Deck, minute: float) -> str:
    """One slide; `minute` is the time on the speaker's watch when it comes."""
    heading = f"<h2>{inline(slide.title)}</h2>"
    answer = ""
    if slide.answer:
        answer = f'<div class="answer fragment">{_text(slide.answer)}</div>'
    notes = f"<p><b>{lasting(slide.minutes, minute)}</b></p>{markdown(slide.notes)}"
    ground = f' data-background-color="{QUESTION}"' if slide.kind == "question" else ""
    return (
        f'<section class="slide {slide.kind}"{ground} data-timing="{round(60 * slide.minutes)}">'
        f'{heading}<div class="content">{_content(slide)}{answer}</div>'
        f"<footer><b>{deck.number}</b> {inline(slide.section)}</footer>"
        f'<aside class="notes">{notes}</aside></section>'
    )


def title_slide(deck: Deck) -> str:
    """Number and title of the lesson."""
    notes = translated(
        "{slides} slides, {talk}. Alone, a reader needs about {minutes} minutes for the lesson. "
        "Have it open as well, so that cells can be run.",
        slides=len(deck.slides) + 2,
        talk=_clock(deck.talk),
        minutes=deck.minutes,
    )
    return (
        '<section class="slide title" data-timing="0"><div class="content">'
        f'<p class="course">Carousel</p><p class="number">{deck.number}</p>'
        f"<h1>{inline(deck.title)}</h1>{_row()}</div>"
        f'<aside class="notes"><p>{notes}</p></aside></section>'
    )


def last_slide(deck: Deck) -> str:
    """What the learners do next."""
    turn = translated("Now it is your turn")
    then = translated(
        "Open the lesson in the files on the left, predict, run its cells, then change them:"
    )
    takes = translated("Alone it takes about {minutes} minutes.", minutes=deck.minutes)
    walk = translated("Walk around. Whoever is done goes on to the problem set of the lesson.")
    return (
        f'<section class="slide last" data-timing="0"><h2>{turn}</h2>'
        f'<div class="content"><p>{then}</p>'
        f'<pre class="command"><code>{deck.document.name}</code></pre><p>{takes}</p></div>'
        f"<footer><b>{deck.number}</b> {inline(deck.title)}</footer>"
        f'<aside class="notes"><p>{walk}</p></aside></section>'
    )


def _content(slide: Slide) -> str:
    text = _text(slide.body)
    if slide.kind == "figure":
        return f"{figure_html(slide)}{text}"
    if slide.kind == "player":
        return f"{player(slide.cell)}{text}"
    if slide.kind == "dial":
        return f"{experiment_html(slide.part)}{text}"
    if slide.kind == "code":
        return f"{_fitted(code, excerpt(slide))}{text}"
    if slide.kind == "output":
        return f"{_fitted(plain, excerpt(slide))}{text}"
    if slide.kind == "bars":
        return f"{bars_html(slide)}{_text(ITEM.sub('', slide.body).strip())}"
    if slide.kind == "predict":
        options = ITEM.findall(slide.body)
        rest = _text(ITEM.sub("", slide.body).strip())
        cards = "".join(
            f'<li><span class="letter">{letter}</span><span>{inline(option)}</span></li>'
            for letter, option in zip(LETTERS, options)
        )
        return f'{_drawing(slide)}{rest}<ol class="options">{cards}</ol>'
    return text


def _drawing(slide: Slide) -> str:
    return (DRAWINGS / f"{slide.drawing}.svg").read_text(encoding="utf-8") if slide.drawing else ""


def _text(text: str) -> str:
    """Markdown, with a tick before what is a claim of the lesson."""
    return CLAIM.sub(r'<p class="claim"><span class="tick">✓</span> \1</p>', markdown(text))


def letter_size(lines: list[str]) -> float:
    """Pixels of letters with which the longest line fits the slide."""
    longest = max(map(len, lines), default=1)
    return min(LARGEST, round(PRE_WIDTH / (LETTER * longest), 1))


def _fitted(make: Callable[[str], str], lines: list[str]) -> str:
    shown = make("\n".join(lines))
    return f'<div class="wide" style="--size:{letter_size(lines)}px">{shown}</div>'


def lasting(minutes: float, start: float) -> str:
    """How long a slide is shown, and from when on the speaker's watch: 3:20, from 0:22:12."""
    lasts, begins = clock(round(60 * minutes)), watch(start)
    return translated("{lasts}, from {begins}", lasts=lasts, begins=begins)


def watch(minutes: float) -> str:
    """Hours, minutes and seconds as the speaker's view counts them: 0:22:12 for 22.2."""
    whole, seconds = divmod(round(60 * minutes), 60)
    return f"{clock(whole)}:{seconds:02}"


def clock(count: int) -> str:
    """9:05 for 545, of minutes or of seconds."""
    return f"{count // 60}:{count % 60:02}"


def _clock(minutes: float) -> str:
    return translated(
        "{minutes:g} minute" if minutes == 1 else "{minutes:g} minutes", minutes=minutes
    )


def _row() -> str:
    """Cells in a row; what the first has written fades on its way."""
    cells, step = 9, 120
    parts = []
    for k in range(cells):
        x, shade = 10 + k * step, round(0.82**k, 2)
        parts.append(
            f'<rect x="{x}" y="10" width="72" height="72" rx="18" class="box"/>'
            f'<circle cx="{x + 36}" cy="46" r="15" class="dot" opacity="{shade}"/>'
        )
        if k + 1 < cells:
            parts.append(f'<path d="M{x + 78} 46h28m-9 -8l9 8l-9 8" class="arrow"/>')
    width = 10 + (cells - 1) * step + 82
    drawing = "".join(parts)
    return f'<svg class="row" viewBox="0 0 {width} 92" aria-hidden="true">{drawing}</svg>'
