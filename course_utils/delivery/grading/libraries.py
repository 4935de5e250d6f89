"""The files a worker sees: Python itself and the packages it needs, nothing else."""

from __future__ import annotations

import os
import sys
import sysconfig
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from course_utils.distributions import distribution

SYSTEM = ("/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64", "/usr/local/lib")


@cache
def interpreter() -> Path:
    """The Python that runs here, not the link to it in a virtual environment."""
    return Path(getattr(sys, "_base_executable", None) or sys.executable).resolve()


@cache
def python_folders() -> tuple[Path, ...]:
    """Folders of the system's libraries, the interpreter's own and the standard library."""
    own = [
        Path(sys.base_prefix, "lib"),
        Path(sysconfig.get_path("stdlib")),
        # Of a virtual environment Python would name the environment's own folder.
        Path(sysconfig.get_path("platstdlib", vars={"platbase": sys.base_exec_prefix})),
    ]
    chosen: list[Path] = []
    for path in [Path(name) for name in SYSTEM] + [path.resolve() for path in own]:
        if path.is_dir() and not any(one == path or one in path.parents for one in chosen):
            chosen.append(path)
    return tuple(chosen)


@cache
def package_folders() -> tuple[Path, ...]:
    """Folders of installed packages inside `python_folders`, which a worker must not see whole."""
    found = set()
    for folder in python_folders():
        for pattern in ("python*/site-packages", "python*/dist-packages"):
            found.update(folder.glob(pattern))
        found.update(folder / name for name in ("site-packages", "dist-packages"))
    return tuple(sorted({path.resolve() for path in found if path.is_dir()}))


@cache
def package_paths(names: tuple[str, ...]) -> tuple[Path, ...]:
    """What the distributions `names` and all they require have put on the path of imports."""
    found: dict[Path, None] = {}
    waiting, seen = [canonicalize_name(name) for name in names], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            installed = distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found.update(dict.fromkeys(_top_level(installed)))
        waiting += [
            canonicalize_name(requirement.name)
            for requirement in map(Requirement, installed.requires or [])
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        ]
    return tuple(found)


def import_paths(paths: tuple[Path, ...]) -> list[str]:
    """The folders to put on sys.path for these."""
    return list(dict.fromkeys(str(path.parent) for path in paths))


@cache
def notebook_syntax() -> dict[str, Path]:
    """The two files of IPython that read what is no plain Python in a cell, by their places."""
    folder = Path(find_spec("IPython").origin).parent
    names = ("core/inputtransformer2.py", "utils/tokenutil.py")
    return {f"IPython/{name}": folder / name for name in names}


def _top_level(distribution: metadata.Distribution) -> list[Path]:
    root = Path(os.fspath(distribution.locate_file("")))
    names = {file.parts[0] for file in distribution.files or [] if len(file.parts)}
    names -= {"..", "__pycache__"}
    return [root / name for name in sorted(names) if (root / name).exists()]
