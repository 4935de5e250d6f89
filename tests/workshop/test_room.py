"""A learner's disk and memory as a whole: limited by Linux where it can be, else watched."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from tornado.web import HTTPError

from course_utils.delivery.workshop import room
from course_utils.delivery.workshop.groups import LIMITS, Groups
from course_utils.delivery.workshop.kernels import FewKernels
from course_utils.interpreter import python
from tests.processes import kill, still_running

MEGABYTE = 10**6
SERVER = """
import subprocess, sys, time
held = "import sys, time; held = bytearray(int(sys.argv[1])); print(1, flush=True)"
held += "; time.sleep(6000)"
for size in sys.argv[1:]:
    child = subprocess.Popen([sys.executable, "-c", held, size], stdout=subprocess.PIPE)
    child.stdout.readline()
print("ready", flush=True)
time.sleep(6000)
"""


@pytest.fixture
def server() -> psutil.Process:
    """A process with two below it, of 50 and 200 MB."""
    sizes = [str(50 * MEGABYTE), str(200 * MEGABYTE)]
    process = subprocess.Popen(python("-c", SERVER, *sizes), stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    family = psutil.Process(process.pid).children(recursive=True)
    yield psutil.Process(process.pid)
    kill([*family, psutil.Process(process.pid)])
    process.wait()


def test_of_too_much_memory_the_largest_goes(server: psutil.Process, tmp_path: Path) -> None:
    small, large = server.children()
    room.relieve(server.pid, tmp_path, 0, 1000 * MEGABYTE)
    assert not [one for one in (small, large) if one.status() == psutil.STATUS_ZOMBIE]
    room.relieve(server.pid, tmp_path, 0, 200 * MEGABYTE)
    assert not still_running([large])
    assert small.is_running() and small.status() != psutil.STATUS_ZOMBIE


def test_with_too_many_files_no_notebook_runs_and_a_note_says_why(
    server: psutil.Process, tmp_path: Path
) -> None:
    workbook = tmp_path / "carousel-workbook"
    workbook.mkdir()
    (workbook / "large").write_bytes(os.urandom(3 * MEGABYTE))
    (workbook / "loop").symlink_to(workbook)
    room.relieve(server.pid, tmp_path, 4 * MEGABYTE, 0)
    assert len(server.children()) == 2 and not (workbook / room.NOTE).exists()
    room.relieve(server.pid, tmp_path, 2 * MEGABYTE, 0)
    assert "delete some" in (workbook / room.NOTE).read_text(encoding="utf-8")
    assert server.is_running() and not still_running(server.children())
    (workbook / "large").unlink()
    room.relieve(server.pid, tmp_path, 2 * MEGABYTE, 0)
    assert not (workbook / room.NOTE).exists()


def test_no_kernel_starts_with_too_many_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large").write_bytes(os.urandom(3 * MEGABYTE))
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(HTTPError, match="delete some") as refused:
        asyncio.run(FewKernels(disk=2 * MEGABYTE).start_kernel())
    assert refused.value.status_code == 507


def delegated(folder: Path, members: str) -> tuple[Path, Path]:
    """A made-up interface of version 2: the file of membership and the mounted folder."""
    own = folder / "mounted" / "user" / "hub.scope"
    own.mkdir(parents=True)
    (own / "cgroup.controllers").write_text("cpu memory pids\n")
    (own / "cgroup.procs").write_text(members)
    (folder / "cgroup").write_text("0::/user/hub.scope\n")
    return folder / "cgroup", folder / "mounted"


def test_groups_of_version_2(tmp_path: Path) -> None:
    """Which needs the hub's own processes one level down."""
    membership, mounted = delegated(tmp_path, f"{os.getppid()}\n{os.getpid()}\n")
    found = Groups.found(membership, mounted)
    own = mounted / "user" / "hub.scope"
    assert found == Groups(own, 2)
    assert (own / "cgroup.subtree_control").read_text() == "+memory"
    assert (own / "hub" / "cgroup.procs").read_text() in (str(os.getpid()), str(os.getppid()))
    group = found.limited("learner-1", 123)
    assert (group / "memory.max").read_text() == "123"


@pytest.mark.parametrize(
    ("members", "controllers"),
    [("1\n2\n3\n999999\n", "memory"), (f"{os.getpid()}\n", "cpu")],
    ids=["others", "no memory"],
)
def test_no_groups_where_they_are_not_ours(tmp_path: Path, members: str, controllers: str) -> None:
    membership, mounted = delegated(tmp_path, members)
    own = mounted / "user" / "hub.scope"
    (own / "cgroup.controllers").write_text(controllers)
    assert Groups.found(membership, mounted) is None
    assert not (own / "hub").exists()
    (tmp_path / "cgroup").write_text("0::/\n")  # all of a machine is nobody's to divide
    assert Groups.found(membership, mounted) is None
    assert Groups.found(tmp_path / "nothing", mounted) is None


def test_a_group_is_limited_as_a_whole() -> None:
    """Three processes that are each within the limit, and together beyond it."""
    found = Groups.found()
    if found is None or found.version == 2:  # where it would move the processes of other tests
        pytest.skip("this machine lets us make no groups of version 1")
    name = f"test-{os.getpid()}"
    group = found.limited(name, 150 * MEGABYTE)
    code = f"import time; held = bytearray(b'x') * {70 * MEGABYTE}; time.sleep(6000)"
    join = ["sh", "-c", 'echo 0 > "$1/cgroup.procs"; shift; exec "$@"', "sh", str(group)]
    hogs = [subprocess.Popen([*join, sys.executable, "-c", code]) for _ in range(3)]
    try:
        until = time.monotonic() + 120
        while not any(hog.poll() for hog in hogs) and time.monotonic() < until:
            time.sleep(0.1)
        assert -9 in [hog.poll() for hog in hogs], "Linux ends one of them"
        assert int((group / LIMITS[1]).read_text()) <= 150 * MEGABYTE
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()
        found.remove(name)
    assert not group.exists()
