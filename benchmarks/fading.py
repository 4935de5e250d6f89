"""What it is worth to take for zero what fades, and what it costs where nothing does.

    python benchmarks/fading.py            # a few minutes
    python benchmarks/fading.py --quick    # fewer repetitions, and nothing is stored

A backward pass from the last step, in float32 and on one thread, as it is (watched) and as it would
be if nobody looked for numbers that come near the denormal ones, see course_utils/cells/faint.py.
With random weights the gradient has vanished after 200 to 1,000 steps; with a loss at every step it
never does, and the looks are all there is to see. The two take turns, and what counts is the ratio
of their medians. How slow denormal numbers are depends on the processor: the table names it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from cells import QUICK_TURN_SECONDS, TURN_SECONDS, alternate, processor, to_ms

from course_utils import cells
from course_utils.cells import faint, unroll

RESULT = Path(__file__).parent / "results" / "fading.json"
CELLS = ("SimpleRNN", "LSTM", "GRU")
SIZES = [(32, 50, 8, 32), (32, 200, 64, 256), (32, 1000, 8, 32)]  # batch, steps, inputs, units
NEVER = 10**9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a rough figure")
    options = parser.parse_args()
    turn = QUICK_TURN_SECONDS if options.quick else TURN_SECONDS
    rows = []
    for size in SIZES:
        for cell in CELLS:
            rows += [measure(cell, size, every, turn) for every in (False, True)]
            print(f"{size} {cell}", file=sys.stderr, flush=True)
    result = {"processor": processor(), "date": str(date.today()), "rows": rows}
    print(table(result))
    if not options.quick:
        lines = ",\n  ".join(json.dumps(row) for row in result.pop("rows"))
        text = json.dumps(result)[:-1] + f', "rows": [\n  {lines}\n]}}\n'
        RESULT.write_text(text, encoding="utf-8")


def measure(cell: str, size: tuple[int, ...], every: bool, turn: float) -> dict:
    """Median ms of a backward pass, unwatched and watched, and the share of denormals in it."""
    passes = {"unwatched": backward_pass(cell, size, every, NEVER)}
    passes |= {"watched": backward_pass(cell, size, every, faint.SELDOM)}
    share = {name: round(denormal(step()), 4) for name, step in passes.items()}
    ms = to_ms(alternate(passes, time.process_time, turn))
    return {"cell": cell, "size": size, "every step": every, "denormal": share, "ms": ms}


def backward_pass(cell: str, size: tuple[int, ...], every: bool, first_look: int) -> Callable:
    """The function that goes back once, and returns the gradients of the states."""
    batch, steps, inputs, units = size
    rng = np.random.default_rng(0)
    layer = getattr(cells, cell)(units, seed=0, return_sequences=every)
    y = layer(rng.normal(size=(batch, steps, inputs)))
    dy = rng.normal(size=y.shape).astype(y.dtype)

    def step() -> np.ndarray:
        unroll.SELDOM = first_look
        try:
            return layer.backward(dy)._gradient.h
        finally:
            unroll.SELDOM = faint.SELDOM

    return step


def denormal(array: np.ndarray) -> float:
    size = np.abs(array)
    return float(np.mean((size > 0) & (size < np.finfo(array.dtype).tiny)))


def table(result: dict) -> str:
    head = ["batch, T, m, n", "cell", "loss at", "denormal", "unwatched", "watched", "ratio"]
    title = f"{result['processor']}, {result['date']}: median ms of a backward pass on one thread."
    lines = [title, "", line(head), line(["---"] * len(head))]
    for row in result["rows"]:
        plain, watched = row["ms"]["unwatched"], row["ms"]["watched"]
        size, where = ", ".join(map(str, row["size"])), "all steps" if row["every step"] else "last"
        share = f"{row['denormal']['unwatched']:.1%}"
        times = [f"{plain:.2f}", f"{watched:.2f}", f"{watched / plain:.2f}"]
        lines.append(line([size, row["cell"], where, share, *times]))
    return "\n".join(lines)


def line(columns: list[str]) -> str:
    widths = [16, 9, 9, 8, 9, 8, 5]
    return "| " + " | ".join(f"{c:>{w}}" for c, w in zip(columns, widths, strict=True)) + " |"


if __name__ == "__main__":
    main()
