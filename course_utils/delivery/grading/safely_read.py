"""Files below a folder, read without following a link anywhere on the way.

Whoever can write into a folder could put a link in the place of a file or a folder between a look
and a read. So each step of a path is opened from the descriptor of the one before (`openat` with
O_NOFOLLOW, see https://man7.org/linux/man-pages/man2/open.2.html): what is read lies below the
root, whatever happens meanwhile. Windows has no such calls; there the path is compared afterwards.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course_utils.delivery.grading.submission import LARGEST, NotReadable, read_open

STEPS = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
FLAGS |= getattr(os, "O_BINARY", 0)
A_FOLDER = getattr(os, "O_DIRECTORY", 0)


@dataclass(frozen=True)
class Entry:
    """What lies in a folder: `kind` is "file", "folder", "link" or "other"."""

    name: str
    kind: str
    when: float = 0.0


@contextlib.contextmanager
def folder_of(root: Path, parts: list[str], make: bool = False) -> Iterator[int]:
    """The descriptor of a folder below `root`, which is followed itself if it is a link.

    Args:
        root: a folder that is trusted.
        parts: the names of the folders on the way.
        make: whether folders that are not there are made.

    Raises:
        OSError: if one of them is a link, no folder, or not to be opened.
    """
    opened = os.open(root, os.O_RDONLY | A_FOLDER)
    try:
        for part in parts:
            checked(part)
            if make:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, dir_fd=opened)
            inner = os.open(part, FLAGS | A_FOLDER, dir_fd=opened)
            os.close(opened)
            opened = inner
        yield opened
    finally:
        os.close(opened)


def entries(root: Path, parts: list[str]) -> list[Entry]:
    """What lies in a folder below `root`, by name. Raises OSError (see `folder_of`)."""
    if not STEPS:
        with os.scandir(stayed_below(root, parts)) as found:
            return sorted(map(described, found), key=lambda one: one.name)
    with folder_of(root, parts) as folder, os.scandir(folder) as found:
        return sorted(map(described, found), key=lambda one: one.name)


def described(entry: os.DirEntry) -> Entry:
    try:
        about = entry.stat(follow_symlinks=False)
    except OSError:  # it has gone meanwhile
        return Entry(entry.name, "other")
    kinds = ((stat.S_ISLNK, "link"), (stat.S_ISDIR, "folder"), (stat.S_ISREG, "file"))
    kind = next((kind for holds, kind in kinds if holds(about.st_mode)), "other")
    return Entry(entry.name, kind, about.st_mtime)


def read_below(root: Path, parts: list[str], largest: int = LARGEST) -> bytes:
    """The content of an ordinary file below `root`.

    Raises NotReadable if it, or a folder on the way, is a link or anything else, or if it is a
    second name of a file that belongs to somebody else than its folder.
    """
    *folders, name = parts
    try:
        if not STEPS:
            return read_open(os.open(stayed_below(root, parts), FLAGS), largest)
        with folder_of(root, folders) as folder:
            opened = os.open(checked(name), FLAGS, dir_fd=folder)
            own, there = os.fstat(opened), os.fstat(folder)
            if own.st_nlink > 1 and own.st_uid != there.st_uid:
                os.close(opened)
                raise NotReadable("This is a hard link to a file of somebody else.")
    except OSError as error:
        raise NotReadable(f"The file cannot be read ({error.strerror}).") from None
    return read_open(opened, largest)


def write_below(root: Path, parts: list[str], content: bytes, when: float | None = None) -> None:
    """Put a file into its place below `root` when it is whole; folders are made.

    Raises OSError if a link or a file stands where a folder belongs, or if there is no room.
    """
    *folders, name = parts
    fresh = f"{name.rpartition('.')[0] or name}.new"
    if not STEPS:
        path = root.joinpath(*folders)
        path.mkdir(parents=True, exist_ok=True)
        (path / fresh).write_bytes(content)
        os.replace(path / fresh, path / name)
        return
    with folder_of(root, folders, make=True) as folder:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(fresh, dir_fd=folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with open(os.open(checked(fresh), flags, 0o666, dir_fd=folder), "wb") as file:
            file.write(content)
            file.flush()
            if when is not None:
                os.utime(file.fileno(), (when, when))
        os.replace(fresh, checked(name), src_dir_fd=folder, dst_dir_fd=folder)


def checked(name: str) -> str:
    """A name that is one step down. Raises OSError for all others."""
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        raise OSError(22, "no name of a file")
    return name


def stayed_below(root: Path, parts: list[str]) -> Path:
    """A path below `root` that holds no link, as far as one look tells."""
    path = root.joinpath(*map(checked, parts))
    if path.resolve() != root.resolve().joinpath(*parts):
        raise OSError(40, "there is a link on the way")
    return path
