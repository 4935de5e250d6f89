"""What stands on the slide that is shown, in Chromium: does it fit, is every letter large enough?

Every letter has at least 20 pixels, except exponents and indices of formulas, which are 0.7 of
their formula, 0.5 at the second level: a formula whose main size is 28 keeps them above 14, and a
reader knows them from their place.
"""

from __future__ import annotations

from pathlib import Path

LETTERS, TEXT, MAIN = 20, 28, 24  # pixels: of anything, of the slides' own text, of a formula
LEFT = 40  # where titles and figures begin
TICKS = 9  # points: the smallest letters that a figure of the course has (tests/plots)

MEASURE = (
    (Path(__file__).parent / "measure.js")
    .read_text(encoding="utf-8")
    .replace("LETTERS", str(LETTERS))
    .replace("TICKS", str(TICKS))
)


def faults(found: dict[str, object]) -> list[str]:
    """What is wrong with a measured slide."""
    wrong = [f"{node} overflows" for node in found["over"]]
    wrong += [f"letters of {node} pixels" for node in found["small"]]
    if found["smallest"] < TEXT:
        wrong.append(f"text with letters of {found['smallest']} pixels")
    if found["main"] < MAIN:
        wrong.append(f"a formula with letters of {found['main']} pixels")
    if found["formulas"]:
        wrong.append("a formula that MathJax cannot read")
    if abs(found["title"] - LEFT) > 1:
        wrong.append(f"its title stands at {found['title']:.0f}")
    if (figure := found["figure"]) is not None:
        if max(figure["wide"], 1.2 * figure["high"]) < 0.55:
            wrong.append(f"its figure takes {figure['wide']:.2f} x {figure['high']:.2f} of it")
        if figure["letters"] < LETTERS - 0.05:
            wrong.append(f"the smallest letters of its figure have {figure['letters']:.1f} pixels")
        if abs(figure["left"] - LEFT) > 1:
            wrong.append(f"its figure stands at {figure['left']:.0f}")
        if len(figure["alt"]) < 20:
            wrong.append("its figure has no alt text")
    return wrong
