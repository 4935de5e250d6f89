"""`course doctor --workshop`: is this participant's machine ready? One screenful, in seconds."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import subprocess
import time
import urllib.request
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from course_utils import interpreter
from course_utils.delivery import doctor
from course_utils.delivery.doctor import STYLE, Finding
from course_utils.delivery.lab import arguments, environment, is_free, trust
from course_utils.delivery.last_workbook import remembered
from course_utils.delivery.workshop import speed
from course_utils.delivery.workshop.hub import free_port
from course_utils.workbook import Workbook

WIDTH, INDENT = 80, 23  # columns
PATIENCE = 60  # seconds
LAB_PORT = 8888
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
OUTSIDE = re.compile(r'(?:src|href)="(?:https?:)?//(?!localhost|127\.0\.0\.1)')


def examine(console: Console | None = None) -> bool:
    """Look at everything a workshop needs, print a line for each, and say whether it is ready.

    The workbook is laid, if it is not there yet: that is what an evening before is good for.
    """
    console = console or Console(width=WIDTH, highlight=False)
    os.environ.update(environment())
    start = time.perf_counter()
    console.print("[bold]Ready for the workshop?[/] It takes about 15 seconds.\n")
    states = []
    for subject, examination in EXAMINATIONS.items():
        with console.status(f"Looking at: {subject}"):
            finding = doctor.attempt(examination)
        states.append(finding.state)
        show(console, subject, finding)
    console.print(verdict(states, time.perf_counter() - start))
    return "problem" not in states


def show(console: Console, subject: str, finding: Finding) -> None:
    """One line for what was found, and one for what to do if there is something to do."""
    style = STYLE[finding.state]
    room = WIDTH - INDENT
    found = " ".join(finding.found.split())
    found = found if len(found) <= room else found[: room - 3] + "..."
    console.print(f"  [{style}]{finding.state:<8}[/] {subject:<11} {escape(found)}")
    if finding.state != "ok" and finding.advice:
        advice = f"[{style}]do:[/] {escape(finding.advice)}"
        console.print(Padding(advice, (0, 0, 0, INDENT)))


def verdict(states: list[str], seconds: float) -> str:
    """The last line."""
    took = f"(looked for {seconds:.0f} s)"
    problems = states.count("problem")
    if problems:
        return f"\n[bold red]Not ready yet:[/] {problems} of {len(states)}. Mend it and look again."
    noted = "; see the notes above" if "note" in states else ""
    return f"\n[bold green]Ready.[/] Start with: course lab{noted} {took}"


def python() -> Finding:
    """The version of Python, without its place."""
    finding = doctor.python()
    return Finding(finding.state, finding.found.partition(" ")[0], finding.advice)


def workbook() -> Finding:
    """The learner's own copies: laid, complete, and in a folder that can be written to."""
    book = Workbook(remembered())
    book.lay()
    trust(book.written)
    here = [name for name in book.sources() if (book.folder / name).is_file()]
    place = str(book.folder).replace(str(Path.home()), "~", 1)
    return Finding("ok", f"{len(here)} notebooks in {place}, yours to write to")


def kernel() -> Finding:
    """A notebook's kernel starts and computes."""
    start = time.perf_counter()
    finding = doctor.kernel()
    seconds = time.perf_counter() - start
    if finding.state != "ok":
        return finding
    return Finding("ok", f"a notebook's kernel starts and answers in {seconds:.1f} s")


def numpy() -> Finding:
    """A training of lesson 01 with NumPy, and its time."""
    answer = doctor.in_process(speed.TRAINING)
    if isinstance(answer, Finding):
        return answer
    (seconds,) = answer
    found = f"a training of lesson 01 takes {seconds:.1f} s"
    times = seconds / speed.REFERENCE
    if times <= speed.SLOW:
        return Finding("ok", found)
    advice = f"close other programs; else cells take {times:.0f} times as long as they say"
    return Finding("note", found, advice)


def keras() -> Finding:
    """Keras imports and computes, and nothing of it asks for a network."""
    answer = doctor.in_process(speed.WATCH + doctor.KERAS + speed.LSTM)
    if isinstance(answer, Finding):
        return answer
    version, _, seconds, asked = answer
    if outside := set(asked) - speed.LOCAL:
        return Finding("note", f"{version}, but it asked for {min(outside)}", "tell your teacher")
    return Finding("ok", f"{version}, imported in {seconds:.1f} s, asks for no network")


def lab() -> Finding:
    """JupyterLab starts on the workbook, answers, and its page needs no other machine."""
    start = time.perf_counter()
    with lab_server() as (address, server):
        while time.perf_counter() - start < PATIENCE and server.poll() is None:
            with contextlib.suppress(OSError), DIRECT.open(address, timeout=5) as page:
                text = page.read().decode()
                seconds = time.perf_counter() - start
                if OUTSIDE.search(text):
                    return Finding("problem", "its page needs a network", doctor.repair())
                return Finding("ok", f"answers after {seconds:.1f} s, needs no network")
            time.sleep(0.1)
    return Finding("problem", "does not answer", doctor.repair())


@contextlib.contextmanager
def lab_server() -> Iterator[tuple[str, subprocess.Popen]]:
    """JupyterLab on a free port, as `course lab` starts it, with the address of its page."""
    port = free_port()
    token = secrets.token_hex(16)
    book = Workbook(remembered())
    book.lay()
    options = [*arguments(book.folder, book.first(), port), "--no-browser"]
    server = subprocess.Popen(
        [*interpreter.python("-m", "course_utils.delivery.lab"), *options],
        cwd=interpreter.SAFE_FOLDER,
        env=environment() | {"JUPYTER_TOKEN": token},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}/lab?token={token}", server
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def port() -> Finding:
    """The port that JupyterLab takes first."""
    if is_free(LAB_PORT):
        return Finding("ok", f"{LAB_PORT} is free")
    return Finding("ok", f"{LAB_PORT} is taken; course lab takes the next free one")


def browser() -> Finding:
    """A browser that Python can open."""
    if os.environ.get("JUPYTERHUB_USER"):
        return Finding("ok", "the one you came to the hub with")
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        advice = "open the address that course lab prints"
        return Finding("note", "none that could be opened for you", advice)
    return Finding("ok", getattr(found, "basename", "") or "there is one")


EXAMINATIONS: dict[str, Callable[[], Finding]] = {
    "Python": python,
    "packages": doctor.packages,
    "memory": doctor.memory,
    "disk": doctor.disk,
    "workbook": workbook,
    "kernel": kernel,
    "NumPy": numpy,
    "Keras": keras,
    "JupyterLab": lab,
    "port": port,
    "browser": browser,
}
