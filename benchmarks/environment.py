"""An environment of its own for a contender that the course does not need, in build."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

BUILD = Path(__file__).parents[1] / "build"
WHERE = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
FAILED = "{} could not be installed into {}; what pip says about it stands above."


def environment_with(module: str, requirement: str = "", folder: Path | None = None) -> Path:
    """The Python of an environment that has ``module`` beside all that this one has.

    It is made at the first call, and the course's own environment stays as it is. On Linux, PyTorch
    takes several GB; pip's settings (PIP_INDEX_URL) may name an index with smaller builds.

    Raises SystemExit with one sentence if it cannot be installed.
    """
    folder = folder or BUILD / f"environment-{module}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=False, symlinks=sys.platform != "win32")
    ours, theirs = sysconfig.get_paths()["purelib"], [str(python), "-I", "-c", WHERE]
    packages = Path(subprocess.check_output(theirs, text=True).strip())
    (packages / "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    if run(python, "-c", f"import {module}", stderr=subprocess.DEVNULL):
        return python
    pip = "-m", "pip", "--python", str(python), "install", requirement or module
    if not run(Path(sys.executable), *pip):
        raise SystemExit(FAILED.format(module, folder))
    return python


def run(python: Path, *arguments: str, **options) -> bool:
    """Did it end well?"""
    return subprocess.run([str(python), "-I", *arguments], **options).returncode == 0
