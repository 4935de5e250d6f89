"""The system calls that a worker may make, as a filter program for the kernel.

What is not on the list does not exist: a call answers ENOSYS, as on a kernel that is too old for
it, and the C library takes another way or says so. So nothing that a kernel offers has to be known
here in order to be closed: locks and leases on files, watches, signals, other processes, memory
that no limit counts, priorities, timers, sockets, and whatever the next kernel brings. Some calls
do one harmless thing and ten others; there an argument decides.

One process is all a worker gets: it can start no other, so nothing outlives it, and its limit of
memory is the limit of everything that it does.

Sources: seccomp(2), `linux/filter.h`, and the tables of system calls in `asm/unistd_64.h` (x86-64)
and `asm-generic/unistd.h` (arm64).
"""

from __future__ import annotations

import errno
import platform
import struct
from dataclasses import dataclass

# name: number on x86-64, number on arm64 (None: that machine has no such call)
ALLOWED: dict[str, tuple[int, int | None]] = {
    # Files, of which a worker sees few and can write none; the read-only file system says so.
    "read": (0, 63),
    "readv": (19, 65),
    "pread64": (17, 67),
    "preadv": (295, 69),
    "write": (1, 64),
    "writev": (20, 66),
    "open": (2, None),
    "openat": (257, 56),
    "close": (3, 57),
    "close_range": (436, 436),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "lseek": (8, 62),
    "stat": (4, None),
    "lstat": (6, None),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "statfs": (137, 43),
    "fstatfs": (138, 44),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getdents": (78, None),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "chdir": (80, 49),
    "umask": (95, 166),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    # Memory, within its limit
    "brk": (12, 214),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "mprotect": (10, 226),
    # About itself and the machine
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getppid": (110, 173),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getgroups": (115, 158),
    "getresuid": (118, 148),
    "getresgid": (120, 150),
    "getpgid": (121, 155),
    "getpgrp": (111, None),
    "getsid": (124, 156),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "times": (100, 153),
    "getrusage": (98, 165),
    "getcpu": (309, 168),
    "sched_getaffinity": (204, 123),
    "sched_yield": (24, 124),
    # Time and chance
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "getitimer": (36, 102),
    "setitimer": (38, 103),
    "alarm": (37, None),
    "getrandom": (318, 278),
    # Signals that come, none that go: a worker that stops itself would look as if we did it
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    # Threads, and the life of one process; bubblewrap's own two calls come after the filter
    "futex": (202, 98),
    "set_robust_list": (273, 99),
    "set_tid_address": (218, 96),
    "rseq": (334, 293),
    "arch_prctl": (158, None),
    "execve": (59, 221),
    "wait4": (61, 260),
    "exit": (60, 93),
    "exit_group": (231, 94),
}


@dataclass(frozen=True)
class Chosen:
    """A call that is allowed with some values of one argument, of which the kernel reads 32 bits.

    With others it answers EINVAL, as a kernel does that does not know them.
    """

    numbers: tuple[int, int]
    argument: int  # 0 is the first
    values: tuple[int, ...]


CHOSEN = {
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC; locks, leases, F_NOTIFY,
    # signals and the size of pipes are not among them.
    "fcntl": Chosen((72, 25), 1, (0, 1, 2, 3, 4, 1030)),
    # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, TCGETS2
    "ioctl": Chosen((16, 29), 1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x802C542A)),
    # PR_SET_NAME, PR_GET_NAME, PR_SET_VMA
    "prctl": Chosen((157, 167), 0, (15, 16, 0x53564D41)),
    # MADV_NORMAL, RANDOM, SEQUENTIAL, WILLNEED, DONTNEED, FREE, HUGEPAGE, NOHUGEPAGE, DONTDUMP,
    # DODUMP, GUARD_INSTALL, GUARD_REMOVE; none that puts pages of shared files out of memory
    "madvise": Chosen((28, 233), 2, (0, 1, 2, 3, 4, 8, 14, 15, 16, 17, 102, 103)),
}
CLONE = (56, 220)
PRLIMIT, NPROC = (302, 261), 6
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data; arguments have 8 bytes
HALF = 4  # of an argument, the lower one first: both processors are little-endian
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
X32, CLONE_THREAD = 0x40000000, 0x00010000
Step = tuple[int, int, int, int]


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
    steps: list[Step] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
    ]
    if column == 0:  # the second table of x86-64 would be a way around this one
        steps += [(AT_LEAST, 0, 1, X32), (RETURN, 0, 0, KILL)]
    for numbers in ALLOWED.values():
        if (number := numbers[column]) is not None:
            steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    for one in CHOSEN.values():
        steps += only(one.numbers[column], chosen(one))
    steps += only(PRLIMIT[column], own_limits())
    # The C library falls back from clone3, whose flags cannot be read here, to clone.
    steps += only(CLONE[column], thread(threads))
    steps += [(RETURN, 0, 0, REFUSE | errno.ENOSYS)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def only(number: int, steps: list[Step]) -> list[Step]:
    """These steps for one call; the others pass them by."""
    return [(EQUAL, 0, len(steps), number), *steps]


def chosen(one: Chosen) -> list[Step]:
    allow = [step for value in one.values for step in ((EQUAL, 0, 1, value), (RETURN, 0, 0, ALLOW))]
    return [
        (LOAD, 0, 0, ARGUMENTS + 8 * one.argument),
        *allow,
        (RETURN, 0, 0, REFUSE | errno.EINVAL),
    ]


def own_limits() -> list[Step]:
    """For prlimit64: a worker may read its own limits, and set none but that of its threads.

    Who could lower the limit of processor time to nothing would be ended after one second of it: an
    answer that is right on an idle machine and wrong on a busy one.
    """
    process, resource, new = (ARGUMENTS + 8 * number for number in range(3))
    return [
        (LOAD, 0, 0, process),
        (EQUAL, 0, 6, 0),
        (LOAD, 0, 0, resource),
        (EQUAL, 5, 0, NPROC),
        (LOAD, 0, 0, new),
        (EQUAL, 0, 2, 0),
        (LOAD, 0, 0, new + HALF),
        (EQUAL, 1, 0, 0),
        (RETURN, 0, 0, REFUSE | errno.EPERM),
        (RETURN, 0, 0, ALLOW),
    ]


def thread(allowed: bool) -> list[Step]:
    """For clone: a thread, if any; no process."""
    steps = [(LOAD, 0, 0, ARGUMENTS), (ANY_BIT, 0, 1, CLONE_THREAD), (RETURN, 0, 0, ALLOW)]
    return [*(steps if allowed else []), (RETURN, 0, 0, REFUSE | errno.EAGAIN)]
