"""A group of processes for each learner, whose memory Linux limits as a whole (cgroups).

Version 2 is described in https://docs.kernel.org/admin-guide/cgroup-v2.html, version 1 in
https://docs.kernel.org/admin-guide/cgroup-v1/memory.html. The hub can make groups if its own is
its to change: as a service or scope of systemd with `Delegate=yes`, or for root.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

MOUNTED = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")
LIMITS = {1: "memory.limit_in_bytes", 2: "memory.max"}


@cache
def of_hub() -> Groups | None:
    """The groups that this process can make, looked for once."""
    return Groups.found()


@dataclass(frozen=True)
class Groups:
    """Groups below `folder`, of a version of Linux's interface."""

    folder: Path
    version: int

    @classmethod
    def found(cls, membership: Path = MEMBERSHIP, mounted: Path = MOUNTED) -> Groups | None:
        """Where this process can make groups with a limit of memory; None if nowhere."""
        try:
            lines = membership.read_text(encoding="utf-8").splitlines()
        except OSError:
            return None
        own = {line.split(":")[1]: line.split(":", 2)[2].lstrip("/") for line in lines}
        with contextlib.suppress(OSError):
            if "memory" in own:
                found = cls(mounted / "memory" / own["memory"], 1)
                return found if found._works() else None
            found = cls(mounted / own.get("", ""), 2)
            if own.get("") and found._opened() and found._works():
                return found
        return None

    def limited(self, name: str, memory: int) -> Path:
        """The folder of a group that may have so many bytes; a process joins by `cgroup.procs`."""
        group = self.folder / name
        group.mkdir(exist_ok=True)
        (group / LIMITS[self.version]).write_text(str(memory))
        return group

    def remove(self, name: str) -> None:
        """Take a group away, once nobody is in it."""
        with contextlib.suppress(OSError):
            (self.folder / name).rmdir()

    def _opened(self) -> bool:
        """Let groups below have limits: in version 2, only if no process is in this one itself.

        Those that are go one level down, unless others than the hub's are among them.
        """
        there = [int(line) for line in (self.folder / "cgroup.procs").read_text().split()]
        me = psutil.Process()
        mine = {one.pid for one in (me, *me.parents(), *me.children(recursive=True))}
        if not mine.issuperset(there) or "memory" not in self._words("cgroup.controllers"):
            return False
        (self.folder / "hub").mkdir(exist_ok=True)
        for one in there:
            (self.folder / "hub" / "cgroup.procs").write_text(str(one))
        (self.folder / "cgroup.subtree_control").write_text("+memory")
        return True

    def _works(self) -> bool:
        """Whether a group can be made, limited and taken away again."""
        name = f"try-{os.getpid()}"
        try:
            self.limited(name, 1 << 30)
            return True
        except OSError:
            return False
        finally:
            self.remove(name)

    def _words(self, name: str) -> list[str]:
        return (self.folder / name).read_text().split()
