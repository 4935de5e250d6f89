"""Commands that die at a chosen instant: `python -m tests.grading.crashes FOLDER`.

An instant is a moment at which something below the class's folder is about to be made, renamed,
removed or opened for writing, or at which the gradebook is about to be committed. The process ends
there as by kill -9; a file that is opened is left half written. Instants of the same kind at places
of the same name, whichever learner's, are of one sort. A command dies once at each sort of instant,
in the order in which it comes to them, in one class: what one death has left, the next run meets.
Then a few deaths at instants chosen by dice, in another class. At last the command is repeated
undisturbed. Answers are marked without a sandbox here: what is tried is what is written.
"""

import contextlib
import csv
import json
import os
import random
import re
import shutil
import sys
import traceback
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

LEARNERS = ("ada", "bob", "cy")
COMMANDS = ("grade", "release", "feedback", "regrade")
DICED = 5  # deaths by dice, after those of each sort
DIED = 137
MENDED = [False]
RANDOM = re.compile(r"-[a-z0-9_]{8}(?=\.part)")  # as temporary files are named


class Instants:
    """Ends the process at the first instant of a sort that is fatal; `tell` hears of it."""

    def __init__(self, folder: Path, fatal: Callable[[str], bool], tell: Callable[[str], object]):
        self.folder, self.fatal, self.tell, self.latest = str(folder), fatal, tell, ""

    def __call__(self, what: str, arguments: tuple) -> None:
        if what in ("os.mkdir", "os.remove", "os.rmdir"):
            if os.path.lexists(arguments[0]) != (what == "os.mkdir"):  # else nothing changes
                self.near(arguments[0], what)
        elif what in ("os.rename", "os.truncate"):
            self.near(arguments[0], what)
        elif what == "open" and writes(*arguments[1:3]) and not os.path.isdir(arguments[0]):
            self.near(arguments[0], "append" if "a" in (arguments[1] or "") else "open")

    def commit(self, connection) -> None:
        self.near(self.folder, f"commit after {self.latest}")

    def near(self, path: object, what: str) -> None:
        if not isinstance(path, str | bytes) or not os.fsdecode(path).startswith(self.folder):
            return
        place = self.name_of(os.fsdecode(path)[len(self.folder) :])
        spare = place.endswith(".part")  # to be renamed, or left for another run to sweep away
        self.latest = place if place and not spare else self.latest
        sort = f"{what} a part" if spare and what == "os.remove" else f"{what} {place}"
        if spare and what in ("open", "os.rename"):
            sort = f"write {place}"
        if self.fatal(sort):
            self.fatal = lambda sort: False  # what follows is ours
            if what in ("open", "append"):
                half = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
                if what == "append":
                    os.write(half, b'{"half a line": ')
                else:
                    os.truncate(half, os.fstat(half).st_size // 2)
            self.tell(sort)
            os._exit(DIED)

    @staticmethod
    def name_of(place: str) -> str:
        """A place without what differs from learner to learner and from time to time."""
        parts = [one for one in RANDOM.sub("", place).split("/") if one not in ("", ".")]
        return "/".join("LEARNER" if one in LEARNERS else one for one in parts)


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


def attempt(command: Callable, folder: Path, fatal: Callable[[str], bool]) -> tuple[int, str]:
    """Run a command in a process of its own: its status, and the sort of instant it died at."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        instants = Instants(folder, fatal, lambda sort: os.write(writing, sort.encode()))
        sys.addaudithook(instants)
        event.listen(Engine, "commit", instants.commit)
        try:
            command(folder)
            os._exit(0)
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        sort = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), sort


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


class Trial:
    """A class in which a command dies again and again; after each death it is looked at."""

    def __init__(self, command: Callable, start: Path, folder: Path):
        shutil.copytree(start, folder)
        self.command, self.folder = command, folder
        self.handed, self.kept = digests(folder / "submitted"), set()

    def attempt(self, fatal: Callable[[str], bool]) -> str:
        """The sort of instant at which it died; empty if it came to its end."""
        status, sort = attempt(self.command, self.folder, fatal)
        assert status == (DIED if sort else 0), status
        assert digests(self.folder / "submitted") == self.handed
        known = set(Classroom(self.folder).marked(SET))
        assert self.kept <= known, f"marks were lost: {self.kept - known}"
        self.kept = known
        return sort


def compare(found: dict, right: dict) -> None:
    assert found == right, {
        key: (found.get(key), right.get(key))
        for key in found.keys() | right.keys()
        if found.get(key) != right.get(key)
    }


def without_sandbox() -> None:
    commands.mark_all = again.mark_all = marked
    again.probe = lambda: None
    commands.choose = lambda wanted, cluster=None: "bubblewrap"


def tried(name: str, start: Path, home: Path) -> list[str]:
    """Let a command die in all ways; the sorts of instants at which it did."""
    command, whole = globals()[name], home / "whole" / "class"
    MENDED[0] = False
    shutil.copytree(start, whole)
    with contextlib.redirect_stdout(sys.stderr):
        command(whole)  # here, so that the others need not import what it imports on its way
    right = everything(whole)
    sorts: list[str] = []
    trial = Trial(command, start, home / "sorts" / "class")
    while sort := trial.attempt(lambda sort: sort not in sorts):
        sorts.append(sort)
    compare(everything(trial.folder), right)
    trial = Trial(command, start, home / "dice" / "class")
    for chosen in random.Random(1).sample(sorts, DICED):
        trial.attempt(chosen.__eq__)
    assert not trial.attempt(lambda sort: False)
    compare(everything(trial.folder), right)
    return sorts


def main(home: Path) -> dict[str, list[str] | str]:
    """For each command the sorts of instants at which it died, or what is wrong with it."""
    without_sandbox()
    require_nbgrader()
    start, found = home / "start", {}
    wrong = handed_in(source("rnn_step = 1"))
    lay(start, {"ada": handed_in(), "bob": wrong, "cy": wrong})
    (start / "submitted" / "ada" / SET / "timestamp.txt").write_text("2026-12-02 10:00:00.0 UTC")
    shutil.copytree(start, home / "no due")
    (start / "due.toml").write_text(f'penalty = "10 %"\n["{SET}"]\ndue = 2026-12-01T00:00:00Z\n')
    starts = {"grade": start, "release": home / "no due"}
    for name in COMMANDS:
        graded = home / "grade" / "whole" / "class"
        try:
            found[name] = tried(name, starts.get(name, graded), home / name)
        except BaseException:
            found[name] = traceback.format_exc()
    return found


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
