"""Processes that a test has started or found: which of them go on, and their end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable

import psutil

PATIENCE = 120  # seconds: the machine may be busy


def still_running(processes: Iterable[psutil.Process], patience: float = PATIENCE) -> list:
    """Those that have not ended after `patience` seconds; it returns as soon as all have.

    A process that has ended but that nobody has asked about yet, a zombie, counts as ended.
    """
    left, until = list(processes), time.monotonic() + patience
    while (left := [one for one in left if is_running(one)]) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def is_running(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill(processes: Iterable[psutil.Process]) -> None:
    for one in processes:
        with contextlib.suppress(psutil.NoSuchProcess):  # it may end by itself at any moment
            one.kill()
