"""The course as whoever installs it has it: a wheel made of the source archive, and no clone."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = ("keras", "tensorflow", "carousel", "__editable__", "__pycache__")


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
