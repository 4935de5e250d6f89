"""A process that can compute and do nothing else, made by bubblewrap and the kernel's limits.

It sees no network, no process but its own, and no file but Python, NumPy and a few files of the
course; it can write nothing, start nothing and outlive nobody. `Worker` starts one and exchanges
frames with it (see `wire`); whatever comes back is data, of bounded size, in bounded time.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import platform
import selectors
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

from course_utils import CourseError
from course_utils.delivery.grading import libraries, seccomp, wire
from course_utils.delivery.grading.clock import TICK, OwnTime, innermost
from course_utils.delivery.grading.limits import (
    KERAS,
    NUMPY,
    THREADS,
    USUAL,
    Kit,
    Limits,
    counts_alone,
)
from course_utils.delivery.grading.shell import SYNTAX
from course_utils.feedback.verdict import Failure

__all__ = ["KERAS", "THREADS", "Kit", "Limits", "Worker", "WorkerLost", "counts_alone", "probe"]
PACKAGE = Path(__file__).resolve().parents[2]
WORKER = "delivery/grading/worker.py"
FILES = (  # of the course, none of which knows an answer
    "__init__.py",
    *(f"delivery/grading/{name}.py" for name in ("absent", "alarm", "lent", "shell", "wire")),
    WORKER,
    *(f"feedback/{name}.py" for name in ("errors", "exercise", "limit", "plain", "run", "verdict")),
    *("language.py", "place.py", "prose.py"),
)
COURSE = "/course/course_utils"
WITHIN = "NPROC"  # set in the sandbox, where its threads alone are counted; outside, all of a user
EVERYWHERE = (
    "Sets that need only NumPy can be marked on any system, with Python 3.11 or newer, after "
    '`pip install -e ".[marking-anywhere]"` in the folder of the course; feedback in the notebook, '
    "check(), works everywhere."
)


class SandboxError(CourseError):
    """Why learners' code cannot be run safely here, and what to do about it."""


