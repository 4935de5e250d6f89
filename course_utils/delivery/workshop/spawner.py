"""How the hub starts a learner's server: in a home of its own, within limits."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path

from jupyterhub.spawner import SimpleLocalProcessSpawner
from jupyterhub.traitlets import ByteSpecification
from traitlets import Integer

from course_utils.delivery.lab import environment, is_free
from course_utils.delivery.workshop import groups, leash, room

KEPT = ("JUPYTER_PATH", "PATH", "KERAS_BACKEND")
STRIDE = 500  # from a port that is taken to the next one tried
# The kernels' sockets. A path of a socket has at most 104 characters, so not in the learner's home.
SOCKETS = tempfile.TemporaryDirectory(prefix="carousel-", dir="/tmp")


class LearnerSpawner(SimpleLocalProcessSpawner):
    """JupyterHub's simple spawner, with limits that all processes of the learner inherit.

    `mem_limit` holds for each process: the server, and every kernel. Where the kernel of the
    machine is Linux, what goes beyond it fails with MemoryError in the learner's own notebook.
    `memory_of_all` is for them together: the kernel of the machine sees to it where it lets the
    hub make groups of processes; elsewhere, as for `disk_limit`, the hub looks from time to time.

    Ports are dealt out, not drawn: among drawn ones, some of twenty learners drew the same.
    """

    niceness = Integer(5, config=True, help="How far learners' work gives way to the hub's: 0-19.")
    memory_of_all = ByteSpecification(0, config=True, help="Bytes of all of a learner's processes.")
    disk_limit = ByteSpecification(0, config=True, help="Bytes of files in a learner's home.")
    look_every = Integer(20, config=True, help="Seconds between two looks at what learners take.")
    first_port = Integer(8010, config=True, help="The servers of learners listen from here on.")

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """The variables of `course lab`, with one thread for each process."""
        ours = environment()
        env |= {name: ours[name] for name in KEPT}
        env |= {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1"}
        env |= {"TF_NUM_INTEROP_THREADS": "1"}
        return super().user_env(env) | {"JUPYTER_RUNTIME_DIR": f"{SOCKETS.name}/{self.user.id}"}

    def make_preexec_fn(self, name: str) -> Callable[[], None]:
        """What the new process does before it becomes the learner's server."""
        go_home = super().make_preexec_fn(name)
        niceness, memory, hub = self.niceness, self.mem_limit, os.getpid()
        group, disk = self.group(), self.disk_limit

        def prepare() -> None:
            go_home()
            leash.end_with(hub)
            os.nice(niceness)
            if memory:
                resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
            if group:
                (group / "cgroup.procs").write_text("0")
            if disk:  # no file alone, at once
                resource.setrlimit(resource.RLIMIT_FSIZE, (disk, disk))
            with contextlib.suppress(OSError):  # Linux: if memory ends, learners' work goes first
                Path("/proc/self/oom_score_adj").write_text("500", encoding="utf-8")

        return prepare

    async def start(self) -> tuple[str, int]:
        """Start the server; what it says goes to server.log in the learner's home."""
        home = Path(self.home_dir)
        home.mkdir(parents=True, exist_ok=True)
        self.port = self.first_port + self.user.id
        while not is_free(self.port):
            self.port += STRIDE
        with open(home / "server.log", "ab") as log:
            self.popen_kwargs = {"stdout": log, "stderr": log}
            started = await super().start()
        self.watch = asyncio.create_task(self.keep_watch())
        return started

    def group(self) -> Path | None:
        """The group that the learner's processes go into; None if it cannot be had here."""
        if not self.memory_of_all or (all_of_them := groups.of_hub()) is None:
            return None
        return all_of_them.limited(f"learner-{self.user.id}", self.memory_of_all)

    async def keep_watch(self) -> None:
        """As long as the server runs, end notebooks that take more than their learner may have."""
        memory = self.memory_of_all if groups.of_hub() is None else 0
        while self.pid and await self.poll() is None:
            await asyncio.to_thread(
                room.relieve, self.pid, Path(self.home_dir), self.disk_limit, memory
            )
            await asyncio.sleep(self.look_every)

    async def stop(self, now: bool = False) -> None:
        """Stop the server."""
        if hasattr(self, "watch"):
            self.watch.cancel()
        await super().stop(now)
        if all_of_them := groups.of_hub():
            all_of_them.remove(f"learner-{self.user.id}")
