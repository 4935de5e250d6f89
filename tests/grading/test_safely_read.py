"""What is swapped for a link between a look and a read shows nobody another's work."""

import os
import sys
import threading
from pathlib import Path

import pytest

from course_utils.delivery.grading import commands, gradebook, safely_read, sources
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.gradebook import keep_receipt
from course_utils.delivery.grading.reading import read
from course_utils.delivery.grading.safely_read import entries, read_below, write_below
from course_utils.delivery.grading.sets import find_set
from course_utils.delivery.grading.submission import NotReadable

from .exports import FIRST, answered, collected, laid, who

OWN = f"{FIRST}.ipynb"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Bob's answer, which Eve cannot read and the teacher can."""
    return laid(tmp_path / "bobs", {"x.ipynb": answered("bob's own")})


def swapped(path: Path, target: Path) -> None:
    """Put a link into the place of a file or a folder."""
    path.rename(path.with_name(f"{path.name}.away"))
    path.symlink_to(target)


@pytest.mark.parametrize("what", ["file", "folder", "outer folder"])
def test_swapped_between_the_look_and_the_read(
    tmp_path: Path, secret: Path, monkeypatch, what: str
) -> None:
    source = laid(tmp_path / "in", {"eve/a/x.ipynb": answered("eve"), "cy/x.ipynb": answered("cy")})
    laid(secret, {"a/x.ipynb": answered("bob's own")})
    place, target = {
        "file": (source / "eve/a/x.ipynb", secret / "x.ipynb"),
        "folder": (source / "eve/a", secret),
        "outer folder": (source / "eve", secret),
    }[what]
    looked = sources.Source.__init__

    def look(self, *arguments) -> None:
        looked(self, *arguments)
        swapped(place, target)

    monkeypatch.setattr(sources.Source, "__init__", look)
    rows, said = collected(source, tmp_path / "class")
    assert who(rows) == {"cy": "cy"}
    assert any("cannot be read" in line for line in said)


@pytest.mark.parametrize("what", ["file", "set", "learner"])
def test_swapped_in_the_class_itself(tmp_path: Path, secret: Path, what: str) -> None:
    submitted = laid(tmp_path / "submitted", {f"eve/{FIRST}/{OWN}": answered("eve")})
    laid(secret, {OWN: answered("bob's own"), f"{FIRST}/{OWN}": answered("bob's own")})
    found, _ = Classroom(tmp_path).submissions(FIRST)
    assert [learner for learner, _ in found] == ["eve"]
    parts = {"file": ["eve", FIRST, OWN], "set": ["eve", FIRST], "learner": ["eve"]}[what]
    swapped(submitted.joinpath(*parts), secret / OWN if what == "file" else secret)
    with pytest.raises(NotReadable, match=r"cannot be read|There is no notebook"):
        read(submitted, "eve", find_set(FIRST))


def test_swapped_again_and_again(tmp_path: Path, secret: Path) -> None:
    """A thread that swaps all the time, while the same place is read."""
    root = laid(tmp_path / "in", {"eve/x.ipynb": "eve"})
    laid(secret, {"x.ipynb": "bob"})
    stop, seen = threading.Event(), set()

    def swap() -> None:
        while not stop.is_set():
            os.rename(root / "eve", root / "away")
            os.symlink(secret, root / "eve")
            os.unlink(root / "eve")
            os.rename(root / "away", root / "eve")

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        for _ in range(3000):
            try:
                seen.add(read_below(root, ["eve", "x.ipynb"]))
            except NotReadable:
                seen.add(None)
    finally:
        stop.set()
        thread.join()
    assert b"bob" not in seen


def test_a_receipt_behind_a_link(tmp_path: Path) -> None:
    """nbgrader's receipt of another learner opens their page of feedback."""
    laid(tmp_path, {f"submitted/bob/{FIRST}/submission_secret.txt": "bobs-secret", "made/x": ""})
    (tmp_path / "submitted" / "eve").symlink_to(tmp_path / "submitted" / "bob")
    keep_receipt(tmp_path / "submitted" / "eve" / FIRST, tmp_path / "made", "spare")
    assert (tmp_path / "made" / "submission_secret.txt").read_text() == "spare"


