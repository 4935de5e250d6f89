"""Commands that die at a chosen instant: `python -m tests.grading.crashes NAME SEED CHAINS FOLDER`.

An instant is a moment at which something below the class's folder is about to be made, renamed,
removed or opened for writing, or at which the gradebook is about to be committed. The process ends
there as by kill -9; every second time the file that is opened is left half written before that.
Each chain is a class in which a command dies some times in a row; then it is repeated undisturbed.
Answers are marked without a sandbox here: what is tried is what is written.
"""

import contextlib
import csv
import importlib
import json
import os
import random
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Engine

from course_utils.delivery.grading import again, commands
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.converters import require_nbgrader
from course_utils.delivery.grading.marks import Mark, Marks

from .classes import SET, digests, handed_in, lay, source

DEATHS = 10  # in each chain
DIED = 137
MENDED = [False]


class Instants:
    """Counts them, and ends the process at one."""

    def __init__(self, folder: Path, last: int):
        self.folder, self.last, self.count = str(folder), last, 0

    def __call__(self, what: str, arguments: tuple) -> None:
        if what in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"):
            self.near(arguments[0], False)
        elif what == "open" and writes(arguments[1], arguments[2]):
            self.near(arguments[0], True)

    def commit(self, connection) -> None:
        self.near(self.folder, False)

    def near(self, path: object, opened: bool) -> None:
        if not isinstance(path, str | bytes) or not os.fsdecode(path).startswith(self.folder):
            return
        self.count += 1
        if self.count == self.last:
            if opened and self.count % 2:
                half = os.open(path, os.O_WRONLY | os.O_CREAT)
                os.truncate(half, os.fstat(half).st_size // 2)
            os._exit(DIED)


def writes(mode: object, flags: object) -> bool:
    flags = flags if isinstance(flags, int) else 0
    return bool(set("wax+") & set(mode or "")) or bool(flags & (os.O_WRONLY | os.O_RDWR))


def marked(entries, jobs=-1, cluster=None, classmates=(), walls="bubblewrap"):
    """Marks without a sandbox; those of bob's first task are others after a mend."""
    for entry in entries:
        marks = [
            Mark(
                name, entry.set.points(name) * (entry.learner == "ada"), entry.set.points(name), "x"
            )
            for name in entry.set.problems
        ]
        if MENDED[0] and entry.learner == "bob":
            marks[0] = replace(marks[0], points=0.5, message="Mended.")
        yield Marks(
            entry.learner, entry.set.name, tuple(marks), entry.submission.digest, entry.set.version
        )


def grade(folder: Path) -> None:
    commands.grade(folder, None)


def release(folder: Path) -> None:
    commands.release(("01",), folder, None, None, "2026-12-04T18:00+00:00")


def regrade(folder: Path) -> None:
    MENDED[0] = True
    again.regrade("01", ("rnn_step",), folder, yes=True)


def feedback(folder: Path) -> None:
    commands.feedback(folder, None, ())


def attempt(command: Callable, folder: Path, last: int) -> tuple[int, int]:
    """Run a command in a process of its own: its status, and the instants it saw."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        instants = Instants(folder, last)
        sys.addaudithook(instants)
        event.listen(Engine, "commit", instants.commit)
        try:
            command(folder)
            os.write(writing, str(instants.count).encode())
            os._exit(0)
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), int(said or 0)


def import_what_it_needs(command: Callable, folder: Path) -> None:
    """Import what a command imports on its way, or each of its hundred processes would again."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        try:
            command(folder)
        finally:
            with os.fdopen(writing, "w") as pipe:
                pipe.write("\n".join(sys.modules))
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        names = pipe.read().split("\n")
    os.waitpid(child, 0)
    for name in names:
        with contextlib.suppress(ImportError):  # some make modules of no file
            importlib.import_module(name)


def everything(folder: Path) -> dict:
    """What a teacher and learners see of a class, without the times of commands."""
    shown = {
        place: digest
        for place, digest in digests(folder).items()
        if place.endswith((".html", ".csv", ".toml", ".ipynb", ".released", ".py", ".part", ".new"))
    }
    with (
        open(folder / "regrades.csv", encoding="utf-8")
        if (folder / "regrades.csv").exists()
        else open(os.devnull, encoding="utf-8") as f
    ):
        shown["regrades.csv"] = [row[1:] for row in csv.reader(f)]
    shown["marks"] = {k: m.as_data() for k, m in sorted(Classroom(folder).marked(SET).items())}
    return shown


def chain(command: Callable, start: Path, folder: Path, instants: int, dice: random.Random) -> int:
    """Let a command die some times, then repeat it; how often it died."""
    shutil.copytree(start, folder)
    handed, kept, deaths = digests(folder / "submitted"), set(), 0
    for _ in range(DEATHS):
        status, seen = attempt(command, folder, dice.randint(1, instants))
        deaths += status == DIED
        instants = seen or instants  # what is done already is not done again
        assert status in (0, DIED), status
        assert digests(folder / "submitted") == handed
        known = set(Classroom(folder).marked(SET))
        assert kept <= known, f"marks were lost: {kept - known}"
        kept = known
    status, _ = attempt(command, folder, 0)
    assert status == 0
    return deaths


def without_sandbox() -> None:
    commands.mark_all = again.mark_all = marked
    again.probe = lambda: None
    commands.choose = lambda wanted, cluster=None: "bubblewrap"


def main(name: str, seed: int, chains: int, home: Path) -> dict:
    without_sandbox()
    require_nbgrader()
    command, start = globals()[name], home / "start"
    wrong = handed_in(source("rnn_step = 1"))
    lay(start, {"ada": handed_in(), "bob": wrong, "cy": wrong})
    (start / "due.toml").write_text(f'penalty = "10 %"\n["{SET}"]\ndue = 2026-12-01T00:00:00Z\n')
    (start / "submitted" / "ada" / SET / "timestamp.txt").write_text("2026-12-02 10:00:00.0 UTC")
    if name in ("regrade", "feedback"):
        assert attempt(grade, start, 0)[0] == 0
    elif name == "release":
        (start / "due.toml").unlink()
    shutil.copytree(start, home / "trial" / "class")
    import_what_it_needs(command, home / "trial" / "class")
    shutil.copytree(start, home / "whole" / "class")
    status, instants = attempt(command, home / "whole" / "class", 0)
    assert status == 0
    right, dice, deaths = everything(home / "whole" / "class"), random.Random(seed), 0
    for number in range(chains):
        folder = home / str(number) / "class"
        deaths += chain(command, start, folder, instants, dice)
        assert everything(folder) == right, {
            key: (one, right.get(key))
            for key, one in everything(folder).items()
            if one != right.get(key)
        }
        shutil.rmtree(folder)
    return {"instants": instants, "deaths": deaths}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))))
