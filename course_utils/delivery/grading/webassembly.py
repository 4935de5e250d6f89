"""Walls for systems without bubblewrap: Python and NumPy as WebAssembly, in a process of its own.

A guest has its own memory, and can call nothing but what `CALLS` names and the door to us: it sees
no file but Python's and NumPy's, no network, no process and no variable. `Worker` starts one and
exchanges frames with it, as the one of `sandbox` does, and ends the process when the time is over.
Nothing here asks for more than Python has on every system.
"""

from __future__ import annotations

import contextlib
import json
import math
import queue
import subprocess
import threading
from dataclasses import asdict
from pathlib import Path

from course_utils.delivery.grading import libraries, wire
from course_utils.delivery.grading.clock import TICK, OwnTime
from course_utils.delivery.grading.sandbox import (
    FILES,
    PACKAGE,
    Kit,
    Limits,
    SandboxError,
    WorkerLost,
)
from course_utils.delivery.grading.shell import SYNTAX
from course_utils.delivery.grading.webassembly_files import (
    Prepared,
    environment,
    host_command,
    prepared,
)
from course_utils.feedback.verdict import Failure

GUEST = Path(__file__).with_name("webassembly_guest.py")
CALLS = (  # of WASI: to read files, the time and random numbers, and to wait
    *("args_get", "args_sizes_get", "environ_get", "environ_sizes_get"),
    *("clock_res_get", "clock_time_get", "random_get", "poll_oneoff", "sched_yield", "proc_exit"),
    *("fd_prestat_get", "fd_prestat_dir_name", "fd_fdstat_get", "fd_filestat_get"),
    *("fd_read", "fd_pread", "fd_seek", "fd_tell", "fd_write", "fd_close"),
    *("path_open", "path_filestat_get"),
)
DEFAULT_KIT, DEFAULT_LIMITS = Kit(), Limits()
CHUNK, CHUNKS = 1 << 16, 64  # bytes that are read ahead of the marking, at most


class Worker:
    """A guest; use it in a `with` statement, at whose end its process is gone.

    Raises:
        SandboxError: if there is none to be had on this machine.
        WorkerLost: if this one did not start, although there might be others.
    """

    def __init__(self, kit: Kit = DEFAULT_KIT, limits: Limits = DEFAULT_LIMITS):
        self.kit, self.limits = kit, limits
        self._clock = OwnTime()

    @property
    def used(self) -> float:
        """Seconds of its own time, until now."""
        return self._clock.seconds

    def __enter__(self) -> Worker:
        job = settings(prepared(), self.limits)
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        try:
            self._process = subprocess.Popen(
                host_command(job), env=environment(), cwd=GUEST.parent, **pipes
            )
        except OSError:  # the machine has no room for another process
            raise WorkerLost("start") from None
        self._said, self._unread = queue.Queue(CHUNKS), b""
        self._to_say: queue.SimpleQueue = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=hear, args=(self._process.stdout, self._said), daemon=True),
            threading.Thread(target=say, args=(self._process.stdin, self._to_say), daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        try:
            self._to_say.put(first_frame(self.kit))
            ready = self._receive(math.inf, self.limits.start, 1000)
        except WorkerLost:
            ready = None
        if ready != "ready":  # nothing of a learner's has run yet
            self._process.kill()
            said = self._process.stderr.read(100_000).decode(errors="replace").strip()
            self.__exit__()
            if said:
                raise SandboxError(refusal(said))
            raise WorkerLost("start")
        self._clock = OwnTime(self._process.pid)
        return self

    def __exit__(self, *_: object) -> None:
        process = self._process
        process.kill()
        self._to_say.put(None)
        while self._said.get() is not None:  # whoever waits to add to it goes on
            pass
        for thread in self._threads:
            thread.join()
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
        try:
            self._to_say.put(frame)
            return self._receive(self._clock.seconds + seconds, seconds, self.limits.output)
        finally:
            self._clock.look()

    def _receive(self, until: float, seconds: float, limit: int) -> object:
        latest = self._clock.waited + max(seconds, TICK) * self.limits.patience
        try:
            sizes = wire.lengths(self._read(wire.LENGTHS.size, until, latest), limit)
            header, body = (self._read(size, until, latest) for size in sizes)
            return wire.unpack(header, body, Failure)
        except wire.WireError:
            raise WorkerLost("protocol") from None

    def _read(self, size: int, until: float, latest: float) -> bytes:
        parts = [self._unread]
        missing = size - len(self._unread)
        while missing > 0:
            part = self._next(until, latest)
            if part is None:
                self._said.put(None)
                raise WorkerLost("end")
            parts.append(part)
            missing -= len(part)
        whole = b"".join(parts)
        self._unread = whole[size:]
        return whole[:size]

    def _next(self, until: float, latest: float) -> bytes | None:
        """What is said next; both limits are of the clock, the worker's time and ours."""
        while True:
            with contextlib.suppress(queue.Empty):
                return self._said.get(timeout=TICK)
            self._clock.look()
            if self._clock.seconds >= until:
                raise WorkerLost("time")
            if self._clock.waited >= latest:
                raise WorkerLost("load")


def hear(pipe, said: queue.Queue) -> None:
    """Read ahead what a guest says, and None at its end."""
    with contextlib.suppress(OSError, ValueError):
        while part := pipe.read1(CHUNK):
            said.put(part)
    said.put(None)


def say(pipe, to_say: queue.SimpleQueue) -> None:
    """Write frames, until None comes. A guest that is gone hears nothing: its silence is seen."""
    with contextlib.suppress(OSError, ValueError):
        while frame := to_say.get():
            pipe.write(frame)
            pipe.flush()


def settings(files: Prepared, limits: Limits) -> dict:
    """What a guest is given, and what it may use."""
    kernel = {"CPU": int(limits.total) + 1, "FSIZE": 0, "NOFILE": limits.files, "CORE": 0}
    return {
        "do": "serve",
        "module": str(files.module),
        "guest": GUEST.read_text(encoding="utf-8"),
        "folders": {str(files.library): "/usr/local/lib"},
        "writable": False,
        "calls": CALLS,
        "memory": limits.memory,
        "longest": limits.output + wire.LENGTHS.size,
        "seconds": (limits.total + limits.start) * limits.patience,
        "limits": kernel,
    }


def first_frame(kit: Kit) -> bytes:
    """The course's files that a worker needs, none of which knows an answer, and its job."""
    paths = [PACKAGE / name for name in (*FILES, *kit.parts)]
    files = [one for path in paths for one in ([path] if path.is_file() else path.rglob("*.py"))]
    texts = {one.relative_to(PACKAGE.parent).as_posix(): one for one in files}
    folders = {
        folder: {name: one.read_text(encoding="utf-8") for name, one in found.items()}
        for folder, found in (("/course", texts), (SYNTAX, libraries.notebook_syntax()))
    }
    job = {"threads": None, "paths": [], **asdict(kit)}
    content = json.dumps({"folders": folders, "job": job}).encode()
    return wire.LENGTHS.pack(len(content), 0) + content


def refusal(said: str) -> str:
    """Why there was no guest, from what its process said."""
    reason = said.splitlines()[-1][:200] if said else "no message"
    return (
        f"WebAssembly cannot be started on this machine ({reason}), so nothing is marked: "
        "docs/grading.md says under 'Marking anywhere' what it needs."
    )
