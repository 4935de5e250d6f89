"""A made-up class, as its teacher sees it at a glance; and how often pairs of answers are wrong.

    python benchmarks/overview.py --learners 23 --to build/overview    # the page and its tables
    python benchmarks/overview.py --picture     # docs/images/overview.png, with Chromium
    python benchmarks/overview.py --pairs       # how often pairs are found, and found by chance

Nobody here exists. Answers are those of independent writers (tests/grading/writers.py) and of the
bank's known mistakes; one learner has copied another's file, and one has changed its names.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for the writers of the tests

import numpy as np

from course_utils.delivery.grading import handouts
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.marks import Mark, Marks
from course_utils.delivery.grading.overview import known, make, moments
from course_utils.delivery.grading.overview.alike import MOST_LEARNERS, pairs
from course_utils.delivery.grading.overview.shapes import shapes
from course_utils.delivery.grading.sets import find_set, marked, text_of
from course_utils.delivery.grading.submission import Submission
from course_utils.feedback.run import collect
from tests.grading.writers import disguised, writer

ROOT = Path(__file__).resolve().parents[1]
SET = "04"
FIRST = "Ada Bo Cem Dana Emre Finn Gül Hana Ivo Jun Kim Lea Maja Nia Omar Pia Quinn Rosa Sam Tove"
LAST = "Adler Berg Costa Diaz Evans Fischer Grau Haas Ito Jansen Kaya Lund Moreau Novak Okoro Park"
PICTURE = ROOT / "docs" / "images" / "overview.png"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=23)
    parser.add_argument("--to", type=Path, help="a folder for the page")
    parser.add_argument("--picture", action="store_true", help="draw the picture of the docs")
    parser.add_argument("--pairs", action="store_true", help="measure pairs")
    options = parser.parse_args()
    if options.pairs:
        measure()
        return
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) if options.picture or not options.to else options.to
        path = page(Classroom(to).open(), options.learners)
        print(path)
        if options.picture:
            photograph(path, PICTURE)


def page(classroom: Classroom, learners: int) -> Path:
    """The page of a made-up class."""
    one, rng = find_set(SET), random.Random(7)
    handouts.release(classroom, one)
    out = datetime.now(timezone.utc) - timedelta(days=9)
    moments.note_hand_out(classroom, one.name)
    moments.kept(classroom, one.name).write_text(out.isoformat(), encoding="ascii")
    given = known.stubs({"cells": handed_out(classroom, one.name)})
    everyone = rng.sample([f"{a} {b}" for b in LAST.split() for a in FIRST.split()], learners)
    sources = {learner: answers(one, given, rng, k) for k, learner in enumerate(everyone)}
    if learners > 2:
        first, second, third, *_ = everyone
        sources[second] = dict(sources[first])
        if learners > 10:
            fourth = everyone[3]
            sources[fourth] = {name: renamed(text) for name, text in sources[third].items()}
    results = []
    for learner, own in sources.items():
        submission = Submission({name: (text,) for name, text in own.items()}, {}, learner)
        results.append((marks(one, learner, own, given), submission))
        hours = rng.choice([rng.uniform(2, 40), rng.uniform(40, 190), rng.gauss(168, 4)])
        folder = classroom.submitted / learner / one.name
        folder.mkdir(parents=True)
        (folder / "timestamp.txt").write_text((out + timedelta(hours=abs(hours))).isoformat())
    return make.write(classroom, one, results)


def handed_out(classroom: Classroom, name: str) -> list[dict]:
    import json

    path = classroom.folder / "release" / name / f"{name}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def answers(one, given: dict[str, str], rng: random.Random, seed: int) -> dict[str, str]:
    """A learner's answers: right, with a known mistake, or not begun, as able as they are."""
    able, written = rng.betavariate(1.7, 0.9), writer(seed)
    solution = {marked(c).get("grade_id"): text_of(c) for c in one.notebook["cells"]}
    found = {}
    for hard, name in enumerate(one.problems):
        luck = rng.random() * (1 + 0.12 * hard)
        wrong = list(known.answers(one.problem(name, None)))[1:]
        if luck < able:
            found[name] = written.get(name, solution[name])
        elif luck < able + 0.4:
            found[name] = wrong[min(int(rng.expovariate(0.8)), len(wrong) - 1)]
        else:
            found[name] = given[name]
    return found


