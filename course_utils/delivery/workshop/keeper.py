"""Runs the hub and sees that nothing of it goes on when it ends, or when who started it does.

python -I -m course_utils.delivery.workshop.keeper OPTIONS     is `jupyterhub OPTIONS` with a keeper

It ends the hub when its own input is closed, as it is when the process at the other end was killed.
Servers, kernels, proxy and what learners have put into the background are then ended, too: on Linux
they stay its children, whatever becomes of the processes between. If the keeper itself is killed,
the hub ends in peace; if both are, the servers and the proxy still do.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading

import psutil

from course_utils.delivery.workshop import leash
from course_utils.interpreter import python

GRACE = 60  # seconds for the hub to stop all servers
PARTING = 5  # seconds for what is left after it
LOOK = 0.2  # seconds between two looks


def main() -> None:
    """Run the hub until it ends or is to end."""
    ended = threading.Event()
    for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(one, lambda *_: ended.set())
    leash.adopt_orphans()
    hub = start(python("-m", "jupyterhub", *sys.argv[1:]))
    threading.Thread(target=await_end_of_input, args=(ended,), daemon=True).start()
    while not ended.wait(LOOK) and hub.poll() is None:
        bury(hub.pid)
    hub.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        hub.wait(GRACE)
    end_family()
    sys.exit(hub.wait())


def start(command: list[str]) -> subprocess.Popen:
    """A process that ends when this one does."""
    keeper = os.getpid()
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, preexec_fn=lambda: leash.end_with(keeper)
    )


def await_end_of_input(ended: threading.Event) -> None:
    """Set `ended` when nobody holds the other end of our input any more."""
    with contextlib.suppress(OSError):
        while os.read(0, 1):
            pass
    ended.set()


def bury(hub: int) -> None:
    """Let orphans that have ended go; the hub is asked about by itself."""
    for one in psutil.Process().children():
        with contextlib.suppress(psutil.Error, ChildProcessError):
            if one.pid != hub and one.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(one.pid, os.WNOHANG)


def end_family() -> None:
    """End everything that is still below this process; what is told to end may start others."""
    how = psutil.Process.terminate
    while left := psutil.Process().children(recursive=True):
        for one in left:
            with contextlib.suppress(psutil.Error):
                how(one)
        psutil.wait_procs(left, timeout=PARTING)
        how = psutil.Process.kill


if __name__ == "__main__":
    main()
