"""Which walls stand around learners' code: bubblewrap's, or else WebAssembly's."""

from __future__ import annotations

from rich.console import Console

from course_utils.delivery.grading import sandbox, webassembly, webassembly_files
from course_utils.delivery.grading.sandbox import Kit, Limits, SandboxError

WORKERS = {"bubblewrap": sandbox.Worker, "webassembly": webassembly.Worker}
CHOICES = ("auto", *WORKERS)
INSIDE = {"numpy"}  # all that WebAssembly has


def worker(walls: str, kit: Kit, limits: Limits) -> sandbox.Worker | webassembly.Worker:
    """A worker behind these walls, for a `with` statement."""
    return WORKERS[walls](kit, limits)


def choose(wanted: str = "auto", cluster: str | None = None) -> str:
    """The walls to be used: a key of WORKERS.

    Args:
        wanted: one of CHOICES; auto is bubblewrap if it works here, else WebAssembly.
        cluster: address of a Dask scheduler. Its machines are not looked at: auto is bubblewrap.

    Raises:
        SandboxError: if there are none; the sentence says what to install.
    """
    if wanted == "webassembly":
        webassembly_files.require_webassembly()
    elif not cluster:
        try:
            sandbox.probe()
        except SandboxError:
            if wanted == "bubblewrap" or not webassembly_files.is_installed():
                raise
            return "webassembly"
    return "bubblewrap" if wanted == "auto" else wanted


def lacking(walls: str, kit: Kit) -> list[str]:
    """Packages that a set needs and that there are not behind these walls."""
    return [] if walls == "bubblewrap" else sorted({*kit.packages, *kit.modules} - INSIDE)


def get_ready(walls: str, console: Console) -> None:
    """Make what these walls need, if it is not there yet, and say that it takes a while.

    Raises SandboxError if it cannot be made.
    """
    if walls == "webassembly" and not webassembly_files.is_prepared():
        with console.status("Making the walls of WebAssembly, once: one to three minutes ..."):
            webassembly_files.prepared()
