"""Each wall of the sandbox taken away: what it stopped is then possible.

So the tests of `test_sandbox` can fail, and we know which walls stand behind one another.
docs/grading.md has the list.
"""

import contextlib
import ctypes
import os
import random
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from course_utils.delivery.grading import libraries, sandbox, seccomp
from course_utils.delivery.grading.sandbox import PACKAGE, Kit, Limits, WorkerLost
from tests.processes import PATIENCE, kill, still_running

from .attacks import AMPLE, PASS_ALL, SHORT, found_by, tried
from .test_sandbox import ATTACKS

DEAF = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
SPACES = ("user", "ipc", "pid", "net", "uts", "cgroup")


@pytest.fixture
def without(monkeypatch):
    """Takes walls away, by name; several calls add up."""

    def take(*walls: str) -> None:
        for wall in walls:
            if wall == "filter":
                monkeypatch.setattr(seccomp, "program", lambda threads: PASS_ALL)
            elif wall == "limits":
                monkeypatch.setattr(Limits, "of_the_kernel", property(lambda self: {}))
            elif wall in ("writing", "files", "hidden packages", "no /proc"):
                monkeypatch.setattr(sandbox, "files", open_files(wall, sandbox.files))
            else:
                monkeypatch.setattr(sandbox, "isolation", thinner(wall, sandbox.isolation))

    return take


def thinner(wall: str, whole):
    def isolation(limits: Limits) -> dict[str, list[str]]:
        groups = {name: list(options) for name, options in whole(limits).items()}
        options = groups["namespaces"]
        if "--unshare-all" in options:
            options[:] = [f"--unshare-{space}" for space in SPACES]
        if wall in SPACES:
            options.remove(f"--unshare-{wall}")
            if wall == "uts":
                groups["name"] = []
            if wall == "user":
                del groups["capabilities"][-4:]  # other numbers exist only in a namespace
        elif wall == "nobody":
            del groups["capabilities"][-4:]
        elif wall == "capabilities":
            del groups["capabilities"][:2]
        elif wall == "session":
            groups["end"].remove("--new-session")
        elif wall == "end":
            groups["end"].remove("--die-with-parent")
        else:
            groups[wall] = []
        return groups

    return isolation


def open_files(wall: str, whole):
    def files(kit: Kit) -> list[str]:
        options = whole(kit)
        if wall == "writing":
            places = [n for n, one in enumerate(options) if one == "--remount-ro"]
            kept = [one for n, one in enumerate(options) if not {n, n - 1} & set(places)]
            return ["--bind" if one == "--ro-bind" else one for one in kept]
        if wall == "hidden packages":
            places = [
                n
                for n, one in enumerate(options)
                if one in ("--tmpfs", "--remount-ro") and options[n + 1] != "/"
            ]
            return [one for n, one in enumerate(options) if not {n, n - 1} & set(places)]
        if wall == "no /proc":
            place = options.index("/proc/self/exe") - 2
            return [*options[:place], "--proc", "/proc", *options[place + 3 :]]
        place, outside = options.index("--remount-ro"), ["/etc/passwd", str(PACKAGE)]
        shown = [word for path in outside for word in ("--ro-bind", path, path)]
        return [*options[:place], *shown, *course, *options[place:]]

    course = ["--ro-bind", str(PACKAGE), sandbox.COURSE]
    return files


def possible(attack: str, limits: Limits = AMPLE) -> bool:
    return found_by(tried(attack), limits) == "possible"


# The file system


@pytest.mark.parametrize("attack", ["read a file", "see the course", "read the course"])
def test_files_are_not_there(without, attack: str) -> None:
    assert not possible(ATTACKS[attack])
    without("files")
    assert possible(ATTACKS[attack])


@pytest.mark.parametrize("attack", ["read the problems", "read the judge", "call the package"])
def test_the_course_is_not_there(without, attack: str) -> None:
    assert not possible(ATTACKS[attack])
    without("files")
    assert possible(ATTACKS[attack])


def test_nothing_can_be_written(without) -> None:
    attacks = (
        "os.mkdir('/found')",
        "open('/course/course_utils/delivery/grading/wire.py', 'a').close()",
    )
    assert not any(map(possible, attacks))
    without("writing")
    assert all(map(possible, attacks))
    filling = "open('/found', 'w').write('x' * 10_000)"
    assert not possible(filling)  # the limit of file sizes stands behind
    without("limits")
    assert possible(filling)


def test_other_packages_are_hidden(without) -> None:
    """Whatever lies there but is not given, wherever the environment stands."""
    given = set(libraries.package_paths(Kit().packages))
    others = [
        next((path for path in sorted(folder.iterdir()) if path not in given), None)
        for folder in libraries.package_folders()
    ]
    looks = [f"os.lstat({str(path)!r})" for path in others if path]
    if not looks:
        pytest.skip("this Python has no packages of its own")
    assert not any(map(possible, looks))
    without("hidden packages")
    assert all(map(possible, looks))


