"""Packages of npm at pinned versions: what the course needs that Python's packages do not have."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from course_utils import CourseError

FILES = ("package.json", "package-lock.json", ".npmrc")


class NpmError(CourseError):
    """Why npm's packages cannot be had and what to do about it, in one sentence."""


def require(what: str, least: int = 18) -> None:
    """Raise NpmError if npm is not there, or Node.js older than version `least`.

    `what` is said to come from it.
    """
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise NpmError(
            f"{what} from npm, which is not installed: install Node.js {least} or newer "
            "(https://nodejs.org, or `apt install npm`, `brew install node`) and try again."
        )
    said = subprocess.run(
        ["node", "--version"], capture_output=True, encoding="utf-8", errors="replace", check=False
    ).stdout
    version = said.strip().removeprefix("v")
    if version.partition(".")[0].isdigit() and int(version.partition(".")[0]) < least:
        raise NpmError(
            f"{what} from npm and needs Node.js {least} or newer, but this is {version}: "
            "take a newer one from https://nodejs.org and try again."
        )


def install(sources: Path, folder: Path, what: str) -> Path:
    """Install what the lock in `sources` pins into `folder`, and return its node_modules.

    Raises:
        NpmError: if npm cannot fetch; `what` names in the message what is missing then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(sources / name, folder)
    command = [shutil.which("npm") or "npm", "ci", "--loglevel=error"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode:
        words = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        lines = [
            line.removeprefix("npm error ") for line in words if "code" in line or "ERR" in line
        ]
        last = words[-1].removeprefix("npm error ") if words else f"it ended with {done.returncode}"
        raise NpmError(f"npm could not fetch {what}; is there a network? ({(lines or [last])[0]})")
    return folder / "node_modules"
