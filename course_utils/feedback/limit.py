"""A time limit for code in this process, also in a notebook and where there are no alarms."""

from __future__ import annotations

import contextlib
import ctypes
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

AGAIN = 0.2  # seconds until the next alarm, for code that swallowed the first in an `except:`
PATIENCE = 1.0  # seconds for a thread to notice that it is to stop


class TimeUp(BaseException):
    """The time is over. No Exception: `except Exception` in the learner's code lets it through."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[Callable]:
    """Gives ``run``: run(function) is function(), or raises TimeUp when the time is over.

    Uses the alarm signal where it can, which also stops a loop in a notebook's cell; in other
    threads and on Windows the function runs in a thread of its own, which is told to stop, and is
    left behind if it does not listen.
    """
    alarms = hasattr(signal, "setitimer") and (
        threading.current_thread() is threading.main_thread()
    )
    if not alarms:
        end = time.monotonic() + seconds
        yield lambda function: _in_thread(function, end - time.monotonic())
        return

    with by_signal(seconds, signal.SIGALRM, signal.ITIMER_REAL) as run:
        yield run


@contextlib.contextmanager
def by_signal(seconds: float, kind: int, timer: int) -> Iterator[Callable]:
    """Gives ``run`` as `time_limit` does, by a ``timer`` of `signal` and the signal it sends."""
    running = [False]

    def ring(*_):
        if running[0]:
            raise TimeUp

    def run(function: Callable) -> Any:
        running[0] = True
        try:
            return function()
        finally:
            running[0] = False

    before = signal.signal(kind, ring)
    signal.setitimer(timer, seconds, AGAIN)
    try:
        yield run
    finally:
        running[0] = False
        signal.setitimer(timer, 0)
        signal.signal(kind, before)


def _in_thread(function: Callable, seconds: float) -> Any:
    outcome: dict[str, Any] = {}

    def work() -> None:
        try:
            outcome["result"] = function()
        except BaseException as error:
            outcome["error"] = error

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(max(seconds, 0.0))
    stop_by = time.monotonic() + PATIENCE
    expired = thread.is_alive()
    while thread.is_alive() and time.monotonic() < stop_by:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TimeUp)
        )
        thread.join(AGAIN)
    if expired:
        raise TimeUp
    if "error" in outcome:
        raise outcome["error"]
    return outcome["result"]