def test_an_environment_is_no_folder_of_python() -> None:
    """Only the packages a worker needs come from the environment, never the whole of it."""
    if sys.prefix == sys.base_prefix:
        pytest.skip("not in a virtual environment")
    environment = Path(sys.prefix).resolve()
    assert not any(path.is_relative_to(environment) for path in libraries.python_folders())


def test_nothing_tells_of_mounts_and_processes(without) -> None:
    assert not possible("open('/proc/mounts').read()")
    without("no /proc")
    assert possible("open('/proc/mounts').read()")


# Namespaces


def test_no_network(without) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        call = f"socket.create_connection(('127.0.0.1', {listener.getsockname()[1]}), 1)"
        assert not possible(call)
        without("net")
        assert not possible(call)  # the filter alone stops it
        without("filter")
        assert possible(call)


def test_no_network_without_the_filter(without) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        without("filter")
        assert not possible(
            f"socket.create_connection(('127.0.0.1', {listener.getsockname()[1]}), 1)"
        )


def test_no_other_process(without) -> None:
    """The victim has the same user: nothing but the namespace protects it."""
    victim = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert not possible(f"os.kill({victim.pid}, 9)")
        without("filter")
        assert not possible(f"os.kill({victim.pid}, 9)")
        assert victim.poll() is None
        without("pid")
        assert possible(f"os.kill({victim.pid}, 9)")
        assert victim.wait(60) == -signal.SIGKILL
    finally:
        victim.kill()
        victim.wait()
        victim.stdin.close()


def test_no_shared_memory(without) -> None:
    with shared_memory() as attack:
        without("ipc")
        assert not possible(attack)  # the filter alone stops it
        without("filter")
        assert possible(attack)


def test_no_shared_memory_without_the_filter(without) -> None:
    with shared_memory() as attack:
        without("filter")
        assert not possible(attack)


@contextlib.contextmanager
def shared_memory():
    """A line that finds a piece of memory which this machine's processes share."""
    libc = ctypes.CDLL(None)
    create, remove = 0o3666, 0
    keys = (random.randrange(1, 1 << 31) for _ in range(100))  # other tests may run beside us
    key, segment = next((k, s) for k in keys if (s := libc.shmget(k, 4096, create)) >= 0)
    try:
        yield f"import ctypes; assert ctypes.CDLL(None).shmget({key}, 4096, 0) >= 0"
    finally:
        libc.shmctl(segment, remove, None)


def test_no_name_of_the_machine(without) -> None:
    name = "import os; found = os.uname().nodename"
    assert found_by(name) == "worker"
    without("uts")
    assert found_by(name) == os.uname().nodename


AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to lose")


@pytest.mark.parametrize(
    ("attack", "walls", "opened"),
    [
        pytest.param("os.chroot('/')", ["capabilities"], False, marks=AS_ROOT),
        pytest.param("os.chroot('/')", ["nobody"], False, marks=AS_ROOT),
        pytest.param("os.chroot('/')", ["nobody", "capabilities"], True, marks=AS_ROOT),
        pytest.param("os.nice(-1)", ["capabilities"], False, marks=AS_ROOT),
        pytest.param("os.nice(-1)", ["user"], False, marks=AS_ROOT),
        pytest.param("os.nice(-1)", ["user", "capabilities"], True, marks=AS_ROOT),
    ],
)
def test_no_rights(without, attack: str, walls: list[str], opened: bool) -> None:
    """Three walls: nobody's number, no rights, and a namespace in which they count for little."""
    assert not possible(attack)
    without("filter")  # it permits neither call
    assert not possible(attack)
    without(*walls)
    assert possible(attack) == opened


def test_the_cgroup_cannot_be_seen_anyway(without) -> None:
    attack = "open('/proc/self/cgroup').read() + open('/sys/fs/cgroup/cgroup.procs').read()"
    assert not possible(attack)
    without("cgroup")
    assert not possible(attack)


# The kernel's filter and limits


@pytest.mark.parametrize(
    "attack",
    ["os.fork() or os._exit(0)", "os.memfd_create('x')", "socket.socket()",
     "__import__('threading').Thread(target=print).start()", ATTACKS["bubblewrap's memory"]],
)  # fmt: skip
def test_the_filter(without, attack: str) -> None:
    assert not possible(attack)
    without("filter")
    assert possible(attack)


def test_limits_of_memory_and_files(without) -> None:
    attacks = "bytearray(1 << 30)", "kept = [os.dup(0) for _ in range(1000)]"
    assert not any(map(possible, attacks))
    without("limits")
    assert all(map(possible, attacks))


