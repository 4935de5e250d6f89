"""Nothing that a worker does can hold up, stop or slow what others do with the same files.

Each hold is tried with the filter of system calls, and without it, where it is possible.
"""

import os
import platform

import pytest

from course_utils.delivery.grading import sandbox, seccomp

from .attacks import PASS_ALL, found_by

OWN = os.stat(sandbox.PACKAGE).st_uid == os.geteuid()
LEASE = "a lease needs a file of one's own"
CALL = f"""
import ctypes, fcntl, mmap, os, resource, select, signal
libc = ctypes.CDLL(None, use_errno=True)
machine = {int(platform.machine() == "aarch64")}
file = os.open("/course/course_utils/delivery/grading/worker.py", os.O_RDONLY)
def call(numbers, *given):
    result = libc.syscall(numbers[machine], *given)
    assert result >= 0, ctypes.get_errno()
"""
HOLDS = {
    "a read lease": "fcntl.fcntl(file, 1024, fcntl.F_RDLCK)",
    "a lease by the upper half": "call((72, 25), file, ctypes.c_long(5 << 32 | 1024), 0)",
    "a watch on a folder": "fcntl.fcntl(os.open('/course', os.O_RDONLY), 1026, 1)",
    "a lock": "fcntl.flock(file, fcntl.LOCK_EX)",
    "a lock of a range": "fcntl.lockf(file, fcntl.LOCK_SH)",
    "a lock of an open file": "fcntl.fcntl(file, 37, bytes(32))",
    "inotify": "assert libc.inotify_init() >= 0",
    "a large pipe": "fcntl.fcntl(3, 1031, 1 << 20)",
    "a signal on a pipe": "fcntl.fcntl(3, 10, signal.SIGSTOP)",
    "any pipe": "os.pipe()",
    "signals": "os.kill(os.getpid(), 0)",
    "signals to itself": "signal.raise_signal(signal.SIGURG)",
    "a timer with a signal": "call((222, 107), 1, 0, ctypes.byref(ctypes.c_int()))",
    "a timer on a file": "assert libc.timerfd_create(1, 0) >= 0",
    "epoll": "select.epoll()",
    "an event": "assert libc.eventfd(0, 0) >= 0",
    "pages put out": "mmap.mmap(file, 4096, prot=1).madvise(21)",
    "pages looked at": "call((27, 232), 0, 0, 0)",
    "advice on a file": "os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)",
    "readahead": "call((187, 213), file, 0, 1)",
    "a processor of its choice": "os.sched_setaffinity(0, os.sched_getaffinity(0))",
    "a priority": "os.nice(1)",
    "a priority of the disk": "call((251, 30), 1, 0, 3 << 13)",
    "another way of scheduling": "call((144, 119), 0, 5, ctypes.byref(ctypes.c_int(0)))",
    "its parameters": "call((142, 118), 0, ctypes.byref(ctypes.c_int(0)))",
    "its attributes": "call((314, 274), 0, (ctypes.c_int * 12)(48), 0)",
    "a handle of a process": "call((434, 434), os.getpid(), 0)",
    "limits of another": "resource.prlimit(1, resource.RLIMIT_CORE)",
    "its death's signal": "assert libc.prctl(1, 0, 0, 0, 0) == 0",
    "a slower clock": "assert libc.prctl(29, 100, 0, 0, 0) == 0",
    "children of others": "assert libc.prctl(36, 1, 0, 0, 0) == 0",
    "a new session": "assert libc.personality(0xFFFFFFFF) >= 0",
}  # fmt: skip


def tried(hold: str) -> str:
    attempt = f"try:\n    {HOLDS[hold]}\n    found = 'held'"
    return f"{CALL}\n{attempt}\nexcept BaseException as error:\n    found = repr(error)"


@pytest.mark.parametrize("hold", HOLDS)
def test_no_hold(hold: str, monkeypatch) -> None:
    if "lease" in hold and not OWN:
        pytest.skip(LEASE)
    assert found_by(tried(hold)) != "held"
    monkeypatch.setattr(seccomp, "program", lambda threads: PASS_ALL)
    assert found_by(tried(hold)) == "held"


UNKNOWN = {  # what newer kernels have, or only root may do: the filter does not even ask
    "listmount": 458, "statmount": 457, "open_tree": 428, "move_mount": 429, "fsopen": 430,
    "mount_setattr": 442, "landlock_create_ruleset": 444, "process_madvise": 440,
    "process_mrelease": 448, "futex_waitv": 449, "pidfd_send_signal": 424, "io_uring_setup": 425,
    "memfd_secret": 447, "quotactl_fd": 443, "cachestat": 451, "lsm_list_modules": 461,
    "map_shadow_stack": 453, "fchmodat2": 452,
}  # fmt: skip


@pytest.mark.parametrize("name", UNKNOWN)
def test_no_new_call(name: str) -> None:
    """The numbers are the same on both machines since 2019."""
    code = f"{CALL}\nlibc.syscall({UNKNOWN[name]}, -1, 0, 0, 0, 0, 0)\nfound = ctypes.get_errno()"
    assert found_by(code) == 38  # as if the kernel had none
