"""The blank-file programs, and what runs one of them alone."""

import os
import runpy
import subprocess
import sys
import sysconfig
from pathlib import Path

from course_utils.workbook import COURSE

ALONE = Path(__file__).with_name("alone.py")
PROGRAMS = {path.name[:2]: path for path in sorted((COURSE / "notebooks/blank").glob("*.py"))}


def names(number: str) -> dict:
    """Everything that a program defines, without running it as a program."""
    return runpy.run_path(str(PROGRAMS[number]), run_name="blank")


def run_alone(program: Path, folder: Path) -> subprocess.CompletedProcess:
    """Run a program without the course, in an empty folder, at home and with files there only."""
    where = {"HOME", "KERAS_HOME", "MPLCONFIGDIR", "TMPDIR", "XDG_CACHE_HOME"}
    settings = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    settings |= dict.fromkeys(where, str(folder))
    settings |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    settings |= {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONIOENCODING": "utf-8"}
    packages = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    command = [sys.executable, "-I", "-S", "-B", "-X", "utf8"]
    return subprocess.run(
        [*command, str(ALONE), str(program), str(folder), *sorted(packages)],
        cwd=folder,
        env=settings,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=900,
    )