def renamed(text: str) -> str:
    try:
        return disguised(text)
    except SyntaxError:
        return text


def marks(one, learner: str, own: dict[str, str], given: dict[str, str]) -> Marks:
    """What the answers are worth. They are ours, so they run here, without a sandbox."""
    scope, made = {"np": np}, []
    for source in one.set_up({}):
        exec(source.replace("from course_utils.feedback", "#"), scope)
    for name in one.problems:
        problem, out_of = one.problem(name, None), one.points(name)
        if own[name] == given[name]:
            made.append(Mark(name, 0.0, out_of, f"{name} is still to be written."))
            continue
        exec(own[name], scope)
        questions = problem.questions(1)
        verdict = problem.judge(questions, collect(problem, scope[name], questions, 60))
        points = round(verdict.score * out_of, 2)
        made.append(Mark(name, points, out_of, verdict.message, verdict.misconception))
        exec(text_of_solution(one, name), scope)  # what follows uses a right one
    return Marks(learner, one.name, tuple(made), learner, one.version)


def text_of_solution(one, name: str) -> str:
    cells = one.notebook["cells"]
    return next(text_of(cell) for cell in cells if marked(cell).get("grade_id") == name)


def photograph(path: Path, to: Path) -> None:
    """A picture of the top of the page."""
    chromium = os.environ.get("CHROMIUM", "chromium")
    subprocess.run(
        [
            *(chromium, "--headless", "--no-sandbox", "--hide-scrollbars"),
            *("--window-size=1280,1400", f"--screenshot={to}", path.absolute().as_uri()),
        ],
        check=True,
        capture_output=True,
    )
    from PIL import Image

    Image.open(to).convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(to, optimize=True)


def measure() -> None:
    """Made-up classes in which nobody copies, and in which one learner does."""
    one, names = find_set(SET), ["lstm_step", "lstm_forward", "lstm_params"]
    seen = known.sources(one)
    pool = [writer(seed) for seed in range(2000)]
    copied = [
        {name: disguised(text, k) for name, text in own.items()} for k, own in enumerate(pool[:300])
    ]
    every = [text for own in [*pool, *copied] for text in own.values()]
    found = shapes([*every, *(text for name in names for text in seen[name])])
    shown = {name: [found[text] for text in seen[name] if text in found] for name in names}
    print("learners  kind       pairs by chance in a class  copies found  disguised copies found")
    for learners, classes in ((3, 300), (10, 100), (23, 100), (30, 60), (120, 20)):
        count = {"text": [0, 0, 0], "structure": [0, 0, 0]}
        rng = random.Random(learners)
        for _ in range(classes):
            who = [rng.randrange(300), *rng.sample(range(300, 2000), learners - 1)]
            for case, other in enumerate((pool[who[1]], pool[who[0]], copied[who[0]])):
                own = [pool[who[0]], other, *(pool[k] for k in who[2:])]
                by_problem = {
                    name: {f"{k:03}": found[each[name]] for k, each in enumerate(own)}
                    for name in names
                }
                for pair in pairs(by_problem, shown):
                    planted = (pair.one, pair.other) == ("000", "001")
                    count[pair.kind][case] += 1 if case == 0 else planted
        for kind, (chance, same, changed) in count.items():
            if kind == "structure" and learners > MOST_LEARNERS:
                continue
            print(
                f"{learners:8}  {kind:9}  {chance / classes:26.2f}  {same / classes:12.0%}"
                f"  {changed / classes:22.0%}"
            )


if __name__ == "__main__":
    main()
