"""Without make: `python bootstrap.py TARGET` starts what the Makefile says, on any system."""

import ntpath
import os
import re
import subprocess
import sys
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest

from course_utils import interpreter
from course_utils.delivery import targets
from tests.setup.test_bootstrap import load, make

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
NAMES = re.findall(r"^([a-z-]+): (?:lab-)?setup ##", MAKEFILE, re.MULTILINE)
OPTIONS = ["--quick", "a b"]


@pytest.mark.parametrize("name", NAMES)
def test_a_target_starts_what_make_starts(name: str) -> None:
    said = make("-n", name, f"ARGS={' '.join(OPTIONS)}").stdout.splitlines()
    of_make = [line.split("/bin/" if "/bin/" in line else ".venv/")[-1] for line in said]
    ours = targets.commands(name, OPTIONS, MAKEFILE)
    assert [" ".join([Path(words[0]).name, *words[1:]]) for words in ours] == [
        line for line in of_make if line.startswith(("course ", "python -m", "python b", "ruff "))
    ]


def test_bootstrap_knows_every_target_and_what_the_lab_needs() -> None:
    found = load().targets()
    assert set(found) == {*NAMES, "setup"} and {"lab", "test", "site", "build", "doctor"} <= set(
        found
    )
    assert [name for name, lab in found.items() if lab] == ["lab", "doctor"]


def test_after_the_set_up_it_is_the_target(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module, started, asked = load(), [], []
    module.STATE = tmp_path / "state"
    module.set_up = lambda handle, python, lab: asked.append(lab)
    monkeypatch.setattr(os, "execv", lambda program, words: started.append(words))
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "lab", "03", "--no-browser"])
    monkeypatch.setattr(module.subprocess, "call", lambda words: started.append(words) or 0)
    monkeypatch.setattr(module.signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit):
        module.main()
    assert asked == [True] and started[0] == started[1]
    assert started[0][1:] == [
        "-I",
        "-m",
        "course_utils.delivery.targets",
        "lab",
        "03",
        "--no-browser",
    ]
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "no-such"])
    with pytest.raises(SystemExit):
        module.main()


def test_on_windows_programs_end_in_exe(monkeypatch: pytest.MonkeyPatch) -> None:
    there = SimpleNamespace(executable=r"C:\carousel\.venv\Scripts\python.exe")
    monkeypatch.setattr(targets, "sys", there)
    monkeypatch.setattr(targets, "os", SimpleNamespace(name="nt"))
    monkeypatch.setattr(targets, "Path", PureWindowsPath)
    ((program, *words),) = targets.commands("lab", ["03"], MAKEFILE)
    assert program == r"C:\carousel\.venv\Scripts\course.exe" and words == ["lab", "03"]
    assert ntpath.isabs(program)


def test_the_first_failure_ends_it_with_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    called = []

    def call(words: list[str]) -> int:
        called.append(words)
        return [0, -15][len(called) - 1]

    monkeypatch.setattr(targets, "call", call)
    monkeypatch.setattr(sys, "argv", ["targets", "check"])
    with pytest.raises(SystemExit) as ended:
        targets.main()
    assert ended.value.code == 128 + 15 and len(called) == 2


def test_a_command_is_waited_for_although_ctrl_c_is_pressed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pressed = [KeyboardInterrupt, KeyboardInterrupt]

    class Process:
        def __init__(self, *_: object, **__: object) -> None: ...

        def wait(self) -> int:
            if pressed:
                raise pressed.pop()
            return 3

    monkeypatch.setattr(subprocess, "Popen", Process)
    assert targets.call(["x"]) == 3 and not pressed


def test_where_a_process_cannot_be_replaced_it_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import signal

    monkeypatch.setattr(interpreter, "os", SimpleNamespace(name="nt"))
    before = signal.getsignal(signal.SIGINT)
    try:
        with pytest.raises(SystemExit) as ended:
            interpreter.become([sys.executable, "-c", "raise SystemExit(5)"], dict(os.environ))
        assert ended.value.code == 5 and signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
