"""Which workbook the commands open when none is named."""

import contextlib
import os
from pathlib import Path

from course_utils.files import write_atomically


def remembered() -> Path:
    """The workbook chosen last time, or the default, ~/carousel-workbook."""
    with contextlib.suppress(OSError, UnicodeDecodeError, RuntimeError):
        if text := _memory().read_text(encoding="utf-8").strip():
            return Path(text)
    return Path.home() / "carousel-workbook"


def remember(folder: Path) -> None:
    """Make `folder` the workbook of the next calls too; not being able to is no error."""
    with contextlib.suppress(OSError, RuntimeError):  # the last of them: there is no home
        write_atomically(_memory(), f"{folder.expanduser().absolute()}\n".encode())


def _memory() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "carousel" / "workbook"
