"""Style: what ruff says, and files that can be read in one go."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 350
ALONE = {"bootstrap.py": 490}  # it runs before there is anything to import


def tracked(pattern: str) -> list[str]:
    """The files of the repository that match; none in a copy without git."""
    listing = ["git", "-C", str(ROOT), "ls-files", pattern]
    return subprocess.run(listing, capture_output=True, text=True).stdout.splitlines()


@pytest.mark.parametrize("what", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_is_content(what: list[str]) -> None:
    files = [name for name in tracked("*.py") if (ROOT / name).exists()]
    command = [sys.executable, "-m", "ruff", *what, "--no-cache", "--quiet", *files]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_files_can_be_read_in_one_go() -> None:
    names = [name for name in [*ALONE, *tracked("course_utils/*.py")] if (ROOT / name).exists()]
    lines = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in names}
    assert {name: n for name, n in lines.items() if n > ALONE.get(name, LONGEST)} == {}
