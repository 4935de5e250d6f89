"""How the hub starts a learner's server: in a home of its own, within limits."""

from __future__ import annotations

import contextlib
import os
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path

from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Integer

from course_utils.lab import environment, is_free

KEPT = ("JUPYTER_PATH", "PATH", "KERAS_BACKEND")
STRIDE = 500  # from a port that is taken to the next one tried
# The kernels' sockets. A path of a socket has at most 104 characters, so not in the learner's home.
SOCKETS = tempfile.TemporaryDirectory(prefix="carousel-", dir="/tmp")


class LearnerSpawner(SimpleLocalProcessSpawner):
    """JupyterHub's simple spawner, with limits that all processes of the learner inherit.

    `mem_limit` holds for each process: the server, and every kernel. Where the kernel of the
    machine is Linux, what goes beyond it fails with MemoryError in the learner's own notebook.

    Ports are dealt out, not drawn: among drawn ones, some of twenty learners drew the same.
    """

    niceness = Integer(5, config=True, help="How far learners' work gives way to the hub's: 0-19.")
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
        niceness, memory = self.niceness, self.mem_limit

        def prepare() -> None:
            go_home()
            os.nice(niceness)
            if memory:
                resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
            with contextlib.suppress(OSError):  # Linux: if memory ends, learners' work goes first
                Path("/proc/self/oom_score_adj").write_text("500")

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
            return await super().start()
