"""What is made once in a run of tests, whichever worker comes to it first."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name` of this run, which the first worker fills by `make(folder)`.

    Others wait until it is done. If `make` raises, the next one tries again.
    """
    folder = place(factory) / name
    with FileLock(folder.with_suffix(".lock")):  # free again if its process is killed
        done = folder.with_suffix(".done")
        if not done.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            done.touch()
    return folder


def place(factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of all workers of this run."""
    mine = factory.getbasetemp()
    return mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine
