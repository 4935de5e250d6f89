"""The player as a film, for pages without scripts: animated WebP and GIF, and one still.

    python -m course_utils.player.film     writes docs/images/*.webp, *.gif and *.png

The frames are drawn by matplotlib from the same geometry and the same numbers as the player.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from course_utils.player.payload import HIGH, LOW, MEMORY, number
from course_utils.player.scenes import Scene, scenes
from course_utils.plots.anatomy import PAGE, SAME_GRADIENT, draw_cell
from course_utils.plots.living import LivingPen, diverging
from course_utils.plots.pen import tint
from course_utils.plots.style import CELLS, CLUE, FAINT, GATES, INK, PAPER, SOFT, canvas, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
FILMS = {
    "cover": ("SimpleRNN", "LSTM", "GRU"),
    "simple_rnn": ("SimpleRNN",),
    "lstm": ("LSTM",),
    "gru": ("GRU",),
}
SHOWN = ("noise", "chrono")  # the scene of the films
MOST_BYTES = 150_000
SHARES = (1, 0.74, 0.62, 0.5, 0.36, 0.25, 0.16, 0.07, 0.035)  # of colour in the palette's tints
CLEAR = 4  # in the palette: the second paper
DPI = {1: 100, 3: 56}  # by number of cells
MARGIN, GAP = 0.28, 0.3  # at the sides, and between cells
TITLE, LANE, INPUTS = 0.55, 0.74, 0.42  # heights
STEP, HOLD = 160, 1600  # milliseconds of a frame, and of the last one of a pass
LONG = (": one click, then noise", ": what is left of the last step’s gradient")
STILL = 14  # the step of the still
EVERY = 2  # steps to a frame
TICKS = (1, 0.1, 0.001)  # gradients whose place a lane shows
PAGE_WIDTH, DOTS = 9.6, 100  # inches of a still of several cells; pixels of a page to an inch


class Stage:
    """A page with some cells side by side, a lane of time below each; `show` sets a moment."""

    def __init__(self, scene: Scene, cells: Sequence[str]):
        self.scene, self.cells = scene, tuple(cells)
        width = 2 * MARGIN + len(cells) * PAGE[0] + (len(cells) - 1) * GAP
        height = TITLE + PAGE[1] + LANE + INPUTS + 0.35
        self.figure, self.axes = canvas(width, height)
        self.title = self.axes.text(
            MARGIN + 0.02, height - 0.34, "", fontsize=17, color=INK, va="center", fontweight="bold"
        )
        self.clock = self.axes.text(
            width - MARGIN + 0.02,
            height - 0.34,
            "",
            fontsize=15,
            color=SOFT,
            va="center",
            ha="right",
        )
        self.floor = 0.22 + INPUTS + LANE
        self.pens, self.lanes = {}, {}
        for k, name in enumerate(cells):
            left = MARGIN + k * (PAGE[0] + GAP)
            pen = LivingPen(self.axes, (left, self.floor + 0.12), self._units(name))
            draw_cell(pen, name)
            self.pens[name] = pen
            self.lanes[name] = Lane(self.axes, scene, name, left + 0.3, PAGE[0] - 0.6, self.floor)

    def show(self, step: int, backward: bool) -> None:
        """The moment after `step` (from 1), in the forward or the backward pass."""
        long = len(self.cells) > 1
        way = "Backward pass" if backward else "Forward pass"
        more = LONG[backward] if long else ""
        self.title.set_text(way + more)
        self.title.set_color(CLUE if backward else INK)
        self.clock.set_text(f"t = {step} of {self.scene.steps}")
        for name, pen in self.pens.items():
            flow, k = self.scene.flows[name], step - 1
            pen.set_gates({key: values[k] for key, values in flow["gates"].items()})
            pen.set_states(_states(flow, k))
            pen.set_flows(*_flows(name, flow, k) if backward else (None, {}))
            pen.set_token(self.scene.tokens[k])
            self.lanes[name].show(step, backward)

    def _units(self, name: str) -> int:
        return len(self.scene.flows[name]["units"])


class Lane:
    """All steps of one cell's memory, or of its gradient, with the inputs below."""

    def __init__(
        self, axes: object, scene: Scene, name: str, left: float, width: float, top: float
    ):
        from matplotlib.colors import to_rgb
        from matplotlib.patches import Rectangle

        self.scene, self.left, self.column = scene, left, width / scene.steps
        bottom = top - LANE
        axes.add_patch(Rectangle((left, bottom), width, LANE, fc=tint(INK, 0.035), lw=0, zorder=1))
        rows = _difference(scene, name)
        self.colors = np.array([[diverging(value) for value in row] for row in rows.T])
        extent = (left, left + width, bottom, top)
        self.raster = axes.imshow(
            self.colors, extent=extent, aspect="auto", interpolation="none", zorder=2
        )
        axes.set(xlim=(0, axes.figure.get_figwidth()), ylim=(0, axes.figure.get_figheight()))
        self.paper = np.array(to_rgb(PAPER))
        self.rivers = [
            self._river(axes, scene.flows[name]["gradient"][key], bottom + LANE / 2, amount)
            for key, amount in ((("c", 0.42), ("h", 1.0)) if MEMORY[name] == "c" else (("h", 1.0),))
        ]
        self.ticks = [
            self._tick(axes, bottom + LANE / 2 + side * _half(norm))
            for norm in TICKS
            for side in (-1, 1)
        ]
        self.bars = self._inputs(axes, bottom - 0.1)

    def _river(self, axes: object, norms: np.ndarray, middle: float, amount: float) -> tuple:
        from matplotlib.patches import Polygon

        half = np.array([_half(norm) for norm in norms])
        x = self.left + self.column * np.r_[0, np.arange(len(half)) + 0.5, len(half)]
        half = np.r_[half[0], half, half[-1]]
        shape = np.r_[np.c_[x, middle + half], np.c_[x, middle - half][::-1]]
        faint = axes.add_patch(Polygon(shape, fc=tint(CLUE, 0.15 * amount), lw=0, zorder=3))
        full = axes.add_patch(Polygon(shape, fc=tint(CLUE, amount), lw=0, zorder=3.2))
        return faint, full, shape

    def _tick(self, axes: object, y: float) -> object:
        ends = [self.left, self.left + self.column * self.scene.steps]
        return axes.plot(ends, [y, y], color=SOFT, lw=0.5, ls=(0, (2, 3)), zorder=3.4)[0]

    def _inputs(self, axes: object, top: float) -> list:
        from matplotlib.patches import Rectangle

        bars = []
        for k, bar in enumerate(self.scene.bars or (0.5,) * self.scene.steps):
            x = self.left + (k + 0.29) * self.column
            height = max(0.03, INPUTS * bar * 0.8)
            place = (x, top - 0.8 * INPUTS)
            bars.append(axes.add_patch(Rectangle(place, 0.42 * self.column, height, lw=0)))
        return bars

    def show(self, step: int, backward: bool) -> None:
        seen = np.arange(self.scene.steps) < step
        shown = np.where(
            seen[None, :, None], self.colors, self.paper + 0.13 * (self.colors - self.paper)
        )
        self.raster.set_data(shown)
        self.raster.set_visible(not backward)
        for faint, full, shape in self.rivers:
            faint.set_visible(backward)
            full.set_visible(backward)
            full.set_xy(shape[step : len(shape) - step])  # from the middle of this step to the end
        for tick in self.ticks:
            tick.set_visible(backward)
        for k, bar in enumerate(self.bars):
            clue = k + 1 in self.scene.clues
            here = k + 1 == step
            bar.set_facecolor(CLUE if clue else INK if here else FAINT)