def test_the_limit_of_time_stands_behind_the_clock(without) -> None:
    """The kernel ends a worker even if the marking process should sleep."""
    tight = replace(AMPLE, total=1.0)
    with pytest.raises(WorkerLost, match="end"):
        found_by("while True: pass", tight)
    without("limits")
    with pytest.raises(WorkerLost, match="time"):
        found_by(DEAF, SHORT)


def test_the_limit_of_output() -> None:
    code = "import numpy; found = numpy.zeros(500_000)"
    with pytest.raises(WorkerLost, match="protocol"):
        found_by(code, replace(AMPLE, output=1 << 20))
    assert len(found_by(code, replace(AMPLE, output=8 << 20))) == 500_000


# The environment, and the end


def test_no_variables(without, monkeypatch) -> None:
    popen = sandbox.subprocess.Popen
    leaking = lambda *given, env, **named: popen(*given, env={"COURSE_SECRET": "x"}, **named)  # noqa: E731
    monkeypatch.setattr(sandbox.subprocess, "Popen", leaking)
    assert "COURSE_SECRET" not in found_by("import os; found = sorted(os.environ)")
    without("environment")
    assert "COURSE_SECRET" in found_by("import os; found = sorted(os.environ)")


ALONE = """
import sys
from course_utils.delivery.grading import sandbox
from course_utils.delivery.grading.sandbox import Limits, Worker
whole = sandbox.isolation
def isolation(limits):
    groups = whole(limits)
    groups["end"] = [one for one in groups["end"] if one not in sys.argv[1:]]
    return groups
sandbox.isolation = isolation
class Asked(Worker):
    replies = 0
    def _receive(self, *given):
        if self.replies:  # a worker that has not got its question yet ends with its pipe
            print(self._process.pid, flush=True)
        self.replies += 1
        return super()._receive(*given)
with Asked(limits=Limits(seconds=600)) as worker:
    worker.ask({"do": "run", "label": "x", "source": "while True: pass", "lenient": False}, 600)
"""


@pytest.mark.parametrize(("left_out", "survives"), [([], False), (["--die-with-parent"], True)])
def test_nobody_outlives_the_marking(left_out: list[str], survives: bool) -> None:
    marking = subprocess.Popen(
        [sys.executable, "-c", ALONE, *left_out], stdout=subprocess.PIPE, text=True
    )
    family = []
    try:
        outer = psutil.Process(int(marking.stdout.readline()))
        while len(family := [outer, *outer.children(recursive=True)]) < 3:
            time.sleep(0.01)  # bubblewrap, its first process inside, the worker
        marking.kill()
        marking.wait()
        alive = still_running(family, 2 if survives else PATIENCE)
        assert bool(alive) == survives
    finally:
        kill(family)  # each dies with the one before it
        marking.kill()
        marking.wait()
        marking.stdout.close()


def test_no_terminal(without) -> None:
    """The worker is in no session of ours (0 would be one), and finds no terminal to type into."""
    session, terminal = "import os; found = os.getsid(0)", "os.open('/dev/tty', os.O_RDWR)"
    assert found_by(session) > 0 and not possible(terminal)
    without("session")
    assert found_by(session) == 0
    assert not possible(terminal)


def test_threads_only_where_they_are_needed() -> None:
    start = "__import__('threading').Thread(target=print).start()"
    assert not possible(start)
    assert possible(start, replace(AMPLE, threads=True))


def test_threads_are_counted() -> None:
    """Or one worker could take every process number that the machine has."""
    if not sandbox.counts_alone():
        pytest.skip("this kernel counts the threads of a sandbox with all of its user")
    many = replace(AMPLE, threads=True, memory=8 << 30)
    limit = "import resource; found = resource.getrlimit(resource.RLIMIT_NPROC)[0]"
    assert found_by(limit, many) == sandbox.THREADS
    if os.geteuid() == 0:
        pytest.skip("root may have any number of threads")
    start = """
import threading
threading.stack_size(1 << 16)
stop, found = threading.Event(), 0
try:
    while found < 5000:
        threading.Thread(target=stop.wait, daemon=True).start()
        found += 1
except RuntimeError:
    pass
stop.set()
"""
    assert found_by(start, many) < sandbox.THREADS


@pytest.mark.parametrize(
    ("release", "alone"),
    [("5.13.0-52-generic", False), ("5.14.0", True), ("6.8.0-1009-aws", True), ("4.19.0", False)],
)
def test_which_kernels_count_a_sandbox_alone(monkeypatch, release: str, alone: bool) -> None:
    monkeypatch.setattr("platform.release", lambda: release)
    assert sandbox.counts_alone() == alone
    assert ("NPROC" in sandbox.KERAS.of_the_kernel) == alone
    assert "NPROC" not in Limits().of_the_kernel
