"""docs/speed.md, made of the stored figures.

    python benchmarks/page.py

A test holds the page to the figures: make it again when they have changed.
"""

from __future__ import annotations

import json
from pathlib import Path

import cells
import fading

PAGE = Path(__file__).parents[1] / "docs" / "speed.md"

HEAD = """\
# How fast the cells are

`make bench` measures this on your machine, `make bench ARGS=--torch` with PyTorch among the
contenders; `python benchmarks/page.py` writes this page from the figures that are stored in
`benchmarks/results`. Contenders take turns in one run, and medians are compared.

## A training step

Forward, read-out, loss, backward, clipping and Adam, on a batch in memory. *Over limit* divides our
forward and backward pass by what its matrix products and tanh cost at the machine's best speed.
"""

FADING = """\
## A gradient that fades

A gradient that vanishes gets so small that a number no longer holds all its digits: it is denormal.
Some processors, Intel's among them, take many times as long for each such number; others hardly
mind. The passes through time look for what comes near them, take it for zero, and end the way back
when nothing is left. The table sets this beside passes that never look. *Denormal* is the share of
such numbers among gradients of the states, if nobody looks. Where nothing fades, the ratio is what
looking costs.
"""


def page() -> str:
    """Its text."""
    stored = sorted(cells.RESULTS.glob("cells_*_thread.json"))
    steps = [cells.table(json.loads(path.read_text(encoding="utf-8"))) for path in stored]
    fades = fading.table(json.loads(fading.RESULT.read_text(encoding="utf-8")))
    return "\n".join([HEAD, *(f"{step}\n" for step in steps), FADING, fades]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