def share_of(norm: float) -> float:
    """The share of full width, 0 to 1, on the logarithmic scale of the player."""
    return 0.0 if norm <= 0 else float(np.clip((np.log10(norm) - LOW) / (HIGH - LOW), 0, 1))


def _half(norm: float) -> float:
    """Half the width of a gradient in its lane."""
    return (0.012 + 0.47 * share_of(norm)) * LANE


def still(scene: Scene, cells: Sequence[str], step: int = STILL, backward: bool = False) -> Figure:
    """One moment of a scene as a figure that fits a page."""
    with style():
        stage = Stage(scene, cells)
        stage.show(step, backward)
        wide, high = stage.figure.get_size_inches()
        inches = PAGE_WIDTH if len(cells) > 1 else PAGE_WIDTH * 0.6
        stage.figure.set_dpi(2 * DOTS * inches / wide)
        figure, axes = canvas(inches, inches * high / wide)
        axes.imshow(_pixels(stage.figure), extent=(0, inches, 0, inches * high / wide))
    return figure


def frames(scene: Scene, cells: Sequence[str]) -> Iterator[tuple[np.ndarray, int]]:
    """Pictures (height, width, 3) and their milliseconds: steps forwards, then backwards."""
    T = scene.steps
    forward = [1, *range(EVERY, T + 1, EVERY)]
    order = [(t, False) for t in forward] + [(t, True) for t in forward[::-1]]
    with style():
        stage = Stage(scene, cells)
        stage.figure.set_dpi(DPI[len(cells)])
    for t, backward in order:
        with style():
            stage.show(t, backward)
            picture = _pixels(stage.figure)
        last, first = (1, T) if backward else (T, 1)
        yield picture, HOLD if t == last else 4 * STEP if t == first else STEP


