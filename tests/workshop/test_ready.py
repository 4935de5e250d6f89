"""`course doctor --workshop`: one screenful, green or what to do."""

import io
import os
import re
import subprocess
import sys
import time
import webbrowser
from pathlib import Path

import pytest
from rich.console import Console

from course_utils.delivery import doctor
from course_utils.delivery.doctor import Finding
from course_utils.delivery.workshop import ready, speed

COMMAND = [sys.executable, "-c", "from course_utils.delivery.cli import main; main()", "doctor"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of our own: the workbook of whoever runs the tests stays untouched."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def examine(monkeypatch: pytest.MonkeyPatch, **findings: Finding) -> tuple[bool, list[str]]:
    """The verdict and the printed lines for examinations that find what is given."""
    examinations = {name: lambda found=found: found for name, found in findings.items()}
    monkeypatch.setattr(ready, "EXAMINATIONS", examinations)
    out = io.StringIO()
    well = ready.examine(Console(file=out, width=ready.WIDTH, highlight=False))
    return well, out.getvalue().splitlines()


def test_this_machine_is_ready_in_one_screenful(home: Path) -> None:
    done = subprocess.run([*COMMAND, "--workshop"], capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) <= 80
    assert "Ready. Start with: course lab" in done.stdout and "\x1b" not in done.stdout
    assert re.search(r"ok +Keras +3[.\d]+, imported in [\d.]+ s, asks for no network", done.stdout)
    assert re.search(r"ok +JupyterLab +answers after [\d.]+ s, needs no network", done.stdout)
    assert (home / "carousel-workbook" / "notebooks" / "00_start_here.ipynb").is_file()


@pytest.mark.parametrize("state", ["note", "problem"])
def test_the_worst_fits_on_a_screen(monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    finding = Finding(state, "something [that] went wrong in many words " * 5, "do this [now]")
    names = list(ready.EXAMINATIONS)
    most = 9  # with more wrong than that, the lines at the top are no loss
    findings = dict.fromkeys(names[:most], finding) | dict.fromkeys(
        names[most:], Finding("ok", "x")
    )
    well, lines = examine(monkeypatch, **findings)
    assert well is (state == "note")
    assert len(lines) <= 24 and max(map(len, lines)) <= 80
    assert sum("do: do this [now]" in line for line in lines) == most
    assert sum("something [that] went wrong" in line for line in lines) == most
    verdict = "Ready." if state == "note" else f"Not ready yet: {most} of {len(names)}"
    assert verdict in lines[-1]


def test_no_colour_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "EXAMINATIONS", {"disk": lambda: Finding("problem", "x", "y")})
    said = {}
    for wanted in (True, False):
        monkeypatch.delenv("NO_COLOR", raising=False)
        if not wanted:
            monkeypatch.setenv("NO_COLOR", "1")
        out = io.StringIO()
        assert not ready.examine(Console(file=out, width=80, force_terminal=True))
        said[wanted] = bool(re.search(r"\x1b\[[\d;]*3[0-7]m", out.getvalue()))
    assert said == {True: True, False: False}


def test_a_workbook_that_cannot_be_laid(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    (home / "carousel-workbook").write_text("in the way")
    finding = doctor.attempt(ready.workbook)
    assert finding.state == "problem" and "is a file where a folder belongs" in finding.advice


def test_a_slow_machine_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "in_process", lambda code: [speed.REFERENCE * 5])
    assert ready.numpy().state == "note" and "5 times as long" in ready.numpy().advice
    monkeypatch.setattr(doctor, "in_process", lambda code: [speed.REFERENCE * 1.5])
    assert ready.numpy().state == "ok"


def test_whatever_asks_for_a_network_is_seen() -> None:
    code = (
        "import json, socket\nanswer = ['3', 'x', 1.0]\n"
        "try: socket.create_connection(('carousel.invalid', 80), timeout=1)\nexcept OSError: pass\n"
        "s = socket.socket()\ns.settimeout(0.01)\n"
        "try: s.connect(('192.0.2.9', 9))\nexcept OSError: pass\n"
        "print(json.dumps([*answer, asked]))\n"
    )
    asked = doctor.in_process(speed.WATCH + code)[3]
    assert {"carousel.invalid", "192.0.2.9"} <= set(asked)


def test_keras_that_asks_for_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for asked, state in ((["127.0.0.1"], "ok"), (["localhost", "example.org"], "note")):
        monkeypatch.setattr(doctor, "in_process", lambda code, a=asked: ["3", "x", 1.0, a])
        assert ready.keras().state == state


def test_a_page_that_needs_another_machine() -> None:
    assert ready.OUTSIDE.search('<script src="https://cdn.example.org/x.js">')
    assert ready.OUTSIDE.search('<link href="//fonts.example.org/x.css">')
    assert not ready.OUTSIDE.search('<script src="/static/lab/x.js"><a href="http://localhost/">')


def test_jupyterlab_that_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "arguments", lambda *a: ["--no-such-option=1", "--version"])
    monkeypatch.setattr(ready, "PATIENCE", 600)
    start = time.monotonic()
    assert ready.lab().state == "problem"
    assert time.monotonic() - start < 300


def test_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise webbrowser.Error("no browser")

    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    monkeypatch.setattr(webbrowser, "get", none)
    assert ready.browser().state == "note"
    monkeypatch.setitem(os.environ, "JUPYTERHUB_USER", "ada")
    assert ready.browser().state == "ok"
