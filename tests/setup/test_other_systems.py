"""What Windows and macOS would trip over, as far as it can be tried on another system."""

import ast
import os
import subprocess
import sys
from pathlib import Path, PureWindowsPath
from types import ModuleType, SimpleNamespace

import pytest

from course_utils.delivery import lab
from course_utils.interpreter import python
from tests.setup.test_bootstrap import load

ROOT = Path(__file__).resolve().parents[2]
OF_UNIX = ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty")
HIDDEN = f"""
import builtins, sys
imported = builtins.__import__
def refuse(name, scope=None, *rest, **more):
    if name in {OF_UNIX} and (scope or {{}}).get("__name__", "").startswith(("course", "__main")):
        raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
    return imported(name, scope, *rest, **more)
builtins.__import__ = refuse
"""
IMPORTS = """
import importlib
for name in ("kernel", "feedback", "parallel", "experiments.command", "player.film"):
    importlib.import_module(f"course_utils.{name}")
for name in (
    "cli", "doctor", "lab", "grading.commands", "grading.batch", "grading.overview.make",
    "authoring.project", "npm", "workshop.submit", "workshop.proxy", "targets",
):
    importlib.import_module(f"course_utils.delivery.{name}")
"""
SHAPES = """
import runpy
runpy.run_path(sys.argv[1], run_name="__main__")
"""
WESTERN = """
import sys, warnings
warnings.filterwarnings("ignore", category=EncodingWarning)
warnings.filterwarnings("error", category=EncodingWarning, module="course_utils")
sys.stdout.reconfigure(encoding="cp1252")
from course_utils.delivery.cli import main
sys.argv = ["course", *sys.argv[1:]]
main()
"""
COMMANDS = [
    "--help",
    "reset 02",
    "reset exercises/03",
    "submit 01",
    "claims",
    "sweep",
    "release 01",
]
DEVICES = {"con", "prn", "aux", "nul", *(f"{x}{n}" for x in ("com", "lpt") for n in range(10))}


def run(code: str, *words: str, **options: object) -> subprocess.CompletedProcess:
    command = python("-X", "warn_default_encoding", "-c", code, *words)
    return subprocess.run(command, capture_output=True, timeout=300, **options)


def test_nothing_that_is_started_on_windows_needs_a_module_of_unix() -> None:
    done = run(HIDDEN + IMPORTS)
    assert done.returncode == 0, done.stderr.decode()


def test_answers_are_compared_where_there_are_no_limits_of_unix() -> None:
    shape = ROOT / "course_utils" / "delivery" / "grading" / "overview" / "shape.py"
    done = run(HIDDEN + SHAPES, str(shape), input=b'"x = 1"\n')
    assert done.returncode == 0 and b'"statements"' in done.stdout, done.stderr.decode()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_western_terminal_and_locale_lose_no_command(command: str, tmp_path: Path) -> None:
    """What it cannot show becomes a question mark; a file without an encoding is an error."""
    there = os.environ | {"CAROUSEL_WORKBOOK": str(tmp_path / "wörk"), "HOME": str(tmp_path)}
    done = run(WESTERN, *command.split(), env=there, cwd=tmp_path)
    said = done.stdout.decode("cp1252") + done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in said and "Warning" not in said, said
    assert done.returncode == (command == "submit 01"), said


def test_jupyterlab_gets_the_paths_of_windows_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    look = PureWindowsPath(r"C:\new\table\look")
    monkeypatch.setattr(lab, "LOOK", look)
    folder = PureWindowsPath(r"C:\Users\José\carousel-workbook")
    words = dict(
        one.removeprefix("--").split("=", 1)
        for one in lab.arguments(folder, "notebooks/01_x.ipynb", None)
        if "=" in one
    )
    assert words["ServerApp.root_dir"] == str(folder)
    assert words["LabApp.default_url"] == "/lab/tree/notebooks/01_x.ipynb"
    settings = ast.literal_eval(words["ServerApp.tornado_settings"].strip())
    assert settings == {"static_custom_path": [str(look)]}


def test_every_file_has_a_name_that_windows_and_macos_keep() -> None:
    left_out = {".git", ".venv", "build", "__pycache__", ".hypothesis", "node_modules", "shared"}
    seen: dict[str, str] = {}
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [one for one in folders if one not in left_out and ".egg-info" not in one]
        for name in (*folders, *files):
            place = os.path.relpath(os.path.join(folder, name), ROOT)
            assert name.isascii() and not set(name) & set('<>:"|?*\\') and name[-1] not in ". "
            assert name.partition(".")[0].lower() not in DEVICES and len(place) < 130, place
            assert seen.setdefault(place.lower(), place) == place  # one folder for A and a
    assert len(seen) > 500


def test_a_folder_with_an_accent_is_no_reason_to_refuse_on_windows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = load()
    module.ROOT = Path("/Users/José/carousel")
    module.utf8_locale = lambda: None
    with pytest.raises(module.SetupError, match="give it another"):
        module.check_name()
    monkeypatch.setattr(module, "os", SimpleNamespace(name="nt"))
    module.check_name()


def test_one_setup_at_a_time_where_there_is_no_fcntl(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    module, tries = load(), []

    def locking(descriptor: int, mode: int, count: int) -> None:
        tries.append(descriptor)
        if len(tries) == 1:
            raise OSError("deadlock avoided")

    windows = ModuleType("msvcrt")
    windows.locking, windows.LK_LOCK = locking, 1
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", windows)
    with (tmp_path / "state").open("a+", encoding="utf-8") as handle, module.exclusive(handle):
        pass
    assert len(tries) == 2 and "waiting for it" in capsys.readouterr().out
