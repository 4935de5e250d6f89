"""What learners' servers take of the machine."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Footprint:
    """Bytes and seconds of processor time of one learner: the server and all its kernels."""

    memory: int
    seconds: float


def of_learners(hub: int) -> dict[str, Footprint]:
    """The footprint of each learner of the hub with process id `hub`, by name."""
    found = {}
    for server in psutil.Process(hub).children():
        with contextlib.suppress(psutil.Error):
            name = server.environ().get("JUPYTERHUB_USER")
            if name:
                found[name] = of_family(server)
    return found


def of_family(parent: psutil.Process) -> Footprint:
    """The footprint of a process and all below it."""
    family = [parent, *parent.children(recursive=True)]
    memory, seconds = 0, 0.0
    for process in family:
        with contextlib.suppress(psutil.Error):
            memory += own_memory(process)
            times = process.cpu_times()
            seconds += times.user + times.system
    return Footprint(memory, seconds)


def own_memory(process: psutil.Process) -> int:
    """The memory of a process in bytes; what it shares is divided among those who share it.

    Only Linux tells that. Elsewhere shared memory counts in full: too much rather than too little.
    """
    info = process.memory_full_info()
    return getattr(info, "pss", None) or info.rss


def of_hub(hub: int) -> Footprint:
    """The footprint of the hub itself and its proxy."""
    memory, seconds = 0, 0.0
    for process in (psutil.Process(hub), *psutil.Process(hub).children()):
        with contextlib.suppress(psutil.Error):
            if "JUPYTERHUB_USER" not in process.environ():
                memory += own_memory(process)
                times = process.cpu_times()
                seconds += times.user + times.system
    return Footprint(memory, seconds)
