"""Ctrl-C ends a command with one line and status 130, whatever Python was doing just then."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from course_utils.delivery.authoring import project
from course_utils.delivery.cli import course

ROOT = Path(__file__).resolve().parents[2]
INTERRUPT = "import os, signal; os.kill(os.getpid(), signal.SIGINT)\n"
COMMAND = ["-c", "from course_utils.delivery.cli import main; main()", "version"]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="interrupts itself with a signal")


@pytest.mark.parametrize(
    ("imported", "call"),
    [
        ("click.py", COMMAND),
        ("jupyterlab/__init__.py", ["-m", "course_utils.delivery.lab"]),
    ],
)
def test_while_python_imports(imported: str, call: list[str], tmp_path: Path) -> None:
    """A module that is found in place of the real one presses Ctrl-C."""
    stand_in = tmp_path / imported
    stand_in.parent.mkdir(exist_ok=True)
    stand_in.write_text(INTERRUPT)
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    environment = os.environ | {"PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, *call], capture_output=True, text=True, cwd=tmp_path, env=environment
    )
    assert (done.returncode, done.stderr) == (130, "\nStopped by Ctrl-C.\n")


def test_while_a_command_works(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(names: list[str] | None, bank: dict) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(project, "check", interrupted)
    result = CliRunner().invoke(course, ["check"])
    assert (result.exit_code, result.stderr) == (130, "\nStopped by Ctrl-C.\n")
