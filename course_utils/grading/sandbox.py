"""A process that can compute and do nothing else, made by bubblewrap and the kernel's limits.

It sees no network, no process but its own, and no file but Python, NumPy and a few files of the
course; it can write nothing, start nothing and outlive nobody. `Worker` starts one and exchanges
frames with it (see `wire`); whatever comes back is data, of bounded size, in bounded time.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import re
import selectors
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from course_utils import CourseError
from course_utils.feedback.problem import Failure
from course_utils.grading import libraries, seccomp, wire

PACKAGE = Path(__file__).resolve().parents[1]
FILES = (  # of the course, none of which knows an answer
    *("__init__.py", "grading/worker.py", "grading/wire.py"),
    *(f"feedback/{name}.py" for name in ("limit", "plain", "problem", "run")),
)
COURSE = "/course/course_utils"
THREADS = 1024  # of one worker; TensorFlow starts some for each core
START = 60.0  # seconds for Python and NumPy to start on a busy machine
EVERYWHERE = (
    "Sets that need only NumPy can be marked on any system, with Python 3.11 or newer, after "
    '`pip install -e ".[marking-anywhere]"` in the folder of the course; feedback in the notebook, '
    "check(), works everywhere."
)


class SandboxError(CourseError):
    """Why learners' code cannot be run safely here, and what to do about it."""


class WorkerLost(Exception):
    """The worker gave no reply; the message is a kind of failure: time, end or protocol."""


@dataclass(frozen=True)
class Limits:
    """What one worker may use.

    Attributes:
        seconds: for each cell, and for all questions to one function.
        grace: seconds more until a worker that does not listen is killed.
        total: seconds for a whole submission.
        memory, output: bytes.
        files: open at the same time.
        threads: whether it may have more than one; then no more than THREADS, but for root.
    """

    seconds: float = 20.0
    grace: float = 10.0
    total: float = 240.0
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
            "MSGQUEUE": 0,
            **({"NPROC": THREADS} if self.threads and counts_alone() else {}),
        }


def counts_alone() -> bool:
    """Whether the kernel counts a sandbox's threads by themselves: not with all of the user's."""
    return tuple(map(int, re.findall(r"\d+", platform.release())[:2])) >= (5, 14)


KERAS = Limits(seconds=90.0, grace=30.0, total=600.0, memory=8 << 30, files=256, threads=True)


@dataclass(frozen=True)
class Kit:
    """What a worker is given to work with.

    Attributes:
        packages: distributions it may import, with all they require.
        parts: parts of course_utils it may import, such as "cells".
        modules: imported before the learner's cells run, and known to them by name.
    """

    packages: tuple[str, ...] = ("numpy",)
    parts: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()


def isolation(limits: Limits) -> dict[str, list[str]]:
    """The options of bubblewrap that keep a worker in, by what they are for."""
    return {
        "namespaces": ["--unshare-all", "--unshare-user"],
        "end": ["--die-with-parent", "--new-session"],
        "capabilities": ["--cap-drop", "ALL", "--uid", "65534", "--gid", "65534"],
        "environment": ["--clearenv"],
        "name": ["--hostname", "worker"],
    }


def files(kit: Kit) -> list[str]:
    """The options that lay out the files a worker sees, all of them read-only."""
    options = ["--dev-bind", "/dev/null", "/dev/null", "--dev-bind", "/dev/urandom", "/dev/urandom"]
    for folder in libraries.python_folders():
        if folder.is_symlink():
            options += ["--symlink", os.readlink(folder), str(folder)]
        else:
            options += ["--ro-bind", str(folder), str(folder)]
    hidden = [str(path) for path in libraries.package_folders()]
    for folder in hidden:
        options += ["--tmpfs", folder]
    python = str(libraries.interpreter())
    options += ["--ro-bind", python, python]
    options += ["--symlink", "/worker", "/proc/self/exe"]  # all that TensorFlow asks of /proc
    options += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    for path in libraries.package_paths(kit.packages):
        options += ["--ro-bind", str(path), str(path)]
    for name in (*FILES, *kit.parts):
        options += ["--ro-bind", str(PACKAGE / name), f"{COURSE}/{name}"]
    for folder in [*hidden, "/"]:
        options += ["--remount-ro", folder]
    return [*options, "--chdir", "/"]


