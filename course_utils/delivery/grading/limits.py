"""What a worker may use, and what it is given to work with."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass

THREADS = 64 + 4 * (os.cpu_count() or 1)  # of one worker; TensorFlow has 6 on two cores


@dataclass(frozen=True)
class Limits:
    """What one worker may use.

    Attributes:
        seconds: for each cell, and for all questions to one function; of its own time, which
            stands still while the machine keeps it waiting (see `clock`).
        grace: seconds more until a worker that does not listen is killed.
        total: seconds for a whole submission.
        start: seconds for Python and the packages to start.
        patience: how many times as long all of it may take on a busy machine.
        memory, output: bytes.
        files: open at the same time.
        threads: whether it may have more than one; then no more than THREADS.
    """

    seconds: float = 20.0
    grace: float = 10.0
    total: float = 240.0
    start: float = 15.0
    patience: float = 8.0
    memory: int = 1 << 30
    output: int = 16 << 20
    files: int = 64
    threads: bool = False

    @property
    def of_the_kernel(self) -> dict[str, int]:
        return {
            "AS": self.memory,
            "CPU": int(self.total) + 1,
            "FSIZE": 0,
            "NOFILE": self.files,
            "CORE": 0,
            "MEMLOCK": 0,
            "MSGQUEUE": 0,
            **({"NPROC": THREADS} if self.threads and counts_alone() else {}),
        }


def counts_alone() -> bool:
    """Whether the kernel counts a sandbox's threads by themselves: not with all of the user's."""
    return tuple(map(int, re.findall(r"\d+", platform.release())[:2])) >= (5, 14)


KERAS = Limits(
    seconds=90.0,
    grace=30.0,
    total=600.0,
    start=30.0,
    patience=4.0,
    memory=8 << 30,
    files=256,
    threads=True,
)


@dataclass(frozen=True)
class Kit:
    """What a worker is given to work with.

    Attributes:
        packages: distributions it may import, with all they require.
        parts: files of course_utils it may import, such as "cells/scan.py".
        modules: imported before the learner's cells run, and known to them by name.
        lent: names that a package passes on although it is not there itself: package, name and
            the module that has it; without a name, a package that lends nothing.
    """

    packages: tuple[str, ...] = ("numpy",)
    parts: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    lent: tuple[tuple[str, str, str], ...] = ()


NUMPY, USUAL = Kit(), Limits()