class WorkerLost(Exception):
    """The worker gave no reply; the message is a kind of failure.

    time: it has had its time. protocol: what came is no reply. threads: it has too many. end: it is
    gone, by its own doing or because the machine had no room for it. load: the machine kept it
    waiting. start: it never began. The last two say nothing of the learner's code.
    """


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
    for name, path in libraries.notebook_syntax().items():
        options += ["--ro-bind", str(path), f"{SYNTAX}/{name}"]
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
        WorkerLost: if this one did not start, although there might be others.
    """

    def __init__(self, kit: Kit = NUMPY, limits: Limits = USUAL):
        self.kit, self.limits = kit, limits
        self._process: subprocess.Popen | None = None
        self._clock = OwnTime()

    @property
    def used(self) -> float:
        """Seconds of its own time, until now."""
        return self._clock.seconds

    def __enter__(self) -> Worker:
        self._process = self._begin(require_bubblewrap())
        try:
            ready = self._receive(math.inf, self.limits.start, 1000)
        except WorkerLost:
            ready = None
        if ready != "ready":  # nothing of a learner's has run yet
            self._process.kill()
            said = self._process.stderr.read(100_000).decode(errors="replace").strip()
            self.__exit__()
            if said.rpartition("\n")[2].startswith("bwrap:"):
                raise SandboxError(refusal(said))
            raise WorkerLost("start")
        self._clock = OwnTime(innermost(self._process.pid))
        return self

    def _begin(self, bubblewrap: str) -> subprocess.Popen:
        """Start bubblewrap, which waits for its options until all is ready for it."""
        ends: list[int] = []
        try:
            ends += [*os.pipe(), *os.pipe()]
            seccomp_end, write_end, options_end, _ = ends
            os.write(write_end, seccomp.program(self.limits.threads))
            os.close(ends.pop(1))
            process = subprocess.Popen(
                [bubblewrap, "--args", str(options_end), "--", *self._program()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=[seccomp_end, options_end],
                env={},
            )
            go_first(process.pid)
            hold(process.pid, self.limits)
            with open(ends.pop(), "wb") as pipe, contextlib.suppress(BrokenPipeError):
                pipe.write("\0".join([*self._options(seccomp_end), ""]).encode())
            return process
        except OSError:  # the machine has no room for another process, or for its pipes
            raise WorkerLost("start") from None
        finally:
            for end in ends:
                os.close(end)

    def __exit__(self, *_: object) -> None:
        process = self._process
        process.kill()  # bubblewrap's first process; what it holds dies with it
        for pipe in (process.stdin, process.stdout, process.stderr):
            with contextlib.suppress(OSError):
                pipe.close()
        process.wait()

    def ask(self, request: dict, seconds: float) -> object:
        """The reply to a request, as plain data, after at most so many seconds of its own time.

        Raises:
            WorkerLost: if there is none in time, or it is no reply. The worker is of no more use.
        """
        frame = wire.pack(request)
        self._clock.begin()
        until = self._clock.seconds + seconds
        try:
            self._send(frame, until, seconds)
            return self._receive(until, seconds, self.limits.output)
        finally:
            self._clock.look()

    def _options(self, seccomp_end: int) -> list[str]:
        options = [option for group in isolation(self.limits).values() for option in group]
        for name, value in environment().items():
            options += ["--setenv", name, value]
        return [*options, *files(self.kit), "--seccomp", str(seccomp_end)]

    def _program(self) -> list[str]:
        job = {
            "threads": self.limits.of_the_kernel.get(WITHIN),
            "paths": libraries.import_paths(libraries.package_paths(self.kit.packages)),
            "modules": self.kit.modules,
            "lent": self.kit.lent,
        }
        python = [str(libraries.interpreter()), "-I", "-S", "-B", "-X", "utf8"]
        return [*python, f"{COURSE}/{WORKER}", json.dumps(job)]

    def _send(self, frame: bytes, until: float, seconds: float) -> None:
        pipe = self._process.stdin.fileno()
        os.set_blocking(pipe, False)
        latest = self._latest(seconds)
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_WRITE)
            while frame:
                self._wait(selector, until, latest)
                try:
                    frame = frame[os.write(pipe, frame) :]
                except BlockingIOError:
                    continue
                except OSError:
                    raise WorkerLost("end") from None

    def _receive(self, until: float, seconds: float, limit: int) -> object:
        latest = self._latest(seconds)
        try:
            sizes = wire.lengths(self._read(wire.LENGTHS.size, until, latest), limit)
            header, body = (self._read(size, until, latest) for size in sizes)
            return wire.unpack(header, body, Failure)
        except wire.WireError:
            raise WorkerLost("protocol") from None

    def _read(self, size: int, until: float, latest: float) -> bytes:
        pipe, parts = self._process.stdout.fileno(), []
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while size:
                self._wait(selector, until, latest)
                part = os.read(pipe, min(size, 1 << 20))
                if not part:
                    raise WorkerLost("end")
                parts.append(part)
                size -= len(part)
        return b"".join(parts)

    def _latest(self, seconds: float) -> float:
        """When even a busy machine has had its time, on the clock of those who wait."""
        return self._clock.waited + max(seconds, TICK) * self.limits.patience

    def _wait(self, selector: selectors.BaseSelector, until: float, latest: float) -> None:
        """Until the pipe is ready; both limits are of the clock, the worker's time and ours."""
        ready = []
        while not ready:
            ready = selector.select(TICK)
            if not self._clock.due():
                continue
            self._clock.look()
            if self._clock.threads > THREADS:
                raise WorkerLost("threads")
            if self._clock.seconds >= until:
                raise WorkerLost("time")
            if self._clock.waited >= latest:
                raise WorkerLost("load")


def go_first(pid: int) -> None:
    """If memory runs out, the kernel ends a worker, and nothing else of this machine."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_text("1000", encoding="utf-8")


def hold(pid: int, limits: Limits) -> None:
    """Give bubblewrap the limits that its worker will have and cannot change.

    Raises SandboxError where bubblewrap runs as another user.
    """
    import resource  # Windows has none

    for name, value in limits.of_the_kernel.items():
        if name != WITHIN:
            try:
                resource.prlimit(pid, getattr(resource, f"RLIMIT_{name}"), (value, value))
            except PermissionError:
                raise SandboxError(
                    refusal("it belongs to another user: take away its set-uid bit")
                ) from None


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
    try:
        with Worker(limits=replace(USUAL, patience=16.0)):
            pass
    except WorkerLost:
        raise SandboxError(
            "No sandbox has started within four minutes, so nothing is marked: this machine has "
            f"too much to do or too little memory. Repeat the command later. {EVERYWHERE}"
        ) from None
