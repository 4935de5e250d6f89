"""What a learner takes of disk and memory, and what is done when it is too much."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import psutil

from course_utils.delivery.workshop.footprint import own_memory

NOTE = "DISK IS FULL - read me.txt"
GIGABYTE = 10**9


def relieve(server: int, home: Path, disk: int, memory: int) -> None:
    """End what runs below `server` if the learner has taken more than allowed.

    Args:
        server: the process id of the learner's server, which stays.
        home: the learner's files; when they are too many, all notebooks end and a note says why.
        disk: bytes that these may take; 0 for any.
        memory: bytes of all processes together, beyond which the largest ends; 0 for any.
    """
    with contextlib.suppress(psutil.NoSuchProcess):
        below = psutil.Process(server).children(recursive=True)
        if disk:
            end(below if tell(home, disk) else [])
        if memory:
            sizes = {one: size for one in below if (size := memory_of(one))}
            if sizes and sum(sizes.values()) + memory_of(psutil.Process(server)) > memory:
                end([max(sizes, key=sizes.get)])


def tell(home: Path, disk: int) -> bool:
    """Whether there are too many files; a note in the workbook says so as long as there are."""
    taken = size_of(home)
    note = home / "carousel-workbook" / NOTE
    with contextlib.suppress(OSError):
        if taken <= disk:
            note.unlink(missing_ok=True)
        elif not note.exists():
            note.write_text(too_much(taken, disk) + "\n", encoding="utf-8")
    return taken > disk


def too_much(taken: int, disk: int) -> str:
    """What a learner is told."""
    return (
        f"Your files take {taken / GIGABYTE:.1f} GB, and {disk / GIGABYTE:.1f} GB are the most "
        "here, so no notebook runs: delete some in JupyterLab's list of files, or with rm in a "
        "terminal, and start your notebook again."
    )


def size_of(folder: Path) -> int:
    """The bytes that a folder takes on the disk; what links point to is not counted."""
    total, waiting = 0, [str(folder)]
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
    return total


def memory_of(process: psutil.Process) -> int:
    """Bytes of a process, 0 of one that is gone."""
    with contextlib.suppress(psutil.Error):
        return own_memory(process)
    return 0


def end(processes: list[psutil.Process]) -> None:
    for one in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
