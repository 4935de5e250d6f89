"""The picture of a slide: a part of a lesson's figure, as large as the slide allows."""

from __future__ import annotations

import base64
import html
import io
import re
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from course_utils.delivery.authoring.slides.deck import Box, Slide, figure

if TYPE_CHECKING:
    from PIL import Image

DATA = re.compile(r"data:image/png;base64,(.+)", re.S)
MOST_GROWN = 1.25  # a small picture that is enlarged further is blurred
TALLEST = 764  # dots; on a slide with a title of one line letters of 9 points have 20 pixels then
WHITE = 250  # of 255: what is paler is paper
LEAST_GAP = 8  # dots of white that stay between what is drawn


def figure_html(slide: Slide) -> str:
    """The figure of a slide, without its margins, with the words for it."""
    found = figure(slide.cell)
    alt = slide.alt or found.alt
    source, width, height = _fitted(found.source, slide.crop)
    return (
        f'<figure style="--widest:{round(MOST_GROWN * width)}px"><img src="{source}" '
        f'alt="{html.escape(alt)}" width="{width}" height="{height}"></figure>'
    )


@cache  # a plan's deck shows what a lesson's does
def _fitted(source: str, crop: tuple[Box, ...]) -> tuple[str, int, int]:
    """A picture as the slide has it, its width and its height."""
    picture = squeezed(_trimmed(cropped(_picture(source), crop)))
    return _source(picture), *picture.size


def _picture(source: str) -> Image.Image:
    from PIL import Image

    return Image.open(io.BytesIO(base64.b64decode(DATA.fullmatch(source)[1])))


def cropped(picture: Image.Image, boxes: tuple[Box, ...]) -> Image.Image:
    """The parts of a picture one below the other; without boxes the picture."""
    if not boxes:
        return picture
    from PIL import Image

    sides = [[round(part * size / 100) for part, size in zip(b, picture.size * 2)] for b in boxes]
    parts = [picture.crop(one) for one in sides]
    size = max(part.width for part in parts), sum(part.height for part in parts)
    paper = Image.new("RGB", size, "white")
    top = 0
    for part in parts:
        paper.paste(part.convert("RGB"), (0, top))
        top += part.height
    return paper


def _trimmed(picture: Image.Image) -> Image.Image:
    """Without its white margins, so that what is drawn, and its letters, fill the slide."""
    from PIL import ImageChops

    drawn = ImageChops.invert(picture.convert("L")).getbbox()
    return picture.crop(drawn) if drawn else picture


def _source(picture: Image.Image) -> str:
    raw = io.BytesIO()
    picture.save(raw, format="png")
    return f"data:image/png;base64,{base64.b64encode(raw.getvalue()).decode('ascii')}"


def squeezed(picture: Image.Image, tallest: int = TALLEST) -> Image.Image:
    """The picture with its widest bands of white made narrower, until it is no taller than
    `tallest` or all have LEAST_GAP dots.
    """
    import numpy as np
    from PIL import Image

    dots = np.asarray(picture.convert("RGB"))
    ink = (dots.min(axis=2) < WHITE).any(axis=1)
    bands, row = [], 0  # first row and size of each
    for drawn, rows in groupby(ink):
        count = len(list(rows))
        if not drawn:
            bands.append((row, count))
        row += count
    too_many, widest = len(dots) - tallest, max((size for _, size in bands), default=0)
    while widest > LEAST_GAP and sum(max(0, size - widest) for _, size in bands) < too_many:
        widest -= 1
    keep = np.ones(len(dots), bool)
    for first, size in bands:
        keep[first + widest : first + size] = False
    return Image.fromarray(dots[keep])
