"""Files that are whole at any moment."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

PART = ".part"  # how files end that are not whole yet


def write_atomically(
    path: Path, content: bytes, mode: int | None = None, durable: bool = True
) -> None:
    """Write a file so that whoever looks finds the old content or the new, never a part.

    Args:
        path: where; folders that are missing are made.
        content: what.
        mode: who may do what with it; as the machine makes new files if None.
        durable: whether it must outlast a power cut, which may take a disk 50 ms.

    Raises:
        OSError: naming `path`, if it cannot be written. What was there is there still.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.name[:60]}-", suffix=PART
        )
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask() if mode is None else mode)
        os.replace(temporary, path)
    except BaseException as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):  # nobody knows the temporary one
            error.filename, error.filename2 = str(path), None
        raise


@contextlib.contextmanager
def writing(path: Path) -> Iterator[io.StringIO]:
    """A text to write to, in UTF-8 with line ends as given, which becomes the file when done."""
    text = io.StringIO(newline="")
    yield text
    write_atomically(path, text.getvalue().encode())


def sweep(folder: Path) -> None:
    """Remove what programs that were killed had not written whole. Nobody else may write here."""
    for part in folder.glob(f".*-*{PART}*"):
        part.unlink(missing_ok=True)


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask
