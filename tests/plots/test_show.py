"""show() gives every front end a picture it can use, and every reader the words."""

import base64
import html
import io
import re

import IPython.display
import matplotlib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from course_utils.plots import new_figure, png, show
from course_utils.plots.display import LONGEST, SHORTEST, check_alt

ALT = "Two lines that cross at step 3, one rising to 0.9."


def figure():
    fig, axes = new_figure(4, 2)
    axes.plot([0, 1, 4, 9])
    axes.set_title("Squares")
    return fig


def size(code: str) -> tuple[int, int]:
    return Image.open(io.BytesIO(base64.b64decode(code))).size


@pytest.fixture
def shown(monkeypatch):
    calls = []
    monkeypatch.setattr(
        IPython.display, "display", lambda data, **options: calls.append((data, options))
    )
    return calls


def test_one_display_carries_html_png_and_text(shown):
    assert show(figure(), ALT) is None
    [(data, options)] = shown
    assert options["raw"] is True
    assert set(data) == {"text/html", "image/png", "text/plain"}
    assert data["text/plain"] == f"Figure: {ALT}"
    assert f'alt="{ALT}"' in data["text/html"]
    inside = re.search('base64,([^"]+)', data["text/html"])[1]
    assert size(inside) == (800, 400)
    assert size(data["image/png"]) == (400, 200)


def test_the_picture_is_sharp_and_as_wide_as_asked(shown):
    show(figure(), ALT)
    show(figure(), ALT, width=640)
    assert 'width="400"' in shown[0][0]["text/html"]
    assert 'width="640"' in shown[1][0]["text/html"]
    assert shown[1][1]["metadata"] == {"image/png": {"width": 640}}


@given(st.text("abc <>&\"'\n\t", min_size=60, max_size=120).filter(lambda t: len(t.split()) > 8))
def test_any_alt_text_arrives_as_written(alt):
    try:
        wanted = check_alt(alt)
    except ValueError:
        return
    calls = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(IPython.display, "display", lambda data, **options: calls.append(data))
        patch.setattr("course_utils.plots.display.png", lambda fig, scale=2: b"picture")
        show(figure(), alt)
    assert html.unescape(re.search(r'alt="([^"]*)"', calls[0]["text/html"])[1]) == wanted


@pytest.mark.parametrize(
    "alt", ["", "   \n", "a figure", "x" * (SHORTEST - 1), "y" * (LONGEST + 1)]
)
def test_an_alt_text_that_cannot_serve_is_refused(shown, alt):
    with pytest.raises(ValueError, match="say what is to be seen"):
        show(figure(), alt)
    assert not shown


def test_mistaken_arguments_are_named(shown):
    with pytest.raises(TypeError, match="fig must be a matplotlib Figure, not a str"):
        show(ALT, figure())
    with pytest.raises(TypeError, match="alt must be a text"):
        show(figure(), None)
    assert not shown


def test_the_same_figure_is_the_same_bytes_without_date_or_version():
    one, other = png(figure()), png(figure())
    assert one == other
    picture = Image.open(io.BytesIO(one))
    assert picture.mode == "P" and not picture.info.keys() - {"transparency"}
    assert matplotlib.__version__.encode() not in one


def test_paper_is_part_of_the_picture():
    """A dark page must not shine through."""
    picture = Image.open(io.BytesIO(png(figure()))).convert("RGBA")
    assert picture.getpixel((2, 2)) == (255, 255, 255, 255)


def test_a_pyplot_figure_is_closed(shown):
    import matplotlib.pyplot as plt

    plt.switch_backend("agg")
    fig, _ = plt.subplots()
    show(fig, ALT)
    assert not plt.fignum_exists(fig.number)