def test_links_pipes_and_devices_are_not_read(tmp_path: Path) -> None:
    laid(tmp_path, {"real/x.ipynb": "x", "own/x.ipynb": "x"})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "own" / "link.ipynb").symlink_to(tmp_path / "real" / "x.ipynb")
    os.mkfifo(tmp_path / "own" / "pipe.ipynb")
    for place in ("link/x.ipynb", "own/link.ipynb", "own/pipe.ipynb", "own", "own/../own/x.ipynb",
                  "own/x.ipynb/y", "/own/x.ipynb", "own/."):  # fmt: skip
        with pytest.raises(NotReadable):
            read_below(tmp_path, place.split("/"))
    kinds = {entry.name: entry.kind for entry in entries(tmp_path, ["own"])}
    assert kinds == {"x.ipynb": "file", "link.ipynb": "link", "pipe.ipynb": "other"}
    with pytest.raises(OSError):
        entries(tmp_path, ["link"])
    assert read_below(tmp_path, ["own", "x.ipynb"]) == b"x"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="makes another's file")
def test_a_hard_link_to_the_file_of_somebody_else(tmp_path: Path) -> None:
    laid(tmp_path, {"bob/x.ipynb": "bob", "eve/y.ipynb": "eve"})
    os.chown(tmp_path / "bob" / "x.ipynb", 12345, -1)
    os.link(tmp_path / "bob" / "x.ipynb", tmp_path / "eve" / "x.ipynb")
    with pytest.raises(NotReadable, match="hard link to a file of somebody else"):
        read_below(tmp_path, ["eve", "x.ipynb"])
    os.link(tmp_path / "eve" / "y.ipynb", tmp_path / "eve" / "z.ipynb")  # her own
    assert read_below(tmp_path, ["eve", "z.ipynb"]) == b"eve"


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    laid(tmp_path, {"victim/x": "kept", "class/submitted/y": ""})
    (tmp_path / "class" / "submitted" / "eve").symlink_to(tmp_path / "victim")
    with pytest.raises(OSError):
        write_below(tmp_path / "class" / "submitted", ["eve", "x"], b"lost")
    (tmp_path / "class" / "submitted" / "x").symlink_to(tmp_path / "victim" / "x")
    write_below(tmp_path / "class" / "submitted", ["x"], b"new")
    assert (tmp_path / "victim" / "x").read_text() == "kept"
    assert not (tmp_path / "class" / "submitted" / "x").is_symlink()


def test_where_there_are_no_descriptors_of_folders(tmp_path: Path, monkeypatch) -> None:
    """As on Windows: links are seen by their paths."""
    laid(tmp_path, {"real/x.ipynb": "x"})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.setattr(safely_read, "STEPS", False)
    assert read_below(tmp_path, ["real", "x.ipynb"]) == b"x"
    with pytest.raises(NotReadable):
        read_below(tmp_path, ["link", "x.ipynb"])
    write_below(tmp_path, ["made", "y.ipynb"], b"y")
    assert [entry.name for entry in entries(tmp_path, ["made"])] == ["y.ipynb"]


OPENED: list[str] = []


def note_opened(event: str, arguments: tuple) -> None:
    if event == "open" and isinstance(arguments[0], str):
        OPENED.append(arguments[0])


def test_nbgrader_reads_nothing_that_was_handed_in(tmp_path: Path, monkeypatch) -> None:
    """Books and pages are made of what was read once: no path below submitted/ is opened."""
    home = laid(tmp_path, {f"submitted/ada/{FIRST}/{OWN}": answered("ada")})
    within: list[str] = []

    def watched(what):
        def run(*arguments, **options):
            start = len(OPENED)
            try:
                return what(*arguments, **options)
            finally:
                within.extend(OPENED[start:])

        return run

    for name in ("enter", "feedback", "export"):
        monkeypatch.setattr(gradebook, name, watched(getattr(gradebook, name)))
    sys.addaudithook(note_opened)  # there is no way to take it off again
    commands.grade(home, None)
    assert any("autograded" in path for path in within)
    assert not [path for path in within if f"submitted{os.sep}" in path]
