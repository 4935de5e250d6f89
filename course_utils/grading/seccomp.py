"""System calls that a worker may not make, as a filter program for the kernel.

One process is all a worker gets: it can start no other, so nothing outlives it, and its limit of
memory is the limit of everything that it does. Memory that no limit counts (System V, memfd), the
memory of bubblewrap's own process in the sandbox, which has none of these limits, and the doors of
the kernel that no honest answer needs are closed as well.

Sources: seccomp(2), `linux/filter.h`, and the tables of system calls in `asm/unistd_64.h` (x86-64)
and `asm-generic/unistd.h` (arm64).
"""

from __future__ import annotations

import errno
import platform
import struct

# name: number on x86-64, number on arm64 (None: that machine has no such call)
FORBIDDEN: dict[str, tuple[int, int | None]] = {
    "fork": (57, None),
    "vfork": (58, None),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "io_uring_setup": (425, 425),
    "userfaultfd": (323, 282),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "sched_setscheduler": (144, 119),
}
CLONE, CLONE3 = (56, 220), (435, 435)
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
X32, CLONE_THREAD = 0x40000000, 0x00010000


def known_machine() -> bool:
    """Whether there is a filter for this processor."""
    return platform.machine() in MACHINES


def program(threads: bool, machine: str | None = None) -> bytes:
    """The filter, as bubblewrap reads it: an array of `struct sock_filter`.

    Args:
        threads: whether threads may be started (TensorFlow must), or nothing at all.
        machine: the processor; None for this one.
    """
    column, architecture = MACHINES[machine or platform.machine()]
    steps = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
    ]
    if column == 0:  # the second table of x86-64 would be a way around this one
        steps += [(AT_LEAST, 0, 1, X32), (RETURN, 0, 0, KILL)]
    for numbers in FORBIDDEN.values():
        if numbers[column] is not None:
            steps += [(EQUAL, 0, 1, numbers[column]), (RETURN, 0, 0, REFUSE | errno.EPERM)]
    # The C library falls back from clone3, whose flags cannot be read here, to clone.
    steps += [(EQUAL, 0, 1, CLONE3[column]), (RETURN, 0, 0, REFUSE | errno.ENOSYS)]
    steps += [(EQUAL, 1, 0, CLONE[column]), (RETURN, 0, 0, ALLOW)]
    if threads:
        steps += [(LOAD, 0, 0, FIRST_ARGUMENT), (ANY_BIT, 0, 1, CLONE_THREAD)]
        steps += [(RETURN, 0, 0, ALLOW)]
    steps += [(RETURN, 0, 0, REFUSE | errno.EAGAIN)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
