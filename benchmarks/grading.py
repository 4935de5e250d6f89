"""How long `course grade` takes for a class, from the folder of submissions to the last page.

    python benchmarks/grading.py                         # 100 submissions of set 01
    python benchmarks/grading.py --quick                 # 20 of them, and nothing is stored
    python benchmarks/grading.py --count 20 --set 06     # nor here
    python benchmarks/grading.py --count 20 --walls both # bubblewrap's and WebAssembly's in turn

Half of the submissions are the worked solution, half are it with one mistake: those take longer,
as the judge then looks for a misconception. Every submission is another learner's, so nobody's
inputs are anybody else's, and each runs in a sandbox of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from course_utils import CourseError
from course_utils.delivery.grading import commands
from course_utils.delivery.grading.marks import Marks
from course_utils.delivery.grading.sets import ProblemSet, find_set, marked, text_of
from course_utils.delivery.grading.walls import WORKERS, get_ready

RESULT = Path(__file__).parent / "results" / "grading.json"
COUNT, SET, TARGET = 100, "01", 60.0  # the target is in seconds, on two cores
QUICK, TURNS = 20, 3  # submissions; turns of each kind of walls


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--count", type=int, default=COUNT, help=f"submissions, {COUNT} if not given"
    )
    parser.add_argument("--set", default=SET, help="a problem set")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} submissions")
    parser.add_argument("--walls", choices=[*WORKERS, "both"], default="bubblewrap")
    options = parser.parse_args()
    if options.quick:
        options.count = QUICK
    one = find_set(options.set)
    if options.walls == "both":
        compare(one, options.count)
        return
    every, seconds = measure(one, options.count, options.walls)
    result = {
        "submissions": options.count,
        "set": one.name,
        "full marks": sum(marks.points == marks.out_of for marks in every),
        "cores": len(os.sched_getaffinity(0)),
        "seconds": round(seconds, 1),
        "target": TARGET,
    }
    print(f"{options.count} submissions of {one.name}: {seconds:.1f} s on {result['cores']} cores")
    if (options.count, options.set, options.walls) == (COUNT, SET, "bubblewrap"):
        RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def measure(one: ProblemSet, count: int, walls: str) -> tuple[list[Marks], float]:
    """The marks of a class, and the seconds that they took."""
    with tempfile.TemporaryDirectory() as folder:
        hand_in(Path(folder), one, count)
        start = time.perf_counter()
        every = commands.grade(Path(folder), None, walls=walls)
        return every, time.perf_counter() - start


def compare(one: ProblemSet, count: int) -> None:
    """Both kinds of walls take turns, so that a busy machine hits them alike."""
    get_ready("webassembly", commands.console)
    taken: dict[str, list[float]] = {walls: [] for walls in WORKERS}
    for _ in range(TURNS):
        for walls in WORKERS:
            taken[walls].append(measure(one, count, walls)[1])
    middle = {walls: statistics.median(seconds) for walls, seconds in taken.items()}
    print(*(f"{walls}: {seconds:.1f} s" for walls, seconds in middle.items()), sep="\n")
    print(f"ratio: {middle['webassembly'] / middle['bubblewrap']:.2f}")


def hand_in(folder: Path, one: ProblemSet, count: int) -> None:
    """Lay `count` submissions into a class; every second one has a mistake in its first answer."""
    for number in range(count):
        notebook = json.loads(json.dumps(one.notebook))
        first = next(cell for cell in notebook["cells"] if marked(cell).get("solution"))
        if number % 2:
            first["source"] = text_of(first).replace(" + ", " - ", 1)
        path = folder / "submitted" / f"learner{number:03}" / one.name / f"{one.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except CourseError as error:
        sys.exit(str(error))
