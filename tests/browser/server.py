"""`course lab` as a learner starts it, on a workbook and a home of its own, ended in any case."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from course_utils.delivery.workshop.hub import free_port

SECONDS_TO_START = 300
SECONDS_TO_END = 20
QUIETED_BY = ("COURSE_BUILD", "PYTEST_VERSION", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER")
ADDRESS = re.compile(r"(http://localhost:\d+)/lab\S*[?]token=(\w+)")


@dataclass(frozen=True)
class Server:
    """A running JupyterLab: where it listens, its key, its first page and its workbook."""

    address: str
    token: str
    first: str
    workbook: Path
    log: Path

    def page_of(self, path: str, workspace: str = "") -> str:
        """The address of a notebook, in a workspace of its own if one is named."""
        room = f"workspaces/{workspace}/" if workspace else ""
        return f"{self.address}/lab/{room}tree/{quote(path)}?token={self.token}"


@contextlib.contextmanager
def course_lab(folder: Path) -> Iterator[Server]:
    """Start `course lab` with everything it writes below `folder`; end it and its kernels.

    Raises RuntimeError, with what was printed, if no page is served within three minutes.
    """
    workbook, log = folder / "workbook", folder / "lab.log"
    program = Path(sys.executable).with_name("course")
    command = [program, "lab", "--no-browser", "--port", str(free_port()), "--workbook", workbook]
    with log.open("w") as written:
        process = subprocess.Popen(
            # the last option lets a test ask the page for its notebook
            [*map(str, command), "--expose-app-in-browser"],
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            env=learners_environment(folder),
            cwd=folder,
        )
    try:
        found = wait_for_address(process, log)
        yield Server(found[1], found[2], found[0], workbook, log)
    finally:
        end(process)


def learners_environment(folder: Path) -> dict[str, str]:
    """The environment without what tells the course that it is under test, and an empty home."""
    kept = {name: value for name, value in os.environ.items() if name not in QUIETED_BY}
    mine = {name: value for name, value in kept.items() if not name.startswith(("JUPYTER", "XDG_"))}
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return mine | {"HOME": str(home), "IPYTHONDIR": str(home / "ipython")}


def wait_for_address(process: subprocess.Popen, log: Path) -> re.Match:
    """The address that the server prints, once it answers there."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        if found := ADDRESS.search(log.read_text(encoding="utf-8")):
            return found
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")


def end(process: subprocess.Popen) -> None:
    """Ask the server to end, with its kernels, and end what does not."""
    with contextlib.suppress(psutil.NoSuchProcess):
        family = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_TO_END)
        process.kill()
        for left in psutil.wait_procs(family, timeout=5)[1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                left.kill()
    process.wait()
