"""Processes that end with the one that started them, and orphans that go to a guardian.

python -I -m course_utils.delivery.workshop.leash PROGRAM ...     is PROGRAM, on a leash

Only Linux has this; elsewhere nothing happens. What it is, prctl(2) says under PR_SET_PDEATHSIG and
PR_SET_CHILD_SUBREAPER: https://man7.org/linux/man-pages/man2/prctl.2.html
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

END_WITH_PARENT, ADOPT_ORPHANS = 1, 36  # the numbers of these requests in linux/prctl.h


def end_with(parent: int) -> None:
    """Let this process get SIGTERM when `parent`, its parent, has ended, however that was."""
    if _ask(END_WITH_PARENT, signal.SIGTERM) and os.getppid() != parent:  # it has already
        os.kill(os.getpid(), signal.SIGTERM)


def adopt_orphans() -> None:
    """Let processes below this one, whose parent ends, become children of this one."""
    _ask(ADOPT_ORPHANS, 1)


def _ask(request: int, value: int) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    return ctypes.CDLL(None).prctl(request, ctypes.c_ulong(value), 0, 0, 0) == 0


if __name__ == "__main__":
    end_with(os.getppid())
    os.execv(sys.argv[1], sys.argv[1:])
