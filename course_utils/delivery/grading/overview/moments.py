"""When a set was handed out, and when answers came in."""

from __future__ import annotations

import contextlib
from datetime import datetime, timezone
from pathlib import Path

from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.submission import NotReadable, read_file

LONGEST = 200  # bytes of a time


def note_hand_out(classroom: Classroom, name: str) -> None:
    """Keep the time at which a set is handed out for the first time."""
    path = kept(classroom, name)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(datetime.now(timezone.utc).isoformat(), encoding="ascii")


def kept(classroom: Classroom, name: str) -> Path:
    return classroom.folder / "overview" / f"{name}.handed-out"


def handed_out(classroom: Classroom, name: str) -> datetime | None:
    """When the set was handed out; None if it is not known."""
    return time_in(kept(classroom, name))


def handed_in(classroom: Classroom, name: str, learner: str) -> datetime | None:
    """When a learner's answers came: as a receipt of nbgrader says, else as the file does."""
    folder = classroom.submitted / learner / name
    told = time_in(folder / "timestamp.txt")
    if told:
        return told
    times = [path.lstat().st_mtime for path in folder.glob("*.ipynb") if not path.is_symlink()]
    with contextlib.suppress(OverflowError, OSError, ValueError):
        return datetime.fromtimestamp(max(times), timezone.utc) if times else None
    return None


def time_in(path: Path) -> datetime | None:
    """The time in a small file; without a zone it is UTC, as nbgrader writes it."""
    with contextlib.suppress(NotReadable, ValueError, OverflowError):
        text = read_file(path, LONGEST).decode("ascii").strip().removesuffix("UTC").strip()
        found = datetime.fromisoformat(text)
        return (
            found.astimezone(timezone.utc) if found.tzinfo else found.replace(tzinfo=timezone.utc)
        )
    return None
