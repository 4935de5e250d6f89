"""A hub of which a process is killed (kill -9, or for want of memory) leaves nothing running."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from course_utils.delivery.lab import is_free
from course_utils.delivery.workshop.folder import HubFolder
from course_utils.delivery.workshop.hub import free_port, kept_by
from course_utils.delivery.workshop.steps import arrive
from course_utils.delivery.workshop.visitor import Visitor
from course_utils.interpreter import python
from tests.processes import kill, still_running

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux keeps orphans"),
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm, which has the proxy, is missing"),
]
LESSON = "notebooks/01_a_recurrent_network_from_scratch.ipynb"
# One process that leaves its session, one whose parent is gone, one deaf to what asks it to end.
BACKGROUND = """
import subprocess, sys
deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(6000)"
subprocess.Popen(["sleep", "6001"], start_new_session=True)
subprocess.run("setsid sleep 6002 &", shell=True)
subprocess.Popen([sys.executable, "-c", deaf, "6003"], start_new_session=True)
"""
FAR = ("6001", "6002", "6003")


@contextlib.contextmanager
def class_at_work(folder: Path) -> Iterator[tuple[list[psutil.Process], int]]:
    """A hub with a learner's kernel and what that has started, and its port.

    The processes are `course hub`, its keeper, the hub, and all others.
    """
    port = free_port()
    words = ["hub", "--no-warm-up", "--local", "--folder", str(folder), "--port", str(port)]
    course = subprocess.Popen(
        python("-m", "course_utils.delivery.start", *words),
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    everybody = [psutil.Process(course.pid)]
    try:
        assert any(b"Ctrl-C stops the hub" in line for line in course.stdout)
        asyncio.run(work(HubFolder(folder), port))
        (keeper,) = everybody[0].children()
        hub = psutil.Process(kept_by(keeper.pid))
        others = everybody[0].children(recursive=True)
        everybody = [
            everybody[0],
            keeper,
            hub,
            *(one for one in others if one not in (keeper, hub)),
        ]
        yield everybody, port
    finally:
        kill(
            [*everybody, *everybody[0].children(recursive=True)]
            if course.poll() is None
            else everybody
        )
        course.wait()


async def work(here: HubFolder, port: int) -> None:
    """A learner opens a notebook and puts processes into the background."""
    async with Visitor(f"http://127.0.0.1:{port}", "ada", here.passwords()["class"]) as ada:
        await arrive(ada)
        kernel = await ada.start_kernel(LESSON)
        await kernel.run(BACKGROUND)
        kernel.socket.close()


def is_far(process: psutil.Process) -> bool:
    """Whether a learner put it into the background."""
    with contextlib.suppress(psutil.Error):
        return process.cmdline()[-1] in FAR
    return False


@pytest.mark.parametrize("killed", [(0,), (2,), (0, 1, 2)], ids=str)
def test_what_is_killed_takes_everything_along(tmp_path: Path, killed: tuple[int, ...]) -> None:
    """0 is `course hub`, 1 its keeper, 2 the hub."""
    with class_at_work(tmp_path) as (everybody, port):
        far = [one for one in everybody if is_far(one)]
        assert len(far) == len(FAR) and len(everybody) >= 6 + len(FAR)
        for one in killed:
            os.kill(everybody[one].pid, signal.SIGKILL)
        expected = [one for one in everybody if 1 not in killed or one not in far]
        assert not still_running(expected)
        assert all(is_free(one) for one in (port, port + 1, port + 2))
