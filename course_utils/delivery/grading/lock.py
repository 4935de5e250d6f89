"""Folders in which one program works at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout


@contextlib.contextmanager
def locked(path: Path, busy: Exception) -> Iterator[None]:
    """Keep other programs out that ask for the same lock; a killed program holds none.

    Args:
        path: a file that is made if need be. A file rather than its folder, because a network's
            file system locks only what can be opened for writing.
        busy: what is raised if another holds it.

    Raises:
        OSError: if the file cannot be made.
    """
    lock = FileLock(path, mode=0o666)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise busy from None
    except NotImplementedError:  # a file system that knows no locks
        pass
    try:
        yield
    finally:
        lock.release()
