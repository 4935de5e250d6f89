"""The time that a process has had, on a machine that may be busy, as Linux's /proc tells it.

A wall clock cannot tell a loop without end from an honest answer on a machine with too much to do.
This one runs while the process computes, or while it sleeps because it wants to. It stands still
while the process waits for a processor or a disk, or has been stopped. On a system without /proc
nobody can tell, and all time is the process's own.

Source: proc(5), /proc/PID/stat.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator

TICK = 0.2  # seconds between two looks
SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100  # in the units of /proc
PROC = os.path.isdir("/proc/self")
ASLEEP, STATE, PARENT, USER, SYSTEM = "S", 0, 1, 11, 12  # fields, counted from the state


class OwnTime:
    """A clock for one process, None for one that is not known yet; `look` lets it go on.

    Attributes:
        seconds: that the process computed or slept.
        waited: seconds that we have been looking.
        threads: at the last look.
    """

    def __init__(self, pid: int | None = None):
        self.pid, self.seconds, self.waited, self.threads = pid, 0.0, 0.0, 0
        self._looked, self._computed = time.monotonic(), _computed(pid)

    def due(self) -> bool:
        """Whether it is time for the next look."""
        return time.monotonic() - self._looked >= TICK

    def look(self) -> None:
        """See what the process has done since the last look.

        If we have been stopped ourselves, nobody has looked: that time counts as one tick.
        """
        now, computed = time.monotonic(), _computed(self.pid)
        passed, self._looked = now - self._looked, now
        looking = min(passed, 2 * TICK)
        self.waited += looking
        states = list(_states(self.pid))
        self.threads = len(states)
        if not PROC or (states and set(states) == {ASLEEP}):
            self.seconds += looking
        else:
            self.seconds += max(0.0, min(passed, computed - self._computed))
        self._computed = computed

    def begin(self) -> None:
        """Look from now on: what was before is nobody's time."""
        self._looked, self._computed = time.monotonic(), _computed(self.pid)


def innermost(pid: int) -> int:
    """The last of the line of children that begins with a process."""
    children = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError, IndexError):
            children[int(_fields(f"/proc/{entry}/stat")[PARENT])] = int(entry)
    while pid in children:
        pid = children[pid]
    return pid


def _fields(path: str) -> list[str]:
    """What stands behind the name of a process, which may hold blanks and brackets."""
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read().rpartition(")")[2].split()


def _computed(pid: int | None) -> float:
    """Seconds of processor time of all threads; 0 for a process that is gone."""
    with contextlib.suppress(OSError, IndexError):
        fields = _fields(f"/proc/{pid}/stat")
        return (int(fields[USER]) + int(fields[SYSTEM])) / SECOND
    return 0.0


def _states(pid: int | None) -> Iterator[str]:
    """The state of each thread: one letter."""
    folder, threads = f"/proc/{pid}/task", []
    with contextlib.suppress(OSError):
        threads = os.listdir(folder)
    for thread in threads:
        state = "?"  # it may have ended in between
        with contextlib.suppress(OSError, IndexError):
            state = _fields(f"{folder}/{thread}/stat")[STATE]
        yield state
