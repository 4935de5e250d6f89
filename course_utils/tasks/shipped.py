"""Data that other packages ship: found on this machine, never downloaded."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


class DataMissing(ModuleNotFoundError):
    """A package whose data is needed is not installed; everything else still works."""


def shipped_file(package: str, *path: str) -> Path:
    """The file `path` in the folder of `package`, which is not imported.

    Raises:
        DataMissing: with one sentence, if the package or the file is not there.
    """
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        file = Path(folder, *path)
        if file.is_file():
            return file
    raise DataMissing(
        f"The data of this task comes with the package {package}, which is not installed "
        f"completely: run `make setup`, or `pip install {package}`."
    )
