"""Put a figure into a notebook, with the words that tell what is to be seen in it."""

from __future__ import annotations

import base64
import html
import io
import sys
from typing import TYPE_CHECKING

from course_utils.language import translated

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCALE = 2  # picture points per pixel of the page: sharp on a retina screen
PIXELS_PER_INCH = 100
SHORTEST, LONGEST = 20, 600  # characters of an alt text


def show(fig: Figure, alt: str, width: int | None = None) -> None:
    """Display `fig` in the notebook with `alt`, a text that says what is to be seen in it.

    `alt` has one to three sentences and rounded numbers; `width` is in pixels of the page
    (else 100 to an inch of the figure). The figure is closed.

    Front ends choose: those that show HTML get a sharp picture with its alt text, others a PNG
    of the page's own resolution, which keeps a notebook of many figures small.
    Raises TypeError or ValueError for something that is no figure, and for an alt text that is
    empty, shorter than a sentence or longer than a paragraph.
    """
    if not hasattr(fig, "savefig"):
        raise TypeError(f"fig must be a matplotlib Figure, not a {type(fig).__name__}.")
    text = translated(check_alt(alt))
    data = png(fig)
    if width is None:
        width = round(fig.get_figwidth() * PIXELS_PER_INCH)
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(fig)  # or the notebook would show it once more
    code, plain = (base64.b64encode(d).decode("ascii") for d in (data, png(fig, scale=1)))
    picture = (
        f'<img class="carousel-figure" width="{int(width)}" alt="{html.escape(text)}" '
        f'src="data:image/png;base64,{code}">'
    )
    from IPython.display import display

    bundle = {"text/html": picture, "image/png": plain, "text/plain": translated("Figure: ") + text}
    display(bundle, raw=True, metadata={"image/png": {"width": int(width)}})


def png(fig: Figure, scale: float = SCALE) -> bytes:
    """The figure as a PNG with a palette: small, without date or version, the same every time."""
    import numpy as np
    from PIL import Image

    from course_utils.plots.style import style

    raw = io.BytesIO()
    with style():
        fig.savefig(raw, format="png", dpi=PIXELS_PER_INCH * scale)
    picture = Image.open(raw).convert("RGB")
    picture = picture.quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette = np.array(picture.getpalette())
    palette[palette > 247] = 255  # paper stays white, whatever it was merged with
    picture.putpalette(palette.tolist())
    small = io.BytesIO()
    picture.save(small, format="png", optimize=True)
    return small.getvalue()


def check_alt(alt: str) -> str:
    """`alt` on one line. Raises TypeError or ValueError if it cannot serve a reader."""
    if not isinstance(alt, str):
        raise TypeError(
            f"alt must be a text that says what is to be seen, not {type(alt).__name__}."
        )
    text = " ".join(alt.split())
    if not SHORTEST <= len(text) <= LONGEST:
        raise ValueError(
            f"alt has {len(text)} characters; one to three sentences that say what is to be seen "
            f"in the figure need {SHORTEST} to {LONGEST}."
        )
    return text
