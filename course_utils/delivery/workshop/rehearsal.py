"""`course rehearse`: a class of simulated learners on a hub of its own, and what it took."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
from rich.console import Console

from course_utils.delivery.workshop import footprint, report
from course_utils.delivery.workshop.folder import HubFolder
from course_utils.delivery.workshop.hub import free_port, kept_by, prepare, running
from course_utils.delivery.workshop.report import STEPS, Outcome
from course_utils.delivery.workshop.steps import arrive, hand_in, run_lesson
from course_utils.delivery.workshop.visitor import VisitError, Visitor
from course_utils.delivery.workshop.warm import warm_up
from course_utils.interpreter import python
from course_utils.workbook import Workbook


def rehearse(learners: int, lesson: str, exercise: str, folder: Path | None = None) -> bool:
    """Rehearse a workshop, print what it took, and say whether all worked for everybody.

    Raises:
        CourseError: if the hub cannot start.
    """
    outcome = measure(learners, lesson, exercise, folder)
    report.show(outcome)
    return outcome.well


def measure(learners: int, lesson: str, exercise: str, folder: Path | None = None) -> Outcome:
    """Make the rehearsal; see `rehearse`."""
    console = Console(stderr=True)
    with place(folder) as path:
        book = Workbook(path / "workbook")  # only asked for names, before anything is fetched
        lesson, exercise = book.find(lesson), book.find(f"exercises/{exercise}")
        here = HubFolder(path / "hub")
        prepare(here)
        outcome, port = Outcome(learners, lesson), free_port()
        with console.status("Starting the hub") as status, running(here, port, []) as hub:
            status.update("Warming up: the teacher's server and a notebook")
            outcome.warm = warm_up(here, port)
            asyncio.run(
                Class(here, port, kept_by(hub.pid), outcome, status.update).meet(lesson, exercise)
            )
            status.update("Stopping the hub")
        with console.status("Marking what was handed in"):
            mark(here, path / "class", outcome)
    return outcome


@contextlib.contextmanager
def place(folder: Path | None) -> Iterator[Path]:
    """The folder of the rehearsal: the given one, or one that is gone afterwards."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.absolute()
    else:
        with tempfile.TemporaryDirectory(prefix="carousel-", ignore_cleanup_errors=True) as name:
            yield Path(name)


@dataclass
class Class:
    """The learners, who do each step all at the same time: the worst that can happen to a hub."""

    here: HubFolder
    port: int
    hub: int  # process id
    outcome: Outcome
    say: Callable[[str], None]
    done: int = 0

    async def meet(self, lesson: str, exercise: str) -> None:
        """All steps, with everybody who is still there."""
        address, password = f"http://127.0.0.1:{self.port}", self.here.passwords()["class"]
        names = [f"learner{number:03}" for number in range(1, self.outcome.learners + 1)]
        async with contextlib.AsyncExitStack() as stack:
            visitors = [
                await stack.enter_async_context(Visitor(address, name, password)) for name in names
            ]
            watch = asyncio.create_task(self.watch(address))
            await self.step(STEPS[0], visitors, arrive)
            await self.step(STEPS[1], visitors, partial(run_lesson, path=lesson))
            watch.cancel()
            self.look()
            await self.step(STEPS[2], visitors, partial(hand_in, path=exercise))

    async def step(
        self, name: str, visitors: list[Visitor], act: Callable[[Visitor], Awaitable[object]]
    ) -> None:
        """One step of everybody for whom nothing failed yet."""
        there = [one for one in visitors if one.name not in self.outcome.failures]
        self.done = 0
        await asyncio.gather(*(self.timed(name, one, act, len(there)) for one in there))

    async def timed(
        self,
        step: str,
        visitor: Visitor,
        act: Callable[[Visitor], Awaitable[object]],
        all_of_them: int,
    ) -> None:
        self.say(f"{step}: {self.done} of {all_of_them}")
        start = time.perf_counter()
        try:
            await act(visitor)
        except (VisitError, httpx.HTTPError, OSError, asyncio.TimeoutError) as error:
            reason = str(error) or type(error).__name__
            self.outcome.failures[visitor.name] = f"{step}: {reason}"
        else:
            self.outcome.seconds[step].append(time.perf_counter() - start)
        self.done += 1
        self.say(f"{step}: {self.done} of {all_of_them}")

    async def watch(self, address: str) -> None:
        """Ask for the hub's front page every second, as one who comes late would."""
        async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as late:
            while True:
                start = time.perf_counter()
                with contextlib.suppress(httpx.HTTPError):
                    await late.get("/hub/login")
                self.outcome.latency.append(time.perf_counter() - start)
                await asyncio.sleep(1)

    def look(self) -> None:
        """Measure everybody's footprint, with the lesson's kernel still there."""
        everybody = footprint.of_learners(self.hub)
        names = [name for name in everybody if name.startswith("learner")]
        self.outcome.footprints = {name: everybody[name] for name in names}
        self.outcome.hub = footprint.of_hub(self.hub)


def mark(here: HubFolder, classroom: Path, outcome: Outcome) -> None:
    """Let `course grade` mark what was handed in, and count those with full marks."""
    classroom.mkdir(parents=True, exist_ok=True)
    course = python("-m", "course_utils.delivery.start")
    command = [*course, "grade", str(here.submitted), "--class", str(classroom)]
    done = subprocess.run(
        command, cwd=classroom, capture_output=True, encoding="utf-8", check=False
    )
    table = classroom / "grades.csv"
    if done.returncode or not table.is_file():
        said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()
        outcome.marks = f"not marked: {said[-1]}"
        return
    with open(table, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["score"]]
    full = {row["student_id"] for row in rows if float(row["score"]) == float(row["max_score"])}
    outcome.full_marks = len(full)
    outcome.marks = f"{len(full)} of {outcome.learners} have full marks"