def environment() -> dict[str, str]:
    """All the variables there are in a worker."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    threads += ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
    named = {"LC_ALL": "C.UTF-8", "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return named | dict.fromkeys(threads, "1") | {"KERAS_HOME": "/nowhere", "HOME": "/"}


class Worker:
    """A process in a sandbox; use it in a `with` statement, at whose end it is gone.

    Raises:
        SandboxError: if there is none to be had on this machine.
    """

    def __init__(self, kit: Kit = Kit(), limits: Limits = Limits()):
        self.kit, self.limits = kit, limits
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> Worker:
        bubblewrap = require_bubblewrap()
        seccomp_end, write_end = os.pipe()
        try:
            with open(write_end, "wb") as pipe:
                pipe.write(seccomp.program(self.limits.threads))
            self._process = subprocess.Popen(
                [bubblewrap, *self._options(seccomp_end)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=[seccomp_end],
                env={},
            )
        finally:
            os.close(seccomp_end)
        try:
            ready = self._receive(time.monotonic() + START, 1000)
        except WorkerLost:
            ready = None
        if ready != "ready":  # nothing of a learner's has run yet
            self._process.kill()
            said = self._process.stderr.read(100_000).decode(errors="replace").strip()
            self.__exit__()
            raise SandboxError(refusal(said))
        return self

    def __exit__(self, *_: object) -> None:
        process = self._process
        process.kill()  # bubblewrap's first process; what it holds dies with it
        for pipe in (process.stdin, process.stdout, process.stderr):
            with contextlib.suppress(OSError):
                pipe.close()
        process.wait()

    def ask(self, request: dict, seconds: float) -> object:
        """The reply to a request, as plain data.

        Raises:
            WorkerLost: if there is none in time, or it is no reply. The worker is of no more use.
        """
        deadline = time.monotonic() + seconds
        self._send(wire.pack(request), deadline)
        return self._receive(deadline, self.limits.output)

    def _options(self, seccomp_end: int) -> list[str]:
        options = [option for group in isolation(self.limits).values() for option in group]
        for name, value in environment().items():
            options += ["--setenv", name, value]
        options += [*files(self.kit), "--seccomp", str(seccomp_end)]
        job = {
            "limits": self.limits.of_the_kernel,
            "paths": libraries.import_paths(libraries.package_paths(self.kit.packages)),
            "modules": self.kit.modules,
        }
        python = [str(libraries.interpreter()), "-I", "-S", "-B", "-X", "utf8"]
        return [*options, "--", *python, f"{COURSE}/grading/worker.py", json.dumps(job)]

    def _send(self, frame: bytes, deadline: float) -> None:
        pipe = self._process.stdin.fileno()
        os.set_blocking(pipe, False)
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_WRITE)
            while frame:
                self._wait(selector, deadline)
                try:
                    frame = frame[os.write(pipe, frame) :]
                except BlockingIOError:
                    continue
                except OSError:
                    raise WorkerLost("end") from None

    def _receive(self, deadline: float, limit: int) -> object:
        try:
            sizes = wire.lengths(self._read(wire.LENGTHS.size, deadline), limit)
            header, body = (self._read(size, deadline) for size in sizes)
            return wire.unpack(header, body, Failure)
        except wire.WireError:
            raise WorkerLost("protocol") from None

    def _read(self, size: int, deadline: float) -> bytes:
        pipe, parts = self._process.stdout.fileno(), []
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while size:
                self._wait(selector, deadline)
                part = os.read(pipe, min(size, 1 << 20))
                if not part:
                    raise WorkerLost("end")
                parts.append(part)
                size -= len(part)
        return b"".join(parts)

    def _wait(self, selector: selectors.BaseSelector, deadline: float) -> None:
        if not selector.select(max(0.0, deadline - time.monotonic())):
            raise WorkerLost("time")


@cache
def require_bubblewrap() -> str:
    """The path of bubblewrap.

    Raises SandboxError with one sentence that says what to do if there can be no sandbox here.
    """
    if not sys.platform.startswith("linux"):
        raise SandboxError(
            "Marking runs learners' code in a sandbox that only Linux has: mark on a Linux machine,"
            f" in a virtual one, or on Windows in WSL 2. {EVERYWHERE}"
        )
    if not seccomp.known_machine():
        raise SandboxError(
            f"Marking knows no sandbox for the processor {platform.machine()}: mark on x86-64 or "
            f"arm64. {EVERYWHERE}"
        )
    found = shutil.which("bwrap")
    if not found:
        raise SandboxError(
            "Marking needs bubblewrap to run learners' code safely: install it, for example with "
            f"`sudo apt install bubblewrap`, and repeat the command. {EVERYWHERE}"
        )
    return found


def refusal(said: str) -> str:
    """Why bubblewrap made no sandbox, from what it said."""
    reason = said.splitlines()[-1][:200] if said else "no message"
    return (
        f"bubblewrap cannot make a sandbox on this machine ({reason}), so nothing is marked: "
        "docs/grading.md says under 'Marking anywhere' how to permit it, on Ubuntu with one "
        f"AppArmor profile. {EVERYWHERE}"
    )


def probe() -> None:
    """Start a worker and let it go. Raises SandboxError if that cannot be done here."""
    with Worker():
        pass
