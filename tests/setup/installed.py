"""The course as whoever installs it has it: a wheel made of the source archive, and no clone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = """
import sys
from setuptools import build_meta
print(getattr(build_meta, sys.argv[1])(sys.argv[2]))
"""
LEFT_OUT = ("keras", "tensorflow", "carousel", "__editable__", "__pycache__")
NOT_OF_GIT = (".git", ".venv*", "build", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis")


def build(folder: Path) -> tuple[Path, Path]:
    """The source archive and the wheel, the second made of the first alone."""
    clone = folder / "clone"
    shutil.copytree(ROOT, clone, ignore=shutil.ignore_patterns(*NOT_OF_GIT, "shared"))
    archive = _build("build_sdist", clone, folder)
    shutil.unpack_archive(archive, folder / "unpacked")
    (unpacked,) = (folder / "unpacked").iterdir()
    return archive, _build("build_wheel", unpacked, folder)


def _build(step: str, source: Path, folder: Path) -> Path:
    command = [sys.executable, "-I", "-c", BUILD, step, str(folder)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder / done.stdout.split()[-1]


def install(wheel: Path, folder: Path) -> Path:
    """A new environment with the wheel and the packages of this one but Keras; its `course`."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(subprocess.check_output([python, "-c", where], text=True).strip())
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps"]
    subprocess.run([*pip, "--no-index", str(wheel)], check=True, timeout=300)
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith(LEFT_OUT) and not (site / path.name).exists():
            (site / path.name).symlink_to(path)
    return python.with_name("course")