def write(folder: Path = IMAGES, names: Sequence[str] = tuple(FILMS)) -> list[Path]:
    """Write all films and stills; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    scene = shown_scene()
    written = []
    palette = _palette()
    for name in names:
        pictures, times = zip(*frames(scene, FILMS[name]))
        flat = [_flat(one, palette) for one in pictures]
        gif, webp, png = (folder / f"{name}.{kind}" for kind in ("gif", "webp", "png"))
        look = {"save_all": True, "duration": list(times), "loop": 0}
        few = [0, *range(1, len(flat) - 1, 2), len(flat) - 1]  # a GIF packs worse: half the frames
        changes = _changes([flat[k] for k in few])
        slow = {**look, "duration": [2 * times[k] if times[k] == STEP else times[k] for k in few]}
        options = {"disposal": 1, "transparency": CLEAR, "optimize": False}
        changes[0].save(gif, append_images=changes[1:], **slow, **options)
        rgb = [one.convert("RGB") for one in flat]
        rgb[0].save(webp, append_images=rgb[1:], lossless=True, quality=60, method=4, **look)
        flat[STILL // EVERY].save(png, optimize=True)
        written += [gif, webp, png]
    (folder / "films.json").write_text(json.dumps(fingerprint(scene), indent=1) + "\n")
    return written


def shown_scene() -> Scene:
    return next(one for one in scenes() if (one.sequence, one.weights) == SHOWN)


def fingerprint(scene: Scene) -> dict[str, object]:
    """All that decides the films: a digest of the drawing code, and some numbers of the cells."""
    code = hashlib.sha256()
    for path in ("plots/anatomy.py", "plots/living.py", "player/film.py"):
        code.update((ROOT / "course_utils" / path).read_bytes())
    numbers = {
        name: {
            **{key: round(float(np.mean(values)), 3) for key, values in flow["gates"].items()},
            "log gradient": [
                round(float(np.log10(norm)), 2) for norm in flow["gradient"][MEMORY[name]][::8]
            ],
        }
        for name, flow in scene.flows.items()
    }
    shown = f"{scene.sequence}, {scene.weights}"
    return {"drawing": code.hexdigest()[:16], "scene": shown, "numbers": numbers}


def _states(flow: dict, k: int) -> dict[str, np.ndarray]:
    found = {}
    for key, values in flow["states"].items():
        scaled = values / (np.abs(values).max() or 1)
        found[key] = scaled[k]
        found[f"{key}_prev"] = scaled[k - 1] if k else np.zeros_like(scaled[0])
    return found


def _difference(scene: Scene, name: str) -> np.ndarray:
    values = scene.apart[name][:, scene.flows[name]["units"]]
    return values / (np.abs(values).max() or 1)


def _flows(name: str, flow: dict, k: int) -> tuple[dict[str, float], dict[str, str]]:
    norms = {key: values[k] for key, values in flow["gradient"].items()}
    norms |= {wire: norms[key] for wire, key in SAME_GRADIENT[name].items()}
    return {key: share_of(norm) for key, norm in norms.items()}, {
        key: number(norm) for key, norm in norms.items()
    }


def _pixels(figure: Figure) -> np.ndarray:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    drawing = FigureCanvasAgg(figure)
    drawing.draw()
    return np.asarray(drawing.buffer_rgba())[..., :3].copy()


def _palette() -> np.ndarray:
    """The style's colours and their tints, the same for all films; index CLEAR is none of them."""
    from matplotlib.colors import to_rgb

    named = {mark.color for mark in (*CELLS.values(), *GATES.values())} | {CLUE}
    colors = [to_rgb(INK), to_rgb(SOFT), to_rgb(FAINT), to_rgb(PAPER), to_rgb(PAPER)]
    colors += [tint(INK, share) for share in (0.035, 0.12, 0.25, 0.4, 0.7)]
    colors += [tint(color, share) for color in sorted(named) for share in SHARES]
    return np.round(255 * np.array(colors)).astype(int)


def _flat(picture: np.ndarray, palette: np.ndarray) -> Image:
    """The picture in the nearest colours of the palette."""
    from PIL import Image

    packed = picture.astype(int) @ (65536, 256, 1)
    found, places = np.unique(packed, return_inverse=True)
    colors = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1)
    nearest = ((colors[:, None] - palette) ** 2).sum(axis=2).argmin(axis=1).astype(np.uint8)
    flat = Image.fromarray(nearest[places].reshape(packed.shape))
    flat.putpalette(palette.ravel().tolist())
    return flat


def _changes(flat: Sequence[Image]) -> list[Image]:
    """Each frame with what has not changed since the one before made transparent."""
    from PIL import Image

    arrays = [np.asarray(one) for one in flat]
    found = [flat[0]]
    for before, now in pairwise(arrays):
        picture = Image.fromarray(np.where(now == before, CLEAR, now).astype(np.uint8))
        picture.putpalette(flat[0].getpalette())
        found.append(picture)
    return found


if __name__ == "__main__":
    for path in write():
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB")
